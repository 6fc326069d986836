"""The browser's code of elements that stand on most pages, which Streamlit loads only when the first of each arrives.

Until then an element has no size, so whatever stands below it jumps. And React 18 shows what it puts in the place of
those that are missing, and then waits for up to half a second before it shows any of them (`FALLBACK_THROTTLE_MS`). The
page's head names their code, so it is there sooner, and it is run before the first of them arrives.

Relies on: each kind is a module `static/js/KIND.HASH.js` that names at its beginning the modules it imports, and the
page names those that it loads at once.
"""

from __future__ import annotations

import re
from functools import cache

from app.streamlit_internals.page_html import PAGE

KINDS = (
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "Checkbox",
    "DownloadButton",
    "Html",
    "ImageList",
    "Radio",
    "Selectbox",
)
CHART = "PlotlyChart"  # the largest of all, several megabytes; pages with charts alone want it
LATEX = "rehype-katex"  # what sets formulas
REACT = ("emotion-is-prop-valid.esm", "r")  # the module that has React, and the function in it that gives it
FOLDER = "./static/js/"  # as the page itself has it
SCRIPTS = PAGE.parent / "static" / "js"
IMPORTED = re.compile(rb"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")
BEGINNING = 16_000  # bytes: the largest has millions, and the first visitor would wait until they are read


@cache
def first_modules(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses, relative to the page's folder, of the modules that draw some kinds, without what these import."""
    return tuple(FOLDER + path.name for kind in kinds for path in sorted(SCRIPTS.glob(f"{kind}.*.js")))


def named_by_the_page() -> tuple[str, ...]:
    """Scripts and styles that Streamlit's page loads at once, by their paths below `static/`."""
    return tuple(re.findall(r"static/((?:js|css)/[\w.-]+\.(?:js|css))", PAGE.read_text(encoding="utf-8")))


def react() -> str:
    """Address of the module that has React, relative to the page's folder, "#", and what gives it there."""
    return "#".join([*first_modules((REACT[0],))[:1], REACT[1]])


@cache
def element_modules(kinds: tuple[str, ...] = KINDS) -> tuple[str, ...]:
    """Addresses, relative to the page's folder, of some kinds and of what they import that the page does not name."""
    waiting = [address.removeprefix(FOLDER) for address in first_modules(kinds)]
    known = {name.removeprefix("js/") for name in named_by_the_page()}
    found = []
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        found.append(name)
        with (SCRIPTS / name).open("rb") as script:
            waiting += [one.decode() for one in IMPORTED.findall(script.read(BEGINNING))]
    return tuple(FOLDER + name for name in sorted(found))
