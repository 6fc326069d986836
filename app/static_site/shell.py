"""The page around what each page of the folder shows: head, names of the pages, foot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from app.drawing.theme import theme_colours
from app.server.published import frontend_base, page_files
from app.texts import N_, _, language
from app.texts.catalogue import texts_for_modules

HERE = Path(__file__).parent
CONTENTS = "lesson.html"
PAGES = {
    "index.html": N_("Explore"),
    "generate.html": N_("Generate"),
    "edit.html": N_("Edit"),
    "morph.html": N_("Morph"),
    "your_face.html": N_("Your face"),
    CONTENTS: N_("Lesson"),
}
SOON = ("decoding/", "page/", "latent_pad/")
"""Modules that the first face needs, which the page names before they ask for each other."""
NAMED = re.compile(r"""["'](\.{1,2}/[\w./-]+\.(?:mjs|wasm))["']""")


@dataclass(frozen=True)
class Page:
    """A page of the folder.

    Attributes:
        name: of its file.
        title: what it is called, in the reader's language.
        main: HTML.
        entry: the module that it begins with, below the front-end base.
        messages: JSON that it is given, by name.
        under: name of the page in the head that it belongs to.
        shelf: whether it has one.
        styles: its further style sheets, below the front-end base.
    """

    name: str
    title: str
    main: str
    entry: str
    messages: Mapping[str, str]
    under: str
    shelf: bool = True
    styles: Sequence[str] = ()


def shell(page: Page, here: str, pages: Mapping[str, str]) -> str:
    """The page's HTML.

    Args:
        page: the page.
        here: HTML of what its foot says of the folder.
        pages: those in the head, by the names of their files, in English.
    """
    base = frontend_base()
    soon = [one for one in modules(page.entry) if one.startswith(SOON) and one.endswith(".mjs")]
    links = (f'<a href="{to}"{_current(to == page.under)}>{_(title)}</a>' for to, title in pages.items())
    name_of_shelf = _("Shelf")
    styles = ("site/site.css", "atlas_map/atlas_map.css", *page.styles)
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        page=page.title,
        language=language(),
        pages_label=_("Pages"),
        no_script=_("This page needs JavaScript, which is switched off in this browser."),
        pages="".join(links),
        main=page.main,
        entry=page.entry,
        base=base,
        light=theme_colours("light"),
        dark=theme_colours("dark"),
        styles="\n".join(f'<link rel="stylesheet" href="{base}/{one}">' for one in styles),
        preloads="\n".join(f'<link rel="modulepreload" href="{base}/{one}">' for one in soon),
        messages=texts_for_modules(language())
        + "\n".join(
            f'<script type="application/json" id="facespace-{key}">{text}</script>'
            for key, text in page.messages.items()
        ),
        here=here,
        shelf=f'<details id="shelf"><summary>{name_of_shelf}</summary></details>' if page.shelf else "",
        licence=_("Licence of the weights: for research and teaching only"),
    )


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def modules(*entries: str) -> list[str]:
    """The page files that modules need, themselves among them, by their names below the front-end base."""
    files, found, waiting = page_files(), set(), list(entries)
    while waiting:
        name = waiting.pop()
        if name in found or name not in files:
            continue
        found.add(name)
        if name.startswith("vendor/"):
            continue
        folder = Path(name).parent
        for other in NAMED.findall(files[name].read_text(encoding="utf-8")):
            waiting.append(_tidy(folder / other))
    return sorted(found)


def _tidy(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
