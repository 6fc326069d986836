"""What the latent pad and Python say to each other, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class MarkMessage(TypedDict):
    """A place on a slider, and how many of the held-out faces read as having the attribute from there on."""

    at: float
    share: str


class DirectionMessage(TypedDict):
    """A slider; `latent.directions.Direction` has the meaning. Its vector lies among those of its bank."""

    key: str
    name: str
    low: float
    high: float
    step: float
    unit: str
    note: str
    start: float
    origin: float
    hint: str
    ends: list[str]  # two
    unused: bool
    path: str | None  # base64 of float32 [P, D]
    marks: list[MarkMessage]
    group: str


class BankMessage(TypedDict):
    """A bank: its K vectors are float32 [K, D], in base64 where they are small, else under an address."""

    key: str
    name: str
    vectors: str | None
    vectorsUrl: str | None
    directions: list[DirectionMessage]


class GaugeMessage(TypedDict):
    """The plausibility gauge: `url` gives float32 mean [D], precision [D, D] and percentiles [101] in one file."""

    url: str
    prior: bool


class ReadingsMessage(TypedDict):
    """Linear probes: `url` gives float32 weights [R, D] and bias [R] in one file."""

    url: str
    names: list[str]
    notes: list[str]


class BesideMessage(TypedDict):
    """A picture next to the face."""

    url: str
    label: str


class PadContent(TypedDict):
    """What can be fetched before there is a point. `z` is base64 of float32 [D]."""

    base: str
    decoderUrl: str | None
    blendUrl: str | None
    z: str
    dimensions: int
    banks: list[BankMessage]
    gauge: GaugeMessage | None


class PadAhead(PadContent):
    """A pad without a point: its place is hidden."""

    ahead: Literal[True]


class PadMessage(PadContent):
    """A pad at a point. Under another signature the browser builds the sliders anew; `pointId` names the visit.

    `rest` is base64 of float32 [D]: the point with every slider at rest, where ways bend each other and begin at `z`
    as the sliders stand; else null.
    """

    id: str
    model: str
    pointId: str
    readings: ReadingsMessage | None
    group: str | None
    play: bool
    greet: str
    signature: str
    rest: str | None
    weights: dict[str, float]
    bank: str
    count: int
    picture: str | None
    server: bool  # whether a server draws the face where the browser cannot
    provenance: dict[str, Any]
    beside: BesideMessage | None
    vivid: float
    back: bool  # whether Undo leads to another point where this one has nothing to undo
    forward: bool  # the same of Redo


class PadCommit(TypedDict):
    """What the browser says when the hand lets go; `point` is the visit, weights only where a slider is away.

    `vivid` is how vividly faces are drawn, from 0 to 1; null where there is no choice.
    """

    model: str
    point: str
    bank: str
    weights: dict[str, float]
    vivid: float | None


class PadTurn(TypedDict):
    """What the browser says where Undo or Redo asks for another point; `point` is the visit."""

    point: str
    to: Literal["back", "forward"]
