"""What the time-lapse is given, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class FrameMessage(TypedDict):
    """A picture and what is said under it."""

    src: str
    words: str


class FilmMessage(TypedDict):
    """The pictures, at least one, all of one size in pixels."""

    base: str
    frames: list[FrameMessage]
    width: int
    height: int
    label: str
