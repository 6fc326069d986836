"""Which attributes are common, and which go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Associations:
    """Shares and correlations of A attributes.

    Attributes:
        share: float64 [A], share of the faces that have each, in [0, 1]; NaN where no face is labelled.
        both: float64 [A, A], share of the faces that have both.
        correlation: float64 [A, A], the phi coefficient in [-1, 1]; 0 where an attribute never varies.
        faces: how many faces were counted.
    """

    share: NDArray[np.float64]
    both: NDArray[np.float64]
    correlation: NDArray[np.float64]
    faces: int


def associations(labels: NDArray[np.integer]) -> Associations:
    """Count labels [M, A]: 1 present, 0 absent; a face with a negative label (unknown) is left out altogether.

    Source: Pearson's correlation of two binary variables, also called phi.
    """
    known = labels[(labels >= 0).all(1)].astype(np.float64)
    faces = len(known)
    if not faces:
        nothing = np.full(labels.shape[1], np.nan)
        square = np.zeros((labels.shape[1],) * 2)
        return Associations(nothing, square, square, 0)
    share, both = known.mean(0), known.T @ known / faces
    sd = np.sqrt(share * (1 - share))
    product = np.outer(sd, sd)
    covariance = both - np.outer(share, share)
    correlation = np.divide(covariance, product, out=np.zeros_like(both), where=product > 0)
    return Associations(share, both, correlation, faces)
