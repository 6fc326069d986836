"""What a chapter shows for each value of its controls, worked out beforehand as differences from where it begins."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.static_site.lesson.control import Control
from app.static_site.lesson.parts import Part, changes

MOST = 30
"""Combinations of controls that change the same things; where there are more, each control moves the others back."""
Setting = tuple[tuple[str, int], ...]
"""Places of the values of controls that are away from their start, by their keys and in their order."""


@dataclass
class Group:
    """Controls that change the same parts of a page.

    Attributes:
        controls: by their keys.
        states: for each setting what to put in place of which part, by its name: HTML.
    """

    controls: dict[str, Control] = field(default_factory=dict)
    states: dict[Setting, dict[str, Part]] = field(default_factory=dict)

    @property
    def places(self) -> set[str]:
        """Names of the parts that its states change."""
        return {at for state in self.states.values() for at in state}

    def facts(self, whole: Mapping[str, Part]) -> dict[str, Any]:
        """For the browser, with each piece of HTML once.

        Args:
            whole: the parts of the page as it begins, by their names.
        """
        pieces: dict[str, int] = {}

        def places(parts: Mapping[str, Part]) -> dict[str, int]:
            return {at: pieces.setdefault(part.html, len(pieces)) for at, part in parts.items()}

        begin = places({at: whole[at] for at in sorted(self.places)})
        states = {
            ";".join(f"{key}={place}" for key, place in name): places(state) for name, state in self.states.items()
        }
        starts = {key: control.start for key, control in self.controls.items()}
        return {"controls": starts, "begin": begin, "states": states, "pieces": list(pieces)}


def groups(begin: Part, drawn: Callable[[Mapping[str, Any]], Part]) -> list[Group]:
    """The groups of a chapter's controls.

    Args:
        begin: the chapter as it begins, with names.
        drawn: the chapter with controls at other values, by their keys.
    """
    controls = {part.control.key: part.control for part in begin.controls() if part.control is not None}
    apart = [_alone(begin, control, drawn) for control in controls.values()]
    joined = _joined([group for group in apart if group.places], begin)
    for group in joined:
        _together(begin, group, drawn)
    return joined


def _alone(begin: Part, control: Control, drawn: Callable[[Mapping[str, Any]], Part]) -> Group:
    """One control at each of its values, and what first appears with it at each of theirs."""
    group = Group({control.key: control})
    known = {part.control.key for part in begin.controls() if part.control is not None}
    for place in _others(control):
        setting = ((control.key, place),)
        there = drawn(_values(group, setting))
        group.states[setting] = changes(begin, there)
        for part in there.controls():
            new = part.control
            if new is None or new.key in known:
                continue
            group.controls[new.key] = new
            for other in _others(new):
                both = (*setting, (new.key, other))
                group.states[both] = changes(begin, drawn(_values(group, both)))
    return group


def _others(control: Control) -> Iterator[int]:
    return (place for place in range(len(control.said)) if place != control.start)


def _values(group: Group, setting: Setting) -> dict[str, Any]:
    return {key: group.controls[key].values[place] for key, place in setting}


def _joined(apart: list[Group], begin: Part) -> list[Group]:
    """Groups none of which changes what another one changes, nor another one's control."""
    where = {part.control.key: part.at for part in begin.controls() if part.control is not None}
    found: list[Group] = []
    for group in apart:
        alike = [one for one in found if _touch(one, group, where)]
        whole = Group()
        for one in (*alike, group):
            whole.controls |= one.controls
            whole.states |= one.states
        found = [*(one for one in found if one not in alike), whole]
    return found


def _touch(one: Group, other: Group, where: Mapping[str, str]) -> bool:
    places = [group.places | {where[key] for key in group.controls if key in where} for group in (one, other)]
    return any(_within(a, b) or _within(b, a) for a in places[0] for b in places[1])


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}.")


def _together(begin: Part, group: Group, drawn: Callable[[Mapping[str, Any]], Part]) -> None:
    """Each combination of a group's controls, where that is not too much."""
    alone = {setting[0][0] for setting in group.states if len(setting) == 1}
    first = [control for key, control in group.controls.items() if key in alone]
    if len(first) < 2 or math.prod(len(control.said) for control in first) > MOST:
        return
    for places in itertools.product(*(range(len(control.said)) for control in first)):
        setting = tuple(
            (control.key, place) for control, place in zip(first, places, strict=True) if place != control.start
        )
        if len(setting) > 1:
            group.states[setting] = changes(begin, drawn(_values(group, setting)))
