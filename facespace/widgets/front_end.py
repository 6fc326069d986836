"""The app's own modules for the browser, made ready for a page that has no server of ours.

They are read as files: a widget has no address of its own from which one module could find the next. So each module is
given the addresses of those it asks for by the browser itself (`widget.mjs`), which is why they come in an order in
which every module stands behind those that it needs.
"""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache

from models import SHIPPED

CLONE = SHIPPED.parent
COMPONENTS = CLONE / "app" / "components"
FETCHED = CLONE / "frontend" / "served"
RUNTIME = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
PLOTLY = "plotly-gl2d.min.js"
_IMPORTED = re.compile(r"""^((?:import|export)\b[^;"']*)["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
_ADDRESSED = re.compile(r"""(new URL\()["'](\.{1,2}/[^"']+)["'], import\.meta\.url\)""")


class FrontEndError(OSError):
    """The browser's files are not there; the message says what to do."""


@lru_cache
def linked(entry: str) -> bytes:
    """A module and all that it needs, as JSON: [name, text] each, in an order in which each follows what it needs.

    Args:
        entry: the module's path below the components, such as "latent_pad/latent_pad.mjs".

    Returns:
        In the texts, `facespace:NAME` takes the place of every relative address.
    """
    texts: dict[str, str] = {}
    _add(entry, texts, ())
    return json.dumps(list(texts.items())).encode()


@lru_cache
def fetched(name: str) -> bytes:
    """A library for the browser, packed by gzip.

    Raises:
        FrontEndError: it was not fetched yet.
    """
    packed = FETCHED / f"{name}.gz"
    if packed.is_file():
        return packed.read_bytes()
    if not (FETCHED / name).is_file():
        raise FrontEndError(
            f"The browser's files are not installed ({name} is missing). Run once, in {CLONE}: "
            "python -m app.server.frontend_files"
        )
    return gzip.compress((FETCHED / name).read_bytes(), mtime=0)


@lru_cache
def style(component: str) -> str:
    """A component's style sheet."""
    return (COMPONENTS / component / f"{component}.css").read_text(encoding="utf-8")


@lru_cache
def markup(component: str) -> str:
    """A component's HTML, or nothing where its module makes it."""
    path = COMPONENTS / component / f"{component}.html"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@lru_cache
def themes() -> Mapping[str, str]:
    """The app's colours, "light" and "dark", as lines of CSS; .streamlit/config.toml states them."""
    import tomllib

    stated = tomllib.loads((CLONE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    return {name: " ".join(f"--st-{_dashed(key)}: {value};" for key, value in stated[name].items()) for name in THEMES}


THEMES = ("light", "dark")


def _dashed(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def _add(name: str, texts: dict[str, str], asking: tuple[str, ...]) -> None:
    """Put a module behind all that it needs.

    Raises:
        FrontEndError: modules need each other in a circle, which no order satisfies.
    """
    if name in texts or name.startswith("vendor/"):
        return
    if name in asking:
        raise FrontEndError(f"modules need each other in a circle: {' -> '.join((*asking, name))}.")

    def whole(path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))

    text = (COMPONENTS / name).read_text(encoding="utf-8")
    needed = [whole(path) for pattern in (_IMPORTED, _ADDRESSED) for _, path in pattern.findall(text)]
    for other in needed:
        _add(other, texts, (*asking, name))
    text = _IMPORTED.sub(lambda found: f'{found[1]}"facespace:{whole(found[2])}"', text)
    texts[name] = _ADDRESSED.sub(lambda found: f'{found[1]}"facespace:{whole(found[2])}")', text)
