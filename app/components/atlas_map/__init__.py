"""The map of faces: Plotly's WebGL scatter as a component of our own.

Python chooses the colours and gets clicks and selections; hovering, the marker that follows a slider, zooming and
recolouring happen in the browser. The arrays go there once, as files under addresses with a content hash.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.components import component
from app.components.atlas_map.colourings import (
    AttributeColouring,
    Colouring,
    DensityColouring,
    KindsColouring,
    PartitionColouring,
    ValueColouring,
    colouring_message,
    kinds_colouring,
    label_colouring,
    publish_array,
    value_colouring,
)
from app.components.atlas_map.filters import Filters, filter_message, filter_text, is_behind
from app.components.atlas_map.message import MapMessage, RegionMessage, SourceMessage
from app.components.atlas_map.pictures import Pictures, pictures_message, publish_pictures
from app.components.atlas_map.points import Current, placed_message, point_message
from app.server.frontend_files import PLOTLY
from app.server.published import frontend_base

__all__ = [
    "AtlasSource", "AttributeColouring", "Colouring", "Current", "DensityColouring", "Filters", "KindsColouring",
    "MapEvent", "MapModel", "NamedPlace", "PartitionColouring", "Pictures", "ValueColouring", "atlas_map",
    "kinds_colouring", "label_colouring", "map_message", "publish_atlas", "publish_pictures", "unpack_rows",
    "value_colouring",
]  # fmt: skip

HEIGHT = 560  # of the plot, in CSS pixels

_mount = component(
    "atlas_map",
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
        scores: uint8 [A, M], probability times 255: those of an attribute together, so that one can be had by itself.
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
class MapModel:
    """Whose map it is.

    Attributes:
        name: names the topic `point:<name>` on which the pad tells where the point is.
        title: how the model is called in text.
        decoder_url: address of the model's decoder.onnx; None shows no faces on hover.
        pictures: what to show in place of decoded faces.
        vectors: whether its points are rows of vectors that were brought, of which none becomes the current face.
    """

    name: str
    title: str
    decoder_url: str | None
    pictures: Pictures | None = None
    vectors: bool = False


@dataclass(frozen=True)
class NamedPlace:
    """A name that stands on the map.

    Attributes:
        name: to be read by people.
        x, y: its place, in the map's units.
    """

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class MapEvent:
    """What the hand just did on the map; all are None in a run that has another cause.

    Attributes:
        clicked: row of the point that was clicked or taken by the keyboard.
        selected: int64 [n], ascending rows of the points inside the box or lasso that pass the filter; empty when
            nothing is selected any more.
        filter: the filter as text, "" for none.
    """

    clicked: int | None = None
    selected: NDArray[np.int64] | None = None
    filter: str | None = None


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
        xy=publish_array(xy, "<f4", "xy.f32"),
        latents=publish_array(mu, "<f2", "latents.f16"),
        image=publish_array(image, "<i4", "image.i32"),
        partition=publish_array(partition, "u1", "partition.u8"),
        scores=publish_array(scores.T, "u1", "scores.u8"),
    )


def atlas_map(
    *,
    key: str,
    model: MapModel,
    source: AtlasSource,
    colouring: Colouring,
    current: int | NDArray[np.floating] | Current | None = None,
    regions: Sequence[NamedPlace] | None = None,
    filters: Filters | None = None,
    height: int = HEIGHT,
) -> MapEvent:
    """Draw the map. Call it with the same `key` for every model, so that zoom and selection stay.

    Args:
        key: of this map on the page.
        model: whose map it is.
        source: the arrays, see `publish_atlas`.
        colouring: what the colours say; a change recolours in place.
        current: where the marker stands: a row of the atlas, or any latent [D], which the browser places among its
            nearest neighbours if it was not placed already; None for no marker.
        regions: names on the map, the clearest first; with them come faces in place of some dots, which can be switched
            off. None: dots alone.
        filters: what the faces can be filtered by; None for no filter.
        height: of the plot in CSS pixels; a narrow page makes it less.

    Returns:
        The click or the selection that caused this run, if one did.
    """
    data = map_message(
        key=key,
        model=model,
        source=source,
        colouring=colouring,
        current=current,
        regions=regions,
        filters=filters,
        height=height,
    )
    result = _mount(key=key, data=data, on_clicked_change=_ignore, on_selected_change=_ignore)
    said = result.selected
    if filters is not None and is_behind(said, filters):
        said = None
    return MapEvent(_clicked(result.clicked, source.points), unpack_rows(said, source.points), filter_text(said))


def map_message(
    *,
    key: str,
    model: MapModel,
    source: AtlasSource,
    colouring: Colouring,
    current: int | NDArray[np.floating] | Current | None = None,
    regions: Sequence[NamedPlace] | None = None,
    filters: Filters | None = None,
    height: int = HEIGHT,
) -> MapMessage:
    """What `atlas_map` hands to the browser; the arguments are its own."""
    base = frontend_base()
    return {
        "base": base,
        "plotly": f"{base}/vendor/{PLOTLY}",
        "key": key,
        "model": model.name,
        "modelName": model.title,
        "height": height,
        "decoderUrl": model.decoder_url,
        "pictures": None if model.pictures is None else pictures_message(model.pictures),
        "source": _source(source),
        "colouring": colouring_message(colouring),
        "point": point_message(current),
        "placed": placed_message(current),
        "regions": None if regions is None else [_region(region) for region in regions],
        "filters": None if filters is None else filter_message(filters),
        "vectors": model.vectors,
    }


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


def _region(region: NamedPlace) -> RegionMessage:
    return {"name": region.name, "x": region.x, "y": region.y}


def _source(source: AtlasSource) -> SourceMessage:
    return {
        "points": source.points,
        "dimensions": source.dimensions,
        "attributes": source.attributes,
        "xy": source.xy,
        "latents": source.latents,
        "image": source.image,
        "partition": source.partition,
        "scores": source.scores,
    }


def _ignore() -> None:
    """Streamlit fills in a result's field only where it has a callback."""
