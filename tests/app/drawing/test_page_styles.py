"""What our style and our modules rely on of Streamlit's own page is there in the version that is installed."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
import streamlit

from app.drawing import lesson_styles, page_styles
from app.paths import COMPONENTS

STYLES = {name: style for name, style in {**vars(page_styles), **vars(lesson_styles)}.items() if name.isupper()}
OURS = "\n".join([*STYLES.values(), (COMPONENTS / "page" / "streamlit.mjs").read_text(encoding="utf-8")])
OWN_WORDS = (COMPONENTS / "page" / "own_words.mjs").read_text(encoding="utf-8")
NAMES = sorted(
    {
        *re.findall(r"\.(st[A-Z]\w+)", OURS),
        *re.findall(r'data-testid="?(st[A-Z]\w+)', OURS),
        *re.findall(r'"(st[A-Z]\w+)"', OURS),
    }
)
STATES = ["data-collapsed", "data-test-connection-state", "data-test-script-state", "stActiveTheme", "Connection error"]


@cache
def streamlit_page() -> str:
    """All of Streamlit's code for the browser."""
    folder = Path(streamlit.__file__).parent / "static"
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.js")))


def has(name: str) -> bool:
    """Whether a name stands in it as a whole word."""
    page, place = streamlit_page(), -1
    while (place := page.find(name, place + 1)) >= 0:  # a hundred times as fast as a look behind
        around = page[place - 1], page[place + len(name)]
        if not re.match(r"[\w-]", around[0]) and not re.match(r"\w", around[1]):
            return True
    return False


@pytest.mark.parametrize("name", [*NAMES, *STATES])
def test_streamlit_has_what_we_rely_on(name: str) -> None:
    assert has(name), f"Streamlit {version('streamlit')} has no {name}, on which page_styles.py or streamlit.mjs relies"


@pytest.mark.parametrize("words", re.findall(r'^  \["([^"]+)", _', OWN_WORDS, re.MULTILINE))
def test_streamlit_still_says_what_we_translate(words: str) -> None:
    assert words in streamlit_page(), f"Streamlit {version('streamlit')} no longer says this: see own_words.mjs"


def test_a_name_that_streamlit_does_not_have_would_be_found_out() -> None:
    assert len(NAMES) > 8
    assert not has("stMainBlock")


def test_every_place_that_our_style_names_is_on_some_page() -> None:
    named = sorted(set(re.findall(r"st-key-([\w-]+)", "\n".join(STYLES.values()))))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in COMPONENTS.parent.rglob("*.py"))
    pages = re.sub(r"st-key-[\w-]+", "", pages)
    written = {
        name: re.sub(r"[-_]", "[ _-]", re.sub(r"[-_]\d*$", "", name)) for name in named
    }  # "keep pad" is keep-pad
    lost = [name for name in named if not re.search(rf"\b{written[name]}", pages)]
    assert len(named) > 20
    assert lost == [], "page_styles.py reserves room for something that no page draws under this key"


def test_no_other_module_knows_names_of_streamlit_s_own() -> None:
    own = {COMPONENTS / "page" / "streamlit.mjs", Path(page_styles.__file__), Path(lesson_styles.__file__)}
    # The folder's chapters bear the names that Streamlit's would, so that the lesson's style sheet is theirs as well;
    # that Streamlit still has them, test_internals.py checks.
    own |= {COMPONENTS / "site" / "lesson.css", COMPONENTS.parent / "static_site" / "lesson" / "elements.py"}
    others = [
        path for path in COMPONENTS.parent.rglob("*") if path.suffix in {".py", ".mjs", ".css"} and path not in own
    ]
    rely = [path for path in others if re.search(r"\.st[A-Z]\w+ ?[{:>]|data-testid", path.read_text(encoding="utf-8"))]
    assert rely == [], (
        "put it into app/drawing/page_styles.py or app/components/page/streamlit.mjs, where it is checked"
    )
