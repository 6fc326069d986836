"""A control of a chapter on a page of files: what it can be set to, and what it looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from app.static_site.lesson.words import attribute, inline


@dataclass(frozen=True)
class Control:
    """A control.

    Attributes:
        key: its name.
        kind: "choice", "slider", "toggle" or "seed".
        label: Markdown.
        said: what people read of each value.
        values: of the session's state.
        start: the place of the value that it begins with.
        help: a sentence for whoever points at it.
    """

    key: str
    kind: str
    label: str
    said: tuple[str, ...]
    values: tuple[Any, ...] = field(compare=False)
    start: int = field(compare=False)
    help: str = field(compare=False)


def control_of(facts: dict[str, Any]) -> Control:
    """What `FileStage` handed over."""
    return Control(
        key=facts["control"],
        kind=facts["kind"],
        label=facts["label"],
        said=tuple(facts["said"]),
        values=tuple(facts["values"]),
        start=facts["start"],
        help=facts["help"],
    )


def control_html(control: Control) -> str:
    """Its HTML, within a `div` of the class `stElementContainer`."""
    head = f'data-control="{attribute(control.key)}" data-start="{control.start}" data-count="{len(control.said)}"'
    if control.help:
        head += f' title="{attribute(control.help)}"'
    return _KINDS[control.kind](control, head)


def _choice(control: Control, head: str) -> str:
    options = "".join(
        f'<label><input type="radio" name="{attribute(control.key)}" value="{i}"{" checked" * (i == control.start)}>'
        f"<span>{inline(said)}</span></label>"
        for i, said in enumerate(control.said)
    )
    label = attribute(control.label)
    return (
        f'<div class="stButtonGroup" {head}><p class="label">{inline(control.label)}</p>'
        f'<div role="radiogroup" aria-label="{label}">{options}</div></div>'
    )


def _slider(control: Control, head: str) -> str:
    said = attribute(json.dumps(control.said))
    return (
        f'<div class="stSlider" {head} data-said="{said}"><label><span class="label">{inline(control.label)}: '
        f"<output>{inline(control.said[control.start])}</output></span>"
        f'<input type="range" min="0" max="{len(control.said) - 1}" step="1" value="{control.start}"'
        f' aria-valuetext="{attribute(control.said[control.start])}"></label></div>'
    )


def _toggle(control: Control, head: str) -> str:
    checked = " checked" * (control.start == 1)
    return (
        f'<div class="stCheckbox" {head}><label><input type="checkbox" role="switch"{checked}> '
        f"<span>{inline(control.label)}</span></label></div>"
    )


def _seed(control: Control, head: str) -> str:
    return f'<div class="stButton" {head}><button type="button">{inline(control.label)}</button></div>'


_KINDS = {"choice": _choice, "slider": _slider, "toggle": _toggle, "seed": _seed}
