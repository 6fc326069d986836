"""Attributes as directions: from faces without one towards faces with it."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.attribute_groups import group_of, place_of
from latent.directions import Bank, Direction, Mark
from latent.probes import SMALLEST_GROUP, area_under_roc, areas_under_roc, discriminants, moments, parts

PRESENT = 127  # scores above this, of 255, say that a face has the attribute
SHRINKAGES = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Candidates for what is added to each dimension's variance, as a share of the mean variance. More of it turns a
direction towards the difference of the means: longer steps that can be seen, a worse order of the faces."""
FOLDS = 5
PLAINEST = ("Smiling", "Eyeglasses", "Male", "Young", "Blond_Hair", "Bangs")
"""What anybody sees at once; these sliders lead their bank."""
STEP = 0.05
FITTED = ("attribute", "vector", "zero", "auc", "share", "fewest")


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
        moved, placed: where the measuring classifier sees the attribute, for half and for 90 % of held-out faces: how
            far they move, and where they then lie; empty where that is not measured.
    """

    attribute: str
    vector: NDArray[np.float32]
    zero: float
    auc: float
    share: float
    fewest: int
    moved: tuple[Mark, ...] = ()
    placed: tuple[Mark, ...] = ()

    def standing(self, z: NDArray[np.floating]) -> NDArray[np.float32]:
        """Where points [N, D] lie along the axis: float32 [N]; 0 the mean without the attribute, 1 the mean with it."""
        along = z.astype(np.float32) @ self.vector / max(float(self.vector @ self.vector), 1e-12)
        return (along - np.float32(self.zero)).astype(np.float32)


def attribute_axes(atlas: Atlas) -> dict[str, AttributeAxis]:
    """Fisher's linear discriminant for each attribute of an atlas that at least 20 training faces have, and lack.

    The groups are the classifier's reading. The unit normal is that of (covariance + shrinkage) w = difference of
    means, with the shrinkage of `choose_shrinkage`; the vector is the normal times the distance between the two means
    along it.

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
    x_centred = x - x.mean(0)
    chosen = choose_shrinkage(x_centred, present)
    normals = np.zeros((present.shape[1], x.shape[1]))
    for i, candidate in enumerate(discriminants(moments(x_centred, present), SHRINKAGES)):
        normals[chosen == i] = candidate[chosen == i]
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


def axes_as_arrays(axes: Mapping[str, AttributeAxis]) -> dict[str, NDArray[Any]]:
    """Axes without their reach, for a file: what each of them has by the name of the field, one axis a row."""
    return {name: np.array([getattr(axis, name) for axis in axes.values()]) for name in FITTED}


def axes_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> dict[str, AttributeAxis]:
    """The axes that `axes_as_arrays` was given."""
    names = [str(name) for name in arrays["attribute"]]
    rest = ((column if column.ndim > 1 else column.tolist()) for column in (arrays[name] for name in FITTED[1:]))
    return {name: AttributeAxis(name, *values) for name, *values in zip(names, *rest, strict=True)}


def choose_shrinkage(x: NDArray[np.float32], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each attribute the most shrinkage that orders faces as well as any, by cross-validation in five folds.

    "As well" means within one standard error (over the folds) of the best candidate's mean AUC.

    Args:
        x: codes [T, D] of the training part, their mean taken off.
        present: [T, A].

    Returns:
        Places in `SHRINKAGES`, int64 [A].

    Source: the one-standard-error rule of Breiman et al. 1984, "Classification and Regression Trees", section 3.4.3.
    """
    folds = [(np.ascontiguousarray(x[f::FOLDS]), present[f::FOLDS]) for f in range(FOLDS)]
    each = [moments(*fold) for fold in folds]
    everything = functools.reduce(operator.add, each)
    auc = np.zeros((FOLDS, len(SHRINKAGES), present.shape[1]))
    for f, (judged, having) in enumerate(folds):  # fitted to all but this one, whose sums are taken off
        for i, normals in enumerate(discriminants(everything - each[f], SHRINKAGES)):
            auc[f, i] = areas_under_roc(judged @ normals.T.astype(np.float32), having)
    mean = np.nan_to_num(auc.mean(0), nan=0.5)  # NaN where a fold has no face with the attribute
    error = np.nan_to_num(auc.std(0, ddof=1) / FOLDS**0.5)
    best, columns = mean.argmax(0), np.arange(present.shape[1])
    enough = mean >= (mean - error)[best, columns]
    return (len(SHRINKAGES) - 1 - enough[::-1].argmax(0)).astype(np.int64)


def attribute_bank(axes: Mapping[str, AttributeAxis], names: Mapping[str, str]) -> Bank:
    """Sliders that move any point along each axis; a weight of 1 is the distance between the two groups' means.

    Args:
        axes: by attribute.
        names: plain name of each attribute to offer.
    """
    offered = [axis for axis in axes.values() if axis.attribute in names]
    ordered = sorted(offered, key=lambda axis: (_place(axis.attribute), names[axis.attribute].lower()))
    directions = [_marked(_direction(axis, names[axis.attribute]), axis.moved) for axis in ordered]
    return Bank("attributes", "Attributes", tuple(directions))


def _readable_first(entry: tuple[str, AttributeAxis]) -> tuple[int, float]:
    attribute, axis = entry
    return place_of(attribute), 0.0 if np.isnan(axis.auc) else -axis.auc


def _place(attribute: str) -> int:
    return PLAINEST.index(attribute) if attribute in PLAINEST else len(PLAINEST)


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
        The bank, in groups and within each by how well the directions order held-out faces, the best first; and the
        names of attributes that are left out because they cannot be told from the fixed ones.
    """
    held = [axes[attribute].vector for attribute in fixed if attribute in axes]
    directions, lost = [], []
    for attribute, axis in sorted(axes.items(), key=_readable_first):
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
        moved = replace(
            direction,
            vector=vector,
            low=round(low, 2),
            high=round(high, 2),
            start=start,
            origin=start,
            group=group_of(attribute),
        )
        # Along another direction the attribute shows elsewhere.
        directions.append(_marked(moved, axis.placed) if vector is axis.vector else moved)
    return Bank("edit", "Attributes", tuple(directions)), lost


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


def _marked(direction: Direction, marks: tuple[Mark, ...]) -> Direction:
    """A slider that reaches as far as its marks, and says what they are."""
    if not marks:
        return direction
    places = " and ".join(f"{mark.share} at {mark.at:+.2f}".replace("-", "\N{MINUS SIGN}") for mark in marks)
    low, high = min(direction.low, *(mark.at for mark in marks)), max(direction.high, *(mark.at for mark in marks))
    return replace(
        direction,
        marks=marks,
        low=math.floor(low / 0.5) * 0.5 if low < direction.low else direction.low,
        high=math.ceil(high / 0.5) * 0.5 if high > direction.high else direction.high,
        hint=f"{direction.hint} Of held-out faces without it, {places} read as having it.",
    )


def _direction(axis: AttributeAxis, name: str) -> Direction:
    return Direction(
        f"attribute-{axis.attribute}",
        name,
        axis.vector,
        -2.0,
        2.0,
        STEP,
        unit="",
        ends=("without", "with"),
        hint=f"{axis.share:.0%} of the faces have it."
        + (
            ""
            if np.isnan(axis.auc)
            else f" Of two held-out faces, one with it and one without, this direction ranks the right one higher in "
            f"{axis.auc:.0%} of the cases (its AUC; 50 % is a guess)."
        ),
    )
