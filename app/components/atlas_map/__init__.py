"""The map of faces: Plotly's WebGL scatter as a component of our own.

Python chooses the colours and gets clicks and selections; hovering, the marker that follows a slider, zooming and
recolouring happen in the browser. The arrays go there once, as files under addresses with a content hash.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components import loader
from app.server.published import publish_bytes

SPREAD = (2, 98)
"""Percentiles of the values at which the colour ramp ends; a few far ones must not wash out the rest."""

_mount = st.components.v2.component(
    "facespace.atlas_map",
    css=(Path(__file__).parent / "atlas_map.css").read_text(encoding="utf-8"),
    js=loader("atlas_map/atlas_map.mjs"),
    isolate_styles=False,  # Plotly's own style sheet lies in the page's head, which a shadow root does not see
)


@dataclass(frozen=True)
class AtlasSource:
    """Where the browser gets an atlas: addresses of raw little-endian arrays of M points.

    Attributes:
        points: M.
        dimensions: D, columns of the latents.
        attributes: A, columns of the scores.
        xy: float32 [M, 2].
        latents: float16 [M, D].
        image: int32 [M], image numbers.
        partition: uint8 [M]: 0 train, 1 valid, 2 test, 255 none.
        scores: uint8 [M, A], probability times 255.
    """

    points: int
    dimensions: int
    attributes: int
    xy: str
    latents: str
    image: str
    partition: str
    scores: str


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
class DensityColouring:
    """How many points lie nearby on the map, in nine classes of equal size."""


@dataclass(frozen=True)
class PartitionColouring:
    """Training, validation and test part."""


Colouring = AttributeColouring | ValueColouring | DensityColouring | PartitionColouring
KINDS: dict[type, str] = {
    AttributeColouring: "attribute",
    ValueColouring: "values",
    DensityColouring: "density",
    PartitionColouring: "partition",
}


@dataclass(frozen=True)
class MapEvent:
    """What the hand just did on the map; both are None in a run that has another cause.

    Attributes:
        clicked: row of the point that was clicked or taken by the keyboard.
        selected: int64 [n], ascending rows of the points inside the box or lasso; empty when the selection was cleared.
    """

    clicked: int | None = None
    selected: NDArray[np.int64] | None = None


def publish_atlas(
    *,
    xy: NDArray[np.float32],
    mu: NDArray[np.float16],
    image: NDArray[np.int32],
    partition: NDArray[np.uint8],
    scores: NDArray[np.uint8],
) -> AtlasSource:
    """Make an atlas' arrays (as in `latent.atlas.Atlas`) available to browsers. Idempotent; worth caching.

    Raises:
        ValueError: the arrays do not have the same number of rows.
    """
    rows = {len(array) for array in (xy, mu, image, partition, scores)}
    if len(rows) != 1:
        raise ValueError(f"the arrays of an atlas must have equally many rows, not {sorted(rows)}.")
    return AtlasSource(
        points=len(xy),
        dimensions=mu.shape[1],
        attributes=scores.shape[1],
        xy=_publish(xy, "<f4", "xy.f32"),
        latents=_publish(mu, "<f2", "latents.f16"),
        image=_publish(image, "<i4", "image.i32"),
        partition=_publish(partition, "u1", "partition.u8"),
        scores=_publish(scores, "u1", "scores.u8"),
    )


def label_colouring(name: str, labels: NDArray[Any]) -> AttributeColouring:
    """Colours by true labels.

    Args:
        name: plain name of the attribute.
        labels: [M], 1 or True present, 0, -1 or False absent; NaN where a picture has no label.
    """
    values = np.asarray(labels, np.float32)
    codes = np.where(np.isnan(values), 255, np.where(values > 0, 1, 0))
    return AttributeColouring(name, -1, "labels", _publish(codes, "u1", "labels.u8"))


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
    ends = [f"{end:.3g} {unit}".strip().replace("-", "\N{MINUS SIGN}") for end in (low, high)]
    return ValueColouring(name, _publish(codes, "u1", "values.u8"), ends[0], ends[1], centre is not None)


def atlas_map(
    *,
    key: str,
    model: str,
    source: AtlasSource,
    colouring: Colouring,
    base_url: str,
    decoder_url: str | None,
    model_name: str | None = None,
    current_row: int | None = None,
    current_z: NDArray[np.floating] | None = None,
    height: int = 560,
) -> MapEvent:
    """Draw the map. Call it with the same `key` for every model, so that zoom and selection stay.

    Args:
        key: of this map on the page.
        model: names the bus topic `point:<model>` on which the pad tells where the point is.
        source: the arrays, see `publish_atlas`.
        colouring: what the colours say; a change recolours in place.
        base_url: `app.server.published.frontend_base()`.
        decoder_url: address of the model's decoder.onnx; None shows no faces on hover.
        model_name: how the model is called in text; `model` if not given.
        current_row: the row at which the marker stands, if the current point is a point of the atlas.
        current_z: [D], the current point otherwise; it is placed among its nearest neighbours.
        height: of the plot in CSS pixels; a narrow page makes it less.

    Returns:
        The click or the selection that caused this run, if one did.
    """
    data = {
        "base": base_url,
        "plotly": f"{base_url}/vendor/plotly.min.js",
        "key": key,
        "model": model,
        "modelName": model_name or model,
        "height": height,
        "decoderUrl": decoder_url,
        "source": asdict(source),
        "colouring": {"kind": KINDS[type(colouring)], **asdict(colouring)},
        "point": _point(current_row, current_z),
    }
    result = _mount(key=key, data=data, on_clicked_change=_ignore, on_selected_change=_ignore)
    return MapEvent(_clicked(result.clicked, source.points), unpack_rows(result.selected, source.points))


def unpack_rows(value: Any, points: int) -> NDArray[np.int64] | None:
    """Rows from the browser's `{points, rows}`, where rows is base64 of one bit a row, lowest bit first.

    Returns:
        int64 [n] ascending, or None for no selection or for one made on a map of another size.
    """
    if not isinstance(value, dict) or value.get("points") != points:
        return None
    try:
        bits = np.frombuffer(base64.b64decode(str(value.get("rows", ""))), np.uint8)
    except ValueError:
        return None
    if len(bits) != (points + 7) // 8:
        return None
    return np.flatnonzero(np.unpackbits(bits, count=points, bitorder="little"))


def _clicked(value: Any, points: int) -> int | None:
    """The row from the browser; None for a row that the map, changed meanwhile, does not have."""
    return value if isinstance(value, int) and 0 <= value < points else None


def _point(row: int | None, z: NDArray[np.floating] | None) -> dict[str, Any] | None:
    if row is not None:
        return {"id": f"row {row}", "row": int(row)}
    if z is None:
        return None
    values = [float(value) for value in np.asarray(z, np.float32)]
    return {"id": f"z {hash(tuple(values))}", "z": values}


def _publish(array: NDArray[Any], dtype: str, name: str) -> str:
    return publish_bytes(np.ascontiguousarray(array, np.dtype(dtype)).tobytes(), name)


def _ignore() -> None:
    """Streamlit fills in a result's field only where it has a callback."""
