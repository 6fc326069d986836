"""The shortest change of a face that flips one reading: how long it is, and what else it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latent.posterior import AggregatePosterior, squared_mahalanobis
from models.data.attributes import ATTRIBUTES, JUDGING

if TYPE_CHECKING:  # torch takes two seconds to import
    from models.classifier import AttributeClassifier
    from models.latent_model import LatentModel

MOVED = 0.1  # a change of a reading, of 1, that counts
PAIRS = 2000
FARTHEST, TRIED = 3.0, 31  # along the attribute's own direction, and how many places up to there


@dataclass(frozen=True, eq=False)
class Flip:
    """The shortest change found that flips one reading of a face.

    Attributes:
        attribute: which.
        z: float32 [D], the changed face.
        size: how long the change is, in standard deviations of the encoded faces along it.
        before, after: the reading of the classifier that was searched with, 0 to 1.
        judged: the same two of another classifier that took no part; where they do not flip, the change deceives one
            classifier more than it changes the face.
        moved: what else changes for that other classifier by at least a tenth, the largest first: the leakage.
        along: how long a change along the attribute's own direction has to be; None where none flips it, or where
            there is no such direction.
    """

    attribute: str
    z: NDArray[np.float32]
    size: float
    before: float
    after: float
    judged: tuple[float, float]
    moved: Mapping[str, float]
    along: float | None


def flip(
    network: LatentModel,
    classifiers: tuple[AttributeClassifier, AttributeClassifier],
    start: NDArray[np.float32],
    column: int,
    posterior: AggregatePosterior,
    *,
    direction: NDArray[np.float32] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Flip | None:
    """Search the shortest change of a code that flips an attribute's reading; None where none was found.

    Args:
        network: its decoder, which can be differentiated.
        classifiers: what is searched with, and what judges without having taken part.
        start: float32 [D], the face.
        column: of the attribute among `ATTRIBUTES`.
        posterior: of the encoded faces.
        direction: float32 [D], the attribute's own, where there is one.
        progress: told the share that is done, 0 to 1; what it raises ends the search.
    """
    from models.counterfactual import shortest_flip
    from models.metrics import read_decoded

    searched, other = classifiers
    found = shortest_flip(network, searched, start, column, posterior.covariance, progress=progress)
    if found is None:
        return None
    ends = np.stack([start, found])
    before, after = read_decoded(network, searched, ends)[:, column]
    by_other = read_decoded(network, other, ends)
    changes = by_other[1] - by_other[0]
    moved = {
        ATTRIBUTES[i]: round(float(changes[i]), 3)
        for i in np.argsort(-np.abs(changes))
        if abs(changes[i]) >= MOVED and i != column and ATTRIBUTES[i] not in JUDGING
    }
    along = None
    if direction is not None:
        weights = np.linspace(0, FARTHEST, TRIED, dtype=np.float32)[:, None]
        codes = start + (-weights if before > 0.5 else weights) * direction
        read = read_decoded(network, searched, codes)[:, column]
        flipped = np.flatnonzero((read > 0.5) != (before > 0.5))
        along = size_of(codes[flipped[0]] - start, posterior) if len(flipped) else None
    judged = (float(by_other[0, column]), float(by_other[1, column]))
    size = size_of(found - start, posterior)
    return Flip(ATTRIBUTES[column], found, size, float(before), float(after), judged, moved, along)


def size_of(change: NDArray[np.floating], posterior: AggregatePosterior) -> float:
    """The length of a change [D] in standard deviations of the codes along it."""
    return float(np.sqrt(squared_mahalanobis((posterior.mean + change)[None], posterior)[0]))


def usual_distance(mu: NDArray[np.floating], posterior: AggregatePosterior) -> float:
    """How far two faces chosen at random usually are apart, in the same unit: the median of 2000 pairs.

    Args:
        mu: codes [M, D], two or more.
        posterior: of the encoded faces.
    """
    first, second = np.random.default_rng(0).integers(len(mu), size=(2, PAIRS))
    apart = mu[first].astype(np.float32) - mu[second].astype(np.float32)
    return float(np.median(np.sqrt(squared_mahalanobis(posterior.mean + apart[first != second], posterior))))
