"""Door: `python -m app.texts.catalogue` brings each language's `.po` up to date and says what is yet to be translated.

Texts are found by Babel in Python and in the browser's modules, and in the components' HTML, where each text between
tags, and each title, label and alternative text, is one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from app.paths import ROOT
from app.texts import HERE, LANGUAGES, SOURCE

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
QUOTED = r'"(?:[^"\\\n]|\\.)*"'
CALL = re.compile(rf"(?<![\w.])(?:_\(\s*({QUOTED})|ngettext\(\s*({QUOTED}),\s*({QUOTED}))")
"""A text in a module: one string in double quotes. Babel's own parser misses those in templates between quotes."""
SUFFIXES = (".py", ".mjs", ".html")
READ_ALOUD = ("title", "aria-label", "alt", "placeholder")
FOLDER = ROOT / "app"
LOADER = "app/components/__init__.py"
"""Python that holds a script of the browser's."""


class _Texts(HTMLParser):
    """The texts of a piece of HTML, each with its line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(self.getpos()[0], value) for name, value in attrs if name in READ_ALOUD and _is_text(value)]

    def handle_data(self, data: str) -> None:
        if _is_text(data):
            self.found.append((self.getpos()[0], " ".join(data.split())))


def _is_text(data: str | None) -> TypeGuard[str]:
    """Whether somebody reads it: it has letters, and Python puts nothing into it."""
    return data is not None and any(map(str.isalpha, data)) and "$" not in data


def extract() -> Catalog:
    """Every text of the app, with where it stands (by file: lines would change with every edit)."""
    found = Catalog(charset="utf-8", header_comment="")
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in SUFFIXES:
            where = path.relative_to(ROOT).as_posix()
            for text, comments in _texts_of(path):
                found.add(text, locations=[(where, 0)], auto_comments=comments)
    return found


def _texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    if path.suffix == ".html":
        parser = _Texts()
        parser.feed(path.read_text(encoding="utf-8"))
        yield from ((text, []) for _line, text in parser.found)
    elif path.suffix == ".mjs":
        for call in CALL.finditer(path.read_text(encoding="utf-8")):
            texts = tuple(json.loads(text) for text in call.groups() if text)
            yield (texts[0] if len(texts) == 1 else texts), []
    else:
        for _line, text, comments, _context in extract_from_file("python", path, KEYWORDS, ("Translators:",)):
            yield text, comments


@cache
def browsers_texts(spoken: str) -> dict[str, str | list[str]]:
    """What the browser's modules and HTML say, in a language: by the English text; its forms for one and for more."""
    if spoken == SOURCE:
        return {}
    texts: dict[str, str | list[str]] = {}
    for message in read(spoken):
        if message.id and message.string and any(map(_is_for_browsers, (name for name, _line in message.locations))):
            forms = _forms(message)
            texts[_key(message)] = forms[0] if isinstance(message.id, str) else list(forms)
    return texts


def _is_for_browsers(name: str) -> bool:
    return Path(name).suffix != ".py" or name == LOADER


def texts_for_modules(spoken: str) -> str:
    """These texts as HTML for a page's head, where `components/page/texts.mjs` finds them; none for English."""
    if spoken == SOURCE:
        return ""
    known = json.dumps({"language": spoken, "texts": browsers_texts(spoken)}, ensure_ascii=False)
    content = known.replace("<", "\\u003c")
    return f'<script type="application/json" id="facespace-texts">{content}</script>\n'


def read(spoken: str) -> Catalog:
    """A language's catalogue as it lies there, empty where there is none."""
    path = HERE / f"{spoken}.po"
    if not path.is_file():
        return Catalog(locale=spoken)
    with path.open("rb") as file:
        return read_po(file, locale=spoken)


def missing(catalogue: Catalog) -> list[Message]:
    """The texts that have no translation, or one that was only guessed."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(_forms(message)))]


def _forms(message: Message) -> tuple[str, ...]:
    return (
        tuple(form or "" for form in message.string)
        if isinstance(message.string, (tuple, list))
        else (message.string or "",)
    )


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main() -> int:
    """Bring every `.po` up to date; 1 where something is yet to be translated."""
    template, waiting = extract(), 0
    for spoken in LANGUAGES:
        if spoken == SOURCE:
            continue
        catalogue = read(spoken)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with (HERE / f"{spoken}.po").open("wb") as file:
            write_po(file, catalogue, width=116, omit_header=True, ignore_obsolete=True)  # a header has a date: churn
        for message in missing(catalogue):
            waiting += 1
            print(f"{spoken}: {', '.join(sorted({name for name, _line in message.locations}))}: {message.id}")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
