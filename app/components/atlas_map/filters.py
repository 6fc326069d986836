"""What the faces of the map can be filtered by, and the filter that the browser writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.components.atlas_map.message import FilterMessage

LONGEST_FILTER = 2000


@dataclass(frozen=True)
class Filters:
    """What faces can be filtered by, besides the part of the data.

    Attributes:
        names: plain name of each attribute, by its own.
        columns: of the scores, by the same.
        distance: address of uint8 [M]: how many of 100 held-out faces lie nearer to the average face.
        text: the filter to begin with, as the browser writes it.
        asked: a new value has the browser take over `text`; under the same one the hand decides.
    """

    names: Mapping[str, str]
    columns: Mapping[str, int]
    distance: str
    text: str = ""
    asked: str = ""


def filter_text(said: Any) -> str | None:
    """The filter from the browser, which a link may hold: one line of at most 2,000 characters."""
    text = said.get("filter") if isinstance(said, dict) else None
    return text if isinstance(text, str) and len(text) <= LONGEST_FILTER and text.isprintable() else None


def filter_message(filters: Filters) -> FilterMessage:
    """What the browser is told of it."""
    return {
        "columns": [{"of": of, "name": name, "column": filters.columns[of]} for of, name in filters.names.items()],
        "distance": filters.distance,
        "text": filters.text,
        "asked": filters.asked,
    }
