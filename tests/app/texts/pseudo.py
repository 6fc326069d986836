"""A language that nobody speaks: each text of the catalogue stands in brackets; what does not was never looked up."""

from __future__ import annotations

import gettext
import html
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element, Node

from app import texts

OPEN, CLOSE = "⟦", "⟧"
LABELS = ("label", "help", "placeholder", "body", "value", "caption", "text")
"""Where a protobuf of Streamlit's has what a reader sees."""
AROUND = (("expandable", "label"), ("popover", "label"), ("popover", "help"), ("dialog", "title"), ("tab", "label"))
"""The same of what holds others."""
TAG = re.compile(r"<(style|script|svg|code)\b.*?</\1>|<[^>]+>", re.DOTALL)
MARKUP = re.compile(r":material/\w+:|\]\([^)]*\)|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|&\w+;|%\{[^}]*\}", re.DOTALL)
SPOKEN = re.compile(r' (?:alt|title|aria-label)="([^"]*)"')
IN_CHARTS = ("text", "name", "hovertemplate", "ticktext", "x", "y")
"""Where a chart has what a reader sees; in the last two only words count, not numbers."""
IN_PARTS = (
    "name", "names", "title", "label", "words", "hint", "note", "notes", "unit", "ends", "share", "noise", "face",
)  # fmt: skip
"""Where the browser's parts are given what they show."""
WORD = re.compile(r"[A-Za-z]{3,}")


class Pseudo(gettext.NullTranslations):
    """Puts each text into brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app speaks the language of brackets, which no cache takes for English."""
    monkeypatch.setattr(texts, "SOURCE", "brackets")
    monkeypatch.setattr(texts, "translations", lambda spoken: Pseudo())


def untranslated(app: AppTest, names: Iterable[str] = ()) -> list[str]:
    """What a page shows that is not from the catalogue: texts with a word outside of brackets.

    Args:
        app: a page that has run in the language of brackets.
        names: words that are the same in every language, such as names of models.
    """
    allowed = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names) or r"\Z(?!)")
    return [text for text in _shown(app._tree) if is_untranslated(text, allowed)]


def is_untranslated(text: str, allowed: re.Pattern[str] = re.compile(r"\Z(?!)")) -> bool:
    """Whether a text has a word outside of brackets that is not allowed."""
    return bool(WORD.search(allowed.sub("", _outside(text))))


def _outside(text: str) -> str:
    """What stands outside of every bracket, without markup."""
    kept, depth = "", 0
    for letter in TAG.sub(" ", text):
        depth += letter == OPEN
        kept += " " if depth else letter
        depth -= letter == CLOSE
    return MARKUP.sub(" ", kept)


def _shown(node: Node) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if isinstance(node, Element) and node.type in ("component_instance", "imgs"):
        return
    if isinstance(node, Element) and node.type == "bidi_component":
        yield from _written_in(json.loads(node.proto.json or "{}"), IN_PARTS)
        return
    if isinstance(node, Element) and node.type == "plotly_chart":
        yield from _written_in(json.loads(node.proto.spec), IN_CHARTS)
        return
    if isinstance(node, Element) and node.type in ("table", "arrow_table", "arrow_data_frame"):
        yield from map(str, node.value.columns)
        yield from (str(cell) for cell in node.value.to_numpy().ravel() if isinstance(cell, str))
        return
    for name in LABELS:
        found = getattr(proto, name, None)
        if isinstance(found, str):
            yield found
            yield from map(html.unescape, SPOKEN.findall(found))
    for option in getattr(proto, "options", ()):
        yield option if isinstance(option, str) else getattr(option, "content", "")
    if isinstance(node, Block):
        for holder, name in AROUND if proto is not None else ():
            yield getattr(getattr(proto, holder, None), name, "")
        for child in node.children.values():
            yield from _shown(child)


def _written_in(part: Any, names: Collection[str], name: str = "") -> Iterator[str]:
    """The texts under some names in the JSON of a chart or of a part of the browser's."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _written_in(value, names, key)
    elif isinstance(part, list):
        for value in part:
            yield from _written_in(value, names, name)
    elif isinstance(part, str) and name in names:
        yield part.replace("<extra></extra>", "")
