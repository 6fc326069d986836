"""What the presenter's bar and Python say to each other, as JSON. `message.d.ts` says the same to the browser."""

from __future__ import annotations

from typing import TypedDict


class BarMessage(TypedDict):
    """The chapter on screen; `presenter_bar` has the meaning."""

    base: str
    prefix: str
    chapter: str
    title: str
    step: int
    turn: int
    tall: int
    first: bool
    last: bool


class ShownStep(TypedDict):
    """Where the presenter is, and how many CSS pixels high the window is."""

    chapter: str
    turn: int
    step: int
    tall: int
