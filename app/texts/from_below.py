"""What the rooms below the app call things, in the reader's language: banks and sliders, hints, steps of work.

Those rooms know no catalogue, and what they say is also what `facespace` prints. So their texts are looked up here,
whole or by the pattern that they were made by; what matches none, such as a visitor's own name for a direction, stays.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from app.texts import N_, _

WHOLE = (
    N_("Dimensions"), N_("Principal components"), N_("Attributes"), N_("Morphs"), N_("Posterior noise"), N_("Noise"),
    N_("Average face"), N_("without"), N_("with"), N_("sd"),
    N_("Expression"), N_("Things worn"), N_("Hair"), N_("Beard"), N_("Face"), N_("Picture"), N_("Others"),
    N_("Through noise"), N_("Length of the noise"), N_("shorter"), N_("longer"),
)  # fmt: skip
"""Looked up as they are, like the names of attributes."""
PATTERNS = (
    N_("Dimension {number}"), N_("Component {number}"), N_("Draw {number}"), N_("Face {number}"),
    N_("Other noise {number}"), N_("Towards {name}"),
    N_("KL {number} nats"), N_("{share} of the variance"), N_("seed {number}"),
    N_("Encoding with {name}"), N_("Encoding faces decoded by {name}"), N_("Mapping {number} faces"),
)  # fmt: skip
SENTENCES = (
    N_("{share} of the faces have it."),
    N_(
        "Of two held-out faces, one with it and one without, this direction ranks the right one higher in {auc} of the "
        "cases (its AUC; 50 % is a guess)."
    ),
    N_("Of held-out faces without it, 50 % at {half} and 90 % at {most} read as having it."),
    N_("Of held-out faces without it, 50 % at {half} read as having it."),
    N_("Of held-out faces without it, 90 % at {most} read as having it."),
)
"""Of which hints are made, with a space between them."""


def told(text: str) -> str:
    """A text from below in the reader's language; itself where it is none of those.

    Args:
        text: such as "Dimension 17", "Attributes" or "12% of the faces have it."
    """
    return " ".join(_(template).format(**values) for template, values in _taken_apart(text))


@lru_cache(maxsize=4096)
def _taken_apart(text: str) -> list[tuple[str, dict[str, str]]]:
    """The texts of the catalogue that it is made of, each with what stands in its holes."""
    for template in PATTERNS:
        if found := _pattern(template).fullmatch(text):
            return [(template, found.groupdict())]
    parts, rest = [], text
    while found := next((found for one in SENTENCES if (found := _pattern(one).match(rest))), None):
        template = next(one for one in SENTENCES if _pattern(one) is found.re)
        parts.append((template, found.groupdict()))
        rest = rest[found.end() :].lstrip()
    return parts if parts and not rest else [(text.replace("{", "{{").replace("}", "}}"), {})]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a text looks like that was made by a template: one word in each hole, any in that of a name."""
    pattern = re.escape(template).replace(r"\{name\}", "(?P<name>.+)")
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+?)", pattern))
