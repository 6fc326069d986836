"""What the measuring classifier sees in many pictures, gathered batch by batch: features, and patterns of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from evaluation.similarity import look
from evaluation.spectrum import Spectrum
from models.classifier import AttributeClassifier, pooled


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen in N pictures.

    Attributes:
        features: float32 [N, F], of each whole picture at the classifier's size.
        windows: float32 [W, F], of windows of the classifier's size cut from the pictures as they are, so that blur and
            grids are seen that shrinking hides; None where pictures are no larger than a window.
        power: mean power [S, S].
    """

    features: NDArray[np.float32]
    windows: NDArray[np.float32] | None
    power: NDArray[np.float64]


class Viewer:
    """Gathers `Seen`."""

    def __init__(self, classifier: AttributeClassifier, image_size: int, most_cut: int) -> None:
        """Start empty.

        Args:
            classifier: the measuring one.
            image_size: S, of the pictures.
            most_cut: windows are cut from so many pictures, the first ones; four windows take several times as long
                as the whole picture.
        """
        self._classifier, self._left = classifier, most_cut if image_size > classifier.config.image_size else 0
        self._spectrum = Spectrum(image_size)
        self._features: list[Tensor] = []
        self._windows: list[Tensor] = []

    def add(self, x: Tensor, maps: list[Tensor] | None = None) -> None:
        """Look at pictures float32 [N, 3, S, S] in [0, 1]; `maps` are those of `look`, if they are there already."""
        self._features.append(pooled(look(self._classifier, x) if maps is None else maps))
        self._spectrum.add(x)
        if self._left:
            cut = windows(x[: self._left], self._classifier.config.image_size)
            self._windows.append(pooled(self._classifier.maps(cut)))
            self._left = max(0, self._left - len(x))

    def seen(self) -> Seen:
        """All that was seen."""
        cut = torch.cat(self._windows).numpy() if self._windows else None
        return Seen(torch.cat(self._features).numpy(), cut, self._spectrum.power())


def windows(x: Tensor, side: int) -> Tensor:
    """Pictures [N, 3, S, S] as windows side by side, from the top left corner: [N * (S // side)^2, 3, side, side]."""
    cut = x.unfold(2, side, side).unfold(3, side, side)  # [N, 3, rows, columns, side, side]
    return cut.permute(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1], side, side)
