"""What a page hands to the pad, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from latent.directions import Bank, Direction

SHOWN = 12
"""Sliders of a bank, at first."""


@dataclass(frozen=True)
class PadState:
    """What the hand left.

    Attributes:
        bank: key of the bank on screen.
        weights: direction key -> weight, of all banks, only where a slider is away from its start.
        vivid: where the hand just moved the slider from faithful (0) to vivid (1), if it is news.
        turn: whether Undo or Redo was pressed where the point has nothing to undo or redo: it asks for another point.
    """

    bank: str
    weights: dict[str, float]
    vivid: float | None = None
    turn: Literal["", "back", "forward"] = ""


@dataclass(frozen=True, eq=False)
class Plausibility:
    """What the gauge needs to place a point among held-out faces. One object for a model: its message is kept by it.

    Attributes:
        mean: float32 [D], of the aggregate posterior.
        precision: float32 [D, D], the inverse of its covariance.
        percentiles: float32 [101], squared distances of held-out faces, 0 % to 100 %.
        prior: whether to compare z's length with the prior N(0, I) too (a VAE).
    """

    mean: NDArray[np.float32]
    precision: NDArray[np.float32]
    percentiles: NDArray[np.float32]
    prior: bool = False


@dataclass(frozen=True)
class Readings:
    """Linear probes that read attributes off the point while it moves, as bars.

    Attributes:
        names: R plain names.
        notes: R sentences, such as how far to trust each.
        weights: float32 [R, D]; the log odds are z @ weights[r] + bias[r].
        bias: float32 [R].
    """

    names: tuple[str, ...]
    notes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class PadModel:
    """What turns the pad's points into pictures, and judges them.

    Attributes:
        name: the checkpoint's name; a topic `point:<name>` on the page carries each new point.
        decoder_url: address of the checkpoint's decoder.onnx, or None if it has none.
        on_server: latent [D] to uint8 [S, S, 3]; used only where the browser cannot decode.
        plausibility: shows the gauge.
        blend_url: address of what the browser blends into it to draw more faithfully; None for no slider.
        vivid: where that slider stands, from 0 (faithful) to 1 (vivid).
    """

    name: str
    decoder_url: str | None
    on_server: Callable[[NDArray[np.float32]], NDArray[np.uint8]] | None = None
    plausibility: Plausibility | None = None
    blend_url: str | None = None
    vivid: float = 1.0


@dataclass(frozen=True, eq=False)
class PadPoint:
    """Where the sliders start from.

    Attributes:
        id: names the point. Under a new name the sliders start anew; under the same, they stay as they are.
        z: float [D].
        provenance: facts that a saved picture carries, JSON-ready; its weights and its latent are added.
        beside: (address, label) of a picture to show next to the face, such as the original.
        back, forward: whether Undo and Redo lead to other points where this one has nothing to undo or redo.
    """

    id: str
    z: NDArray[np.floating]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[str, str] | None = None
    back: bool = False
    forward: bool = False


@dataclass(frozen=True)
class PadSliders:
    """The ways from the point.

    Attributes:
        banks: weights of all banks add up, whichever is on screen.
        start: where a new point's sliders stand at first, and the bank that it shows; the one on screen if "".
        shown: how many sliders of a bank are shown at first.
        group: pads of one group move their sliders together; such a pad is narrow.
        play: whether a button moves the first slider to its high end by itself.
        greet: key of the slider that moves once by itself on a browser's first visit; "" for none.
        lasting: keys of the banks that are the model's and not the point's: browsers and the server keep large ones.
    """

    banks: Sequence[Bank]
    start: PadState = PadState("", {})
    shown: int = SHOWN
    group: str | None = None
    play: bool = False
    greet: str = ""
    lasting: frozenset[str] = frozenset()

    def by_key(self) -> dict[str, Direction]:
        """Every direction of every bank."""
        return {direction.key: direction for bank in self.banks for direction in bank.directions}

    def bank(self, wanted: str) -> str:
        """Key of the wanted bank, or of the first one where there is no such bank; "" where there is none."""
        keys = [bank.key for bank in self.banks]
        return wanted if wanted in keys else next(iter(keys), "")


@dataclass(frozen=True)
class PadInput:
    """Everything that a pad is given.

    Attributes:
        key: the pad's name, unique in the app. The same key on a later visit finds the same state.
        model: what decodes.
        point: where the sliders start from.
        sliders: the ways from there.
        readings: shows bars that follow the point.
        bent: for ways that bend each other: the point, and the ways from it, where the sliders stand at these weights.
            It is asked again each time the hand lets go.
    """

    key: str
    model: PadModel
    point: PadPoint
    sliders: PadSliders
    readings: Readings | None = None
    bent: Callable[[Mapping[str, float]], tuple[NDArray[np.floating], Sequence[Bank]]] | None = None


def combine(
    z: NDArray[np.float32], directions: Mapping[str, Direction], weights: Mapping[str, float]
) -> NDArray[np.float32]:
    """The point plus the weighted sum of all directions: float32 [D], as the browser works it out."""
    total = z.astype(np.float64)
    for key, direction in directions.items():
        total = total + direction.offset(weights.get(key, direction.start))
    return total.astype(np.float32)
