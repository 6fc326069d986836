"""Attributes as directions: from faces without one towards faces with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.directions import Bank, Direction
from latent.probes import SMALLEST_GROUP, area_under_roc, fisher, parts

PRESENT = 127  # scores above this, of 255, say that a face has the attribute
SHRINKAGE = 0.3
"""Of the mean variance, added to each dimension's. On the shipped checkpoints 0 orders held-out faces a little better
(AUC 0.90 and 0.88 for Eyeglasses in the AE; the difference of means 0.77), but its steps are too short to be seen;
0.3 changes the classifier's reading as much as the difference of means does."""
STEP = 0.05


@dataclass(frozen=True, eq=False)
class AttributeAxis:
    """One attribute's direction, fitted on the training part and judged on the test part.

    Attributes:
        attribute: name as in the atlas.
        vector: float32 [D]; as long as the two groups' means lie apart along it.
        zero: where faces without the attribute lie on average, in units of the vector's length.
        auc: how well places along it order held-out faces: 0.5 chance, 1 perfect; NaN where all are alike.
        share: of all faces, how many have it.
        fewest: faces in the smaller group of the training part.
    """

    attribute: str
    vector: NDArray[np.float32]
    zero: float
    auc: float
    share: float
    fewest: int

    def standing(self, z: NDArray[np.floating]) -> NDArray[np.float32]:
        """Where points [N, D] lie along the axis: float32 [N]; 0 the mean without the attribute, 1 the mean with it."""
        along = z.astype(np.float32) @ self.vector / max(float(self.vector @ self.vector), 1e-12)
        return (along - np.float32(self.zero)).astype(np.float32)


def attribute_axes(atlas: Atlas, shrinkage: float = SHRINKAGE) -> dict[str, AttributeAxis]:
    """Fisher's linear discriminant for each attribute of an atlas that at least 20 training faces have, and lack.

    The groups are the classifier's reading. The unit normal is that of (covariance + shrinkage) w = difference of
    means; the vector is the normal times the distance between the two means along it.

    Source: Fisher 1936, "The use of multiple measurements in taxonomic problems"; shrinkage as in regularised
    discriminant analysis, Friedman 1989.
    """
    train, test = parts(atlas.partition)
    mu = atlas.mu.astype(np.float32)
    x, present = mu[train], atlas.scores[train] > PRESENT
    counts = present.sum(0)
    with_it = present.T.astype(np.float32) @ x  # [A, D], sums
    means = with_it / np.maximum(counts, 1)[:, None]
    without = (x.sum(0) - with_it) / np.maximum(len(x) - counts, 1)[:, None]
    normals = fisher(x - x.mean(0), np.ones_like(present), present, shrinkage)
    axes = {}
    for a, attribute in enumerate(atlas.attributes):
        fewest = int(min(counts[a], len(x) - counts[a]))
        length = float(np.linalg.norm(normals[a]))
        if fewest < SMALLEST_GROUP or length == 0:
            continue
        unit = normals[a] / length
        vector = (float(unit @ (means[a] - without[a])) * unit).astype(np.float32)
        axes[attribute] = AttributeAxis(
            attribute,
            vector,
            zero=float(without[a] @ vector / max(float(vector @ vector), 1e-12)),
            auc=area_under_roc(mu[test] @ vector, atlas.scores[test, a] > PRESENT),
            share=float((atlas.scores[:, a] > PRESENT).mean()),
            fewest=fewest,
        )
    return axes


def attribute_bank(axes: Mapping[str, AttributeAxis], names: Mapping[str, str]) -> Bank:
    """Sliders that move any point along each axis; a weight of 1 is the distance between the two groups' means.

    Args:
        axes: by attribute.
        names: plain name of each attribute to offer.
    """
    directions = [_direction(axis, names[axis.attribute]) for axis in axes.values() if axis.attribute in names]
    return Bank("attributes", "Attributes", tuple(sorted(directions, key=lambda direction: direction.name.lower())))


def edit_bank(
    axes: Mapping[str, AttributeAxis],
    names: Mapping[str, str],
    z: NDArray[np.float32],
    fixed: Sequence[str] = (),
) -> tuple[Bank, list[str]]:
    """Sliders that start where a point lies along each axis, so that moving one back restores the point.

    Args:
        axes: by attribute.
        names: plain name of each attribute to offer.
        z: float32 [D], the point.
        fixed: attributes to hold still: every other slider's direction is made orthogonal to theirs.

    Returns:
        The bank, and the names of attributes that are left out because they cannot be told from the fixed ones.
    """
    held = [axes[attribute].vector for attribute in fixed if attribute in axes]
    directions, lost = [], []
    for attribute, axis in axes.items():
        if attribute not in names:
            continue
        direction = _direction(axis, names[attribute])
        others = [] if attribute in fixed else held
        vector = only(axis.vector, others)
        if vector is None:
            lost.append(names[attribute])
            continue
        start = float(np.clip(np.round(axis.standing(z[None])[0] / STEP) * STEP, -10, 10))
        start = round(start, 2) + 0.0
        low, high = min(-1.0, start - 1.5), max(2.0, start + 1.5)
        directions.append(
            replace(direction, vector=vector, low=round(low, 2), high=round(high, 2), start=start, origin=start)
        )
    return Bank("edit", "Attributes", tuple(sorted(directions, key=lambda direction: direction.name.lower()))), lost


def only(vector: NDArray[np.float32], others: Sequence[NDArray[np.float32]]) -> NDArray[np.float32] | None:
    """A direction [D] without what it shares with others, lengthened so that it goes as far along the original.

    Returns:
        float32 [D], orthogonal to all of `others`; None where less than a tenth of its length is its own.
    """
    if not others:
        return vector
    basis, _ = np.linalg.qr(np.stack(others).T.astype(np.float64))
    whole = vector.astype(np.float64)
    own = whole - basis @ (basis.T @ whole)
    share = float(own @ own) / max(float(whole @ whole), 1e-12)
    return None if share < 0.01 else (own / share).astype(np.float32)


def _direction(axis: AttributeAxis, name: str) -> Direction:
    return Direction(
        f"attribute-{axis.attribute}",
        name,
        axis.vector,
        -2.0,
        2.0,
        STEP,
        unit="",
        note="" if np.isnan(axis.auc) else f"AUC {axis.auc:.2f}",
        hint=f"{axis.share:.0%} of the faces have it. AUC: of two held-out faces, one with it and one without, this "
        "slider's direction ranks the right one higher in so many cases (0.5 is a guess, 1 is always).",
    )
