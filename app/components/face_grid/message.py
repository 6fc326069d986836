"""What the grid of faces is given, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class GridMessage(TypedDict):
    """What the grid shows; it answers with the number of the face that was clicked."""

    base: str
    sheet: str
    columns: int
    names: list[str]
    label: str
    chosen: int | None
