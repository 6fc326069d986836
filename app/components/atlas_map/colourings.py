"""What the colours of the map can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.components.atlas_map.message import AttributeMessage, KindsMessage, PlainMessage, ValuesMessage
from app.server.published import publish_bytes
from app.texts import numeral

MOST_KINDS = 8  # that have a colour each
SPREAD = (2, 98)
"""Percentiles of the values at which the colour ramp ends; a few far ones must not wash out the rest."""


@dataclass(frozen=True)
class AttributeColouring:
    """Present against absent, as the classifier reads it or as CelebA labels it.

    Attributes:
        name: plain name, such as "Eyeglasses".
        column: column of the scores that is used where there are no labels.
        source: who says so.
        url: labels as uint8 [M] (0 absent, 1 present, 255 not given), if `source` is "labels".
    """

    name: str
    column: int
    source: Literal["classifier", "labels"] = "classifier"
    url: str | None = None


@dataclass(frozen=True)
class ValueColouring:
    """A number for each point on a ramp of nine colours; make it with `value_colouring`.

    Attributes:
        name: what the number is, such as "Dimension 17".
        url: uint8 [M], 0 at `low` and 255 at `high`.
        low, high: the ends of the ramp in words, such as "-2.1 sd".
        centred: zero lies in the middle and gets the neutral colour.
    """

    name: str
    url: str
    low: str
    high: str
    centred: bool = False


@dataclass(frozen=True)
class KindsColouring:
    """A word for each point, a colour each; make it with `kinds_colouring`.

    Attributes:
        name: what the words are of.
        url: uint8 [M], the places among the words; more where a point has none of them.
        words: eight at most.
    """

    name: str
    url: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class DensityColouring:
    """How many points lie nearby on the map, in nine classes of equal size."""


@dataclass(frozen=True)
class PartitionColouring:
    """Training, validation and test part."""


Colouring = AttributeColouring | KindsColouring | ValueColouring | DensityColouring | PartitionColouring


def label_colouring(name: str, labels: NDArray[Any]) -> AttributeColouring:
    """Colours by true labels.

    Args:
        name: plain name of the attribute.
        labels: [M], 1 or True present, 0, -1 or False absent; NaN where a picture has no label.
    """
    values = np.asarray(labels, np.float32)
    codes = np.where(np.isnan(values), 255, np.where(values > 0, 1, 0))
    return AttributeColouring(name, -1, "labels", publish_array(codes, "u1", "labels.u8"))


def kinds_colouring(name: str, values: NDArray[Any]) -> KindsColouring:
    """Colours by a word for each point: the eight commonest have one each, all others one together."""
    words, places, counts = np.unique(np.asarray(values).astype(str), return_inverse=True, return_counts=True)
    common = np.argsort(-counts, kind="stable")[:MOST_KINDS]
    place_of = np.full(len(words), 255)
    place_of[common] = np.arange(len(common))
    url = publish_array(place_of[places], "u1", "kinds.u8")
    return KindsColouring(name, url, tuple(str(word) for word in words[common]))


def value_colouring(
    name: str, values: NDArray[np.floating], unit: str = "", centre: float | None = None
) -> ValueColouring:
    """Colours by a number for each point, such as its coordinate along a direction.

    Args:
        name: what the number is.
        values: [M], finite.
        unit: written behind the ends of the ramp.
        centre: the value that gets the neutral colour in the middle; None for a ramp from low to high.

    Raises:
        ValueError: a value is not finite.
    """
    values = np.asarray(values, np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"the values of {name} must all be finite to be shown as colours.")
    low, high = (float(end) for end in np.percentile(values, SPREAD))
    if centre is not None:
        reach = max(high - centre, centre - low)
        low, high = centre - reach, centre + reach
    width = (high - low) or 1.0
    codes = np.clip(np.round((values - low) / width * 255), 0, 255)
    ends = [f"{numeral(end, '.3g')} {unit}".strip() for end in (low, high)]
    return ValueColouring(name, publish_array(codes, "u1", "values.u8"), ends[0], ends[1], centre is not None)


def colouring_message(colouring: Colouring) -> AttributeMessage | KindsMessage | ValuesMessage | PlainMessage:
    """A colouring as the browser gets it."""
    match colouring:
        case AttributeColouring(name, column, source, url):
            return {"kind": "attribute", "name": name, "column": column, "source": source, "url": url}
        case KindsColouring(name, url, words):
            return {"kind": "kinds", "name": name, "url": url, "words": list(words)}
        case ValueColouring(name, url, low, high, centred):
            return {"kind": "values", "name": name, "url": url, "low": low, "high": high, "centred": centred}
        case DensityColouring():
            return {"kind": "density"}
        case PartitionColouring():
            return {"kind": "partition"}


def publish_array(array: NDArray[Any], dtype: str, name: str) -> str:
    """Serve an array as raw numbers of a type, such as "<f4", and return its address."""
    return publish_bytes(np.ascontiguousarray(array, np.dtype(dtype)).tobytes(), name)
