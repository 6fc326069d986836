"""How far a face must be moved along an attribute's direction until the measuring classifier sees the attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.progress import progress
from latent.attribute_axes import AttributeAxis
from models.classifier import AttributeClassifier
from models.latent_model import LatentModel
from models.metrics import read_decoded

CODES = 400
FACES = 60
"""So many of the codes are moved for each attribute: the first ones that lack it."""
STEP, FARTHEST = 0.5, 4.0
SHARES = (0.5, 0.9)
FEWEST = 20  # of faces that lack an attribute, for a share of them to mean something


def reach(
    network: LatentModel,
    classifier: AttributeClassifier,
    axes: Mapping[str, AttributeAxis],
    attributes: tuple[str, ...],
    codes: NDArray[np.float32],
) -> dict[str, Any]:
    """Move each held-out code that lacks an attribute along its direction until the classifier sees the attribute.

    Moved in steps of half the distance between the two groups' means, up to four of these, with straight lines
    between the log odds of the readings; a face that never reads over one half by then counts as not reached.

    Args:
        network: the decoder.
        classifier: the measuring one.
        axes: by attribute; those that the classifier does not know are left out.
        attributes: the classifier's, in its order.
        codes: float32 [N, D], held-out codes.

    Returns:
        JSON-ready, by attribute: "length" of the direction, "faces" that were moved, and two weights each,
        at which half and 90 % of them read as having it (null where so many were not reached): "moved" counts from
        where each face was, "placed" from where faces without the attribute lie on average.
    """
    before = read_decoded(network, classifier, codes)
    known = {name: axis for name, axis in axes.items() if name in attributes}
    found: dict[str, Any] = {}
    with progress(len(known), "Finding where attributes show", "attributes") as bar:
        for name, axis in known.items():
            column = attributes.index(name)
            lacking = np.flatnonzero(before[:, column] <= 0.5)[:FACES]
            if len(lacking) >= FEWEST:
                way = crossings(network, classifier, column, axis.vector, codes[lacking], before[lacking, column])
                found[name] = {
                    "length": round(float(np.linalg.norm(axis.vector)), 4),
                    "faces": len(lacking),
                    "moved": _shares(way),
                    "placed": _shares(axis.standing(codes[lacking]) + way),
                }
            bar.update()
    return found


def crossings(
    network: LatentModel,
    classifier: AttributeClassifier,
    column: int,
    vector: NDArray[np.float32],
    codes: NDArray[np.float32],
    before: NDArray[np.float32],
) -> NDArray[np.float64]:
    """How far each code moves along a direction until the reading in a column passes one half: float64 [N].

    Args:
        network, classifier: as for `reach`.
        column: of the reading.
        vector: float32 [D], one unit of the way.
        codes: float32 [N, D].
        before: float32 [N], the reading of the codes unmoved, at most one half.

    Returns:
        Multiples of the vector; infinite where the reading never passes one half.
    """
    way, last = np.full(len(codes), np.inf), _log_odds(before)
    left = np.arange(len(codes))
    for weight in np.arange(STEP, FARTHEST + STEP / 2, STEP):
        if not len(left):
            break
        now = _log_odds(read_decoded(network, classifier, codes[left] + np.float32(weight) * vector)[:, column])
        passed = now > 0
        rise = np.maximum(now - last[left], 1e-9)
        way[left[passed]] = (weight - STEP - STEP * last[left] / rise)[passed]
        last[left] = now
        left = left[~passed]
    return way


def _log_odds(p: NDArray[np.float32]) -> NDArray[np.float64]:
    clipped = np.clip(p.astype(np.float64), 1e-9, 1 - 1e-9)
    return np.log(clipped / (1 - clipped))


def _shares(way: NDArray[np.float64]) -> list[float | None]:
    """The places by which each of `SHARES` have arrived."""
    places = np.quantile(way, SHARES, method="inverted_cdf")
    return [round(float(place), 2) if np.isfinite(place) else None for place in places]
