"""What the photo's marks and Python say to each other, as JSON. `message.d.ts` says the same to the browser."""

from __future__ import annotations

from typing import TypedDict


class MarksMessage(TypedDict):
    """The photo and what was found in it; `face_marks` has the meaning. All places are in pixels of the photo."""

    base: str
    photo: str
    name: str
    picture: str
    size: list[int]
    faces: list[list[float]]
    chosen: int | None
    marks: list[list[float]]
    placing: bool
    byHand: bool


class MovedMarks(TypedDict):
    """Where the hand left the three marks."""

    photo: str
    places: list[list[float]]
