"""What the faces of the map can be filtered by, and the filter that the browser writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.components.atlas_map.colourings import publish_array
from app.components.atlas_map.message import FilterMessage

LONGEST_FILTER = 2000
HIGHEST, UNKNOWN = 254, 255  # of the bytes of numbers
MOST_WORDS = 100


@dataclass(frozen=True)
class Quantity:
    """A number or a word for each face; make it with `numbers` or `kinds`.

    Attributes:
        of: names it in links, such as "own:age".
        name: to be read by people.
        url: address of uint8 [M]: a number's place between `low` (0) and `high` (254), or a word's among `words`; 255
            where nothing is known.
        low, high: the smallest and the largest number.
        words: the different words; none for numbers.
    """

    of: str
    name: str
    url: str
    low: float = 0.0
    high: float = 0.0
    words: tuple[str, ...] = ()


def numbers(of: str, name: str, values: NDArray[np.floating], among: NDArray[np.floating] | None = None) -> Quantity:
    """A number for each face.

    Args:
        of, name: as in `Quantity`.
        values: [M]; what is not finite counts as unknown.
        among: those that say what is lowest and highest, such as all of a table, so that a link means the same on the
            map of another model; the values themselves if not given.
    """
    known, all_of_them = np.isfinite(values), values if among is None else among
    finite = all_of_them[np.isfinite(all_of_them)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    places = np.where(known, (values - low) / ((high - low) or 1.0), 0.0)
    codes = np.where(known, np.round(HIGHEST * places), UNKNOWN)
    return Quantity(of, name, publish_array(codes, "u1", "numbers.u8"), low, high)


def kinds(of: str, name: str, places: NDArray[np.integer], words: Sequence[str]) -> Quantity:
    """A word for each face.

    Args:
        of, name: as in `Quantity`.
        places: [M], each one's place among the words; -1 where it is unknown.
        words: 100 at most, since a link names one by two digits.

    Raises:
        ValueError: there are more words.
    """
    if len(words) > MOST_WORDS:
        raise ValueError(f"{name} has {len(words)} different words; a filter offers {MOST_WORDS} at most.")
    codes = np.where(places < 0, UNKNOWN, places)
    return Quantity(of, name, publish_array(codes, "u1", "kinds.u8"), words=tuple(words))


@dataclass(frozen=True)
class Filters:
    """What faces can be filtered by, besides the part of the data.

    Attributes:
        names: plain name of each attribute, by its own.
        columns: of the scores, by the same.
        distance: address of uint8 [M]: how many of 100 held-out faces lie nearer to the average face; "" where neither
            that nor the part of the data is known.
        text: the filter to begin with, as the browser writes it.
        asked: a new value has the browser take over `text`; under the same one the hand decides.
        quantities: what else is known of the faces.
    """

    names: Mapping[str, str]
    columns: Mapping[str, int]
    distance: str
    text: str = ""
    asked: str = ""
    quantities: Sequence[Quantity] = ()


def filter_text(said: Any) -> str | None:
    """The filter from the browser, which a link may hold: one line of at most 2,000 characters."""
    text = said.get("filter") if isinstance(said, dict) else None
    return text if isinstance(text, str) and len(text) <= LONGEST_FILTER and text.isprintable() else None


def is_behind(said: Any, filters: Filters) -> bool:
    """Whether the browser said this before it heard of the filter that a link, or Back, asks for now."""
    return isinstance(said, dict) and said.get("asked") != filters.asked


def filter_message(filters: Filters) -> FilterMessage:
    """What the browser is told of it."""
    return {
        "columns": [{"of": of, "name": name, "column": filters.columns[of]} for of, name in filters.names.items()],
        "quantities": [
            {"of": one.of, "name": one.name, "url": one.url, "low": one.low, "high": one.high, "words": list(one.words)}
            for one in filters.quantities
        ],
        "distance": filters.distance,
        "text": filters.text,
        "asked": filters.asked,
    }
