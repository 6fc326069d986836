"""Whether a classifier's "80 %" comes true in 80 of 100 cases, and how to make it so."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

BINS = 15


def fit_platt(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Slope and intercept of each attribute that fit `slope * logits + intercept` to labels it was not trained on.

    A weak pull (one face's worth) towards the logits as they are keeps both numbers finite for an attribute that nobody
    has, or that is read without a fault.

    Args:
        logits: float32 [M, A].
        labels: [M, A], 0 or 1.

    Returns:
        Slope and intercept, float32 [A] each.

    Source: Platt 1999, "Probabilistic outputs for support vector machines"; Guo et al. 2017 for networks.
    """
    x, y = logits.detach().double(), labels.double()
    slope, intercept = torch.ones(x.shape[1], dtype=torch.float64), torch.zeros(x.shape[1], dtype=torch.float64)
    slope.requires_grad_(), intercept.requires_grad_()
    optimiser = torch.optim.LBFGS(
        [slope, intercept], max_iter=200, tolerance_grad=1e-9, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        odds = x * slope + intercept
        pull = 0.5 * ((slope - 1).square() + intercept.square()).sum()
        of_the_faces = binary_cross_entropy_with_logits(odds, y, reduction="none").sum()
        total: Tensor = (of_the_faces + pull) / len(x)
        total.backward()
        return total

    with torch.enable_grad():
        optimiser.step(loss)
    return slope.detach().float(), intercept.detach().float()


def expected_calibration_error(
    probabilities: NDArray[np.floating], present: NDArray[np.integer] | NDArray[np.bool_], bins: int = BINS
) -> float:
    """Mean distance between what is promised and what comes true, over equally wide bins of the probability.

    Args:
        probabilities: [M] in [0, 1].
        present: [M], 0 or 1.
        bins: how many; each counts by its number of faces.

    Returns:
        A share in [0, 1], 0 for perfect calibration; NaN without faces.

    Source: Guo et al. 2017, "On calibration of modern neural networks", equation 3.
    """
    if not len(probabilities):
        return math.nan
    p = probabilities.astype(np.float64)
    which = np.clip((p * bins).astype(int), 0, bins - 1)
    promised, true = np.bincount(which, p, bins), np.bincount(which, present, bins)
    return float(np.abs(promised - true).sum() / len(p))
