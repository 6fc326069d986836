"""What a chapter's page is made of: a tree of pieces of HTML, two of which can be told apart piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from html import escape
from typing import Any

from app.static_site.lesson.control import Control, control_html

COVERED, OPEN = "covered", "open"
"""What the answer to a question lets appear, and what goes then."""


@dataclass(frozen=True)
class Part:
    """A piece of a page.

    Attributes:
        before: HTML that begins with the tag of a `div`.
        after: what closes it.
        children: between them.
        control: what the visitor sets here, in place of children.
        at: names it on its page; empty where it has no name.
        flag: `COVERED`, `OPEN` or nothing.
    """

    before: str
    after: str = "</div>"
    children: tuple[Part, ...] = ()
    control: Control | None = None
    at: str = field(default="", compare=False)
    flag: str = field(default="", compare=False)

    @cached_property
    def html(self) -> str:
        """The whole of it."""
        inside = "".join(child.html for child in self.children)
        if self.control is not None:
            inside = control_html(self.control)
        marks = f' data-at="{self.at}"' if self.at else ""
        if self.flag:
            marks += f' data-when="{self.flag}"' + (" hidden" if self.flag == COVERED else "")
        return f"<div{marks}{self.before.removeprefix('<div')}{inside}{self.after}"

    @cached_property
    def look(self) -> tuple[Any, ...]:
        """What makes it the same as another one."""
        return self.before, self.after, self.control, tuple(child.look for child in self.children)

    def controls(self) -> Iterator[Part]:
        """Those of its parts, itself among them, that the visitor sets."""
        if self.control is not None:
            yield self
        for child in self.children:
            yield from child.controls()


def leaf(inside: str, classes: str = "stElementContainer", attributes: str = "") -> Part:
    """A part that no other one stands in."""
    return Part(f'<div class="{escape(classes)}"{attributes}>{inside}')


def numbered(part: Part, at: str = "0") -> Part:
    """The same with names, each of which begins with that of what it stands in."""
    children = tuple(numbered(child, f"{at}.{i}") for i, child in enumerate(part.children))
    return replace(part, at=at, children=children)


def changes(here: Part, there: Part) -> dict[str, Part]:
    """What has to be put in place of which part, by its name, to make one of the other; the smallest pieces.

    Args:
        here: with names.
        there: without; what is returned has names.
    """
    if here.look == there.look:
        return {}
    alike = here.before == there.before and len(here.children) == len(there.children) > 0
    if not alike:
        return {here.at: numbered(there, here.at)}
    found: dict[str, Part] = {}
    for one, other in zip(here.children, there.children, strict=True):
        found |= changes(one, other)
    return found


def covered(open_: Part, settled: Part) -> Part:
    """Both in one: what the answer of the question brings is there and hidden, and what it takes is marked.

    Args:
        open_: as long as the question is open.
        settled: with names.
    """
    if open_.look == settled.look:
        return settled
    looks = [[hash(child.look) for child in part.children] for part in (open_, settled)]
    children: list[Part] = []
    for kind, i, j, k, m in SequenceMatcher(a=looks[0], b=looks[1], autojunk=False).get_opcodes():
        if kind == "equal":
            children += settled.children[k:m]
            continue
        pairs = list(zip(open_.children[i:j], settled.children[k:m], strict=False))
        if j - i == m - k and all(one.before == other.before and one.children for one, other in pairs):
            children += [covered(one, other) for one, other in pairs]
            continue
        children += [replace(child, flag=OPEN) for child in open_.children[i:j]]
        children += [replace(child, flag=COVERED) for child in settled.children[k:m]]
    return replace(settled, children=tuple(children))
