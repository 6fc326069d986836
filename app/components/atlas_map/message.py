"""What the map and Python say to each other, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import Literal, TypedDict


class RegionMessage(TypedDict):
    """A name on the map; `NamedPlace` has the meaning."""

    name: str
    x: float
    y: float


class SourceMessage(TypedDict):
    """Sizes and addresses of the arrays; `AtlasSource` has the meaning."""

    points: int
    dimensions: int
    attributes: int
    xy: str
    latents: str
    image: str
    partition: str
    scores: str


class AttributeMessage(TypedDict):
    """Present against absent; `AttributeColouring` has the meaning."""

    kind: Literal["attribute"]
    name: str
    column: int
    source: Literal["classifier", "labels"]
    url: str | None


class ValuesMessage(TypedDict):
    """A number for each point; `ValueColouring` has the meaning."""

    kind: Literal["values"]
    name: str
    url: str
    low: str
    high: str
    centred: bool


class KindsMessage(TypedDict):
    """One of a few words for each point; `KindsColouring` has the meaning."""

    kind: Literal["kinds"]
    name: str
    url: str
    words: list[str]


class PlainMessage(TypedDict):
    """A colouring that needs nothing but its name."""

    kind: Literal["density", "partition"]


class RowPoint(TypedDict):
    """The current point is a row of the atlas."""

    id: str
    row: int


class LatentPoint(TypedDict):
    """The current point lies elsewhere: its latent, D numbers."""

    id: str
    z: list[float]


class PlacedPoint(TypedDict):
    """A latent, D numbers, and its place among its neighbours, so that it needs no latents of others in the browser."""

    z: list[float]
    x: float
    y: float


class FilterColumn(TypedDict):
    """An attribute that the map can be filtered by: its own name, the plain one, its column of the scores."""

    of: str
    name: str
    column: int


class QuantityMessage(TypedDict):
    """A number or a word for each face; `Quantity` has the meaning."""

    of: str
    name: str
    url: str
    low: float
    high: float
    words: list[str]


class FilterMessage(TypedDict):
    """What the map can be filtered by; `Filters` has the meaning."""

    columns: list[FilterColumn]
    quantities: list[QuantityMessage]
    distance: str
    asked: str
    text: str


class PicturesMessage(TypedDict):
    """A picture for each face; `Pictures` has the meaning."""

    url: str
    bytes: int
    ends: str
    count: int


class MapMessage(TypedDict):
    """What the map draws."""

    base: str
    plotly: str
    key: str
    model: str
    modelName: str
    height: int
    decoderUrl: str | None
    pictures: PicturesMessage | None
    source: SourceMessage
    colouring: AttributeMessage | KindsMessage | ValuesMessage | PlainMessage
    point: RowPoint | LatentPoint | None
    placed: PlacedPoint | None
    regions: list[RegionMessage] | None
    filters: FilterMessage | None
    vectors: bool


class SelectedMessage(TypedDict):
    """What was lassoed and passes the filter: base64 of one bit a row, lowest bit first, how many rows the map has, and
    the filter as text, and the newest `asked` that the browser knows of.
    """

    points: int
    rows: str
    filter: str
    asked: str
