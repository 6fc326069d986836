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
REFUSALS = (
    N_("{name} holds {kind} of shape {shape}; save an array [N, D] of numbers, a row for each of two or more vectors."),
    N_("{name} has a number that is not finite in row {row}; leave such rows out."),
    N_("Rows in {name}: {rows}, vectors: {count}. Bring a table with a row for each, in the same order."),
    N_("{name} holds Python objects, which are not opened here; save the numbers alone by numpy.save."),
    N_("{name} is damaged, or no array; save the vectors again by numpy.save."),
    N_("{name} holds several arrays; save that of the vectors alone by numpy.save."),
    N_("{name} is damaged, or no table; save it again."),
    N_("{name} has words in its column {column}; leave only numbers there."),
    N_("{name} has lists in its column {column} that are not equally many numbers each; make them so."),
    N_(
        "{name} has {count} columns of lists; bring the vectors as columns of numbers called z0, z1 and so on, or as "
        "one column of lists."
    ),
    N_(
        "{name} has only {columns}; bring the vectors as columns of numbers called z0, z1 and so on, or as one column "
        "of lists."
    ),
    N_("Pictures: {number}, vectors: {count}. Each needs its own."),
    N_("Pictures are uint8 [N, S, S, 3]; the array holds {kind} {columns}."),
    N_("{name} is no picture, or it is damaged."),
    N_("The array of pictures is damaged. Save it again by numpy.save."),
    N_("The archive of pictures is damaged or locked. Pack it again."),
    N_("{number} vectors at most can have pictures here, not {count}. Bring fewer."),
)
"""Why vectors that were brought are not taken."""
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
    for template in (*PATTERNS, *REFUSALS):
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
    """What a text looks like that was made by a template: one word in each hole, any in those of names."""
    pattern = re.sub(r"\\\{(name|columns?)\\\}", r"(?P<\1>.+)", re.escape(template))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+?)", pattern))
