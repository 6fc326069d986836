"""The shortest change of a code that makes a classifier read an attribute otherwise in the decoded face."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.classifier import AttributeClassifier, fit_size
from models.latent_model import LatentModel

STEPS = 60
LONGEST = 0.5  # of one step, in standard deviations: farther away the slope is another one
BEYOND = 0.02  # the boundary, in log odds: an approach from one side would never cross it
PULLED = 0.4  # the share of the useless part that is taken back at once
SETTLED = 0.05  # a useless part that is a smaller share of the whole is left


def shortest_flip(
    network: LatentModel,
    classifier: AttributeClassifier,
    z: NDArray[np.floating],
    column: int,
    covariance: NDArray[np.floating],
    *,
    probability: float = 0.5,
    progress: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float32] | None:
    """The nearest code at which the reading is the other one; None where no step led there.

    Near is meant as the faces vary: a change of 1 is one standard deviation of the codes along it.

    Args:
        network: its decoder, which can be differentiated.
        classifier: what reads.
        z: [D], the face to start from.
        column: of the attribute among those that the classifier reads.
        covariance: [D, D] of the codes.
        probability: what the reading is to reach, from the other side.
        progress: told the share that is done, 0 to 1; what it raises ends the search.

    Returns:
        float32 [D].

    Raises:
        ValueError: the probability does not lie between 0 and 1.

    Source: steps across the boundary as in DeepFool (Moosavi-Dezfooli et al. 2016), there of pixels; between them the
    change is shortened along the boundary by gradient projection (Rosen 1961), until it stands at right angles to it.
    """
    if not 0 < probability < 1:
        raise ValueError(f"the reading to reach must lie between 0 and 1, not {probability}.")
    start = torch.from_numpy(np.asarray(z, np.float32))
    spread = np.asarray(covariance, np.float64)
    ridge = 1e-6 * np.trace(spread) / len(spread) * np.eye(len(spread))
    root = torch.from_numpy(np.linalg.cholesky(spread + ridge).astype(np.float32))
    target = float(np.log(probability / (1 - probability)))

    def reading(changes: Tensor) -> Tensor:
        """How far above the target the log odds [N] are after changes [N, D] in standard deviations."""
        pictures = network.decode(start + changes @ root.T)
        return classifier(fit_size(classifier, pictures))[:, column] - target

    change = torch.zeros_like(start)
    best: Tensor | None = None
    side = float(reading(change[None]).detach()) > 0
    for step in range(STEPS):
        at = change.clone().requires_grad_()
        value = reading(at[None])[0]
        (slope,) = torch.autograd.grad(value, at)
        value, slope = value.detach(), slope.detach()
        if (float(value) > 0) != side and (best is None or change.norm() < best.norm()):
            best = change
        length = float(slope.norm())
        if length == 0:
            break
        progress((step + 1) / STEPS)
        if (float(value) > 0) == side:  # not there yet: on along the slope, a little beyond where it would be zero
            across = float(value) + (BEYOND if side else -BEYOND)
            change = change - max(-LONGEST, min(LONGEST, across / length)) * slope / length
            continue
        if best is None or change.norm() < best.norm():
            best = change
        aside = change - (slope @ change) * slope / length**2  # what leads nowhere nearer to the boundary
        if float(aside.norm()) < SETTLED * float(change.norm()):
            break
        change = change - PULLED * aside
    return None if best is None else (start + root @ _nearest(reading, best, side)).numpy()


@torch.no_grad()
def _nearest(reading: Callable[[Tensor], Tensor], change: Tensor, side: bool) -> Tensor:
    """The shortest part of a change, in hundredths of it, from which on the reading is the other one."""
    parts = torch.linspace(0.8, 1, 21)
    same = (reading(parts[:, None] * change) > 0) == side
    return parts[min(int(same.nonzero().max()) + 1, 20) if same.any() else 0] * change
