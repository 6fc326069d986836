"""What `page_top` tells the browser, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class PlaceMessage(TypedDict):
    """The page or chapter on screen."""

    base: str
    place: str
