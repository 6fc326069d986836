"""What a page of the folder without a server is given besides the pad's and the map's own messages."""

from __future__ import annotations

from typing import TypedDict


class CodesMessage(TypedDict):
    """Codes of the M encoded faces: `url` gives float16 [M, D]."""

    url: str
    points: int  # M


class SpreadMessage(TypedDict):
    """How wide each face's posterior is: `url` gives uint8 codes [M, D]; the log variance is low + code * step."""

    url: str
    low: str  # base64 of float32 [D]
    step: str  # base64 of float32 [D]


class SamplerMessage(TypedDict):
    """A mixture of K normal distributions; `url` gives float32 a component: mean [D], then a factor of the covariance.

    The factor is its diagonal [D], or its lower triangle row by row. Without an address it is N(0, I). The learned
    prior has no components. What moves held-out faces a little has their rows there, and behind them, where there is no
    spread, standard deviations [D].
    """

    key: str
    name: str
    explanation: str
    quality: str
    weights: list[float]  # K
    url: str | None
    triangular: bool


class PriorMessage(TypedDict):
    """The learned prior: `url` gives the checkpoint's prior.safetensors as it is."""

    url: str
    attributes: list[str]  # that it was told of, in the order of its network
    offered: dict[str, str]  # those that people can ask for, and what they are called
    guidance: float  # that it learnt best with
    steps: int
    blocks: int


class FaceMessage(TypedDict):
    """What *Your face* is given besides; without an encoder that page says why it cannot encode."""

    encoder: str | None  # its address
    side: int  # of the picture that it sees, in pixels
    corrected: bool  # whether the app corrects its codes, which a browser does not
    detector: list[str]  # addresses of its three networks


class MorphMessage(TypedDict):
    """Image numbers of faces that *Morph* begins with."""

    pair: list[int]  # for an analogy, or none
    others: list[int]


class SiteMessage(TypedDict):
    """What belongs to the model and not to a point; `identity` and `weights` are beginnings of hashes."""

    model: str
    decoder: str  # its address
    dimensions: int
    identity: str
    weights: str  # as links name them
    sha256: str
    lastCelebA: int  # the image number up to which faces are CelebA's
    targets: str  # base64 of float32 [T, D]: where the pad's morphs lead to, in their order
    before: str  # name of the morph to the point that the visitor comes from
    noise: str | None  # base64 of float32 [N, D]: the pad's draws at a width of 1
    spread: SpreadMessage | None
    zeros: dict[str, float]  # by direction: where faces without the attribute lie, in units of the vector's length
    axes: list[str]  # keys of directions that links may hold though no bank here has them
    codes: CodesMessage
    samplers: list[SamplerMessage]
    prior: PriorMessage | None
    words: dict[str, str]
