"""The browser's code of elements that stand on most pages, which Streamlit loads only when the first of each arrives.

Until then an element has no size, so whatever stands below it jumps. The page's head names it, so it is there sooner.

Relies on: each kind is a module `static/js/KIND.HASH.js` that names the modules it imports, and the page names those
that it loads at once.
"""

from __future__ import annotations

import re
from functools import cache

from app.streamlit_internals.page_html import PAGE

KINDS = ("BidiComponent", "Button", "Html", "Selectbox")
FOLDER = "./static/js/"  # as the page itself has it
IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


@cache
def element_modules() -> tuple[str, ...]:
    """Addresses, relative to the page's folder, of these kinds and of what they import that the page does not name."""
    scripts = PAGE.parent / "static" / "js"
    waiting = [path.name for kind in KINDS for path in scripts.glob(f"{kind}.*.js")]
    known = set(re.findall(r"static/js/([\w.-]+\.js)", PAGE.read_text(encoding="utf-8")))
    found = []
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        found.append(name)
        waiting += IMPORTED.findall((scripts / name).read_text(encoding="utf-8"))
    return tuple(FOLDER + name for name in sorted(found))
