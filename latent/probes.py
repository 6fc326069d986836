"""Linear probes: what a straight cut through the latent space can tell about each attribute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TRAIN, TEST = 0, 2
SMALLEST_GROUP = 20  # an attribute that fewer training faces have, or lack, gets no probe
HELD_OUT_EVERY = 5  # where nothing is listed as test, every fifth face judges the probe
RIDGE = 1e-4  # of the mean variance, so that a dimension that hardly varies cannot take a huge weight


@dataclass(frozen=True, eq=False)
class Probes:
    """One linear probe for each attribute, with a calibrated logistic link.

    Attributes:
        attributes: A names.
        weights: float32 [A, D]; the log odds of attribute a at a point z are `z @ weights[a] + bias[a]`.
        bias: float32 [A].
        auc: float32 [A], area under the ROC curve on held-out faces, 0.5 chance and 1 perfect; NaN where the held-out
            faces are all alike. An attribute with fewer than 20 faces on one side has weights of 0.
    """

    attributes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    auc: NDArray[np.float32]

    def log_odds(self, z: NDArray[np.floating]) -> NDArray[np.float32]:
        """Log odds of each attribute at points [N, D]: float32 [N, A]."""
        return z.astype(np.float32) @ self.weights.T + self.bias

    def probabilities(self, z: NDArray[np.floating]) -> NDArray[np.float32]:
        """Probability of each attribute at points [N, D]: float32 [N, A] in [0, 1]."""
        return _sigmoid(self.log_odds(z))


def fit_probes(
    mu: NDArray[np.floating],
    labels: NDArray[np.integer] | NDArray[np.bool_],
    partition: NDArray[np.uint8],
    attributes: tuple[str, ...],
) -> Probes:
    """Fit all probes at once on the training part, in closed form, and judge them on the test part.

    The direction is Fisher's: the inverse covariance times the difference of the two groups' means. (The covariance
    of all training faces gives the same direction as the one within the groups, and serves all attributes.)
    The logistic link along it is fitted by Newton's method. Where no face is listed as train or none as test, every
    fifth face is held out instead.

    Args:
        mu: codes [M, D].
        labels: [M, A]: 1 present, 0 absent, negative unknown (left out).
        partition: [M]: 0 train, 1 valid, 2 test.
        attributes: A names.

    Raises:
        ValueError: the shapes do not fit each other.

    Source: Fisher 1936, "The use of multiple measurements in taxonomic problems"; Platt 1999 for the link.
    """
    if labels.shape != (len(mu), len(attributes)) or partition.shape != (len(mu),):
        raise ValueError(
            f"labels {labels.shape} and partition {partition.shape} do not fit {len(mu)} codes and "
            f"{len(attributes)} attributes."
        )
    train, test = parts(partition)
    fitted, labels = mu[train].astype(np.float32), labels.astype(np.int8)
    centre = fitted.mean(0)
    x = fitted - centre
    known = labels[train] >= 0
    present = labels[train] > 0
    usable = np.minimum(present.sum(0), (known & ~present).sum(0)) >= SMALLEST_GROUP
    (directions,) = discriminants(moments(x, present, known), (RIDGE,))
    scatter = np.sqrt(np.einsum("ad,de,ae->a", directions, x.T @ x / len(x), directions))
    directions /= np.maximum(scatter, 1e-12)[:, None]  # Newton's method counts on this scale
    directions = (directions * usable[:, None]).astype(np.float32)
    slope, intercept = _logistic_link(x @ directions.T, present, known)
    weights = (directions * slope[:, None]).astype(np.float32)
    bias = (intercept - weights @ centre).astype(np.float32)
    probes = Probes(attributes, weights, bias, np.full(len(attributes), np.nan, np.float32))
    odds = probes.log_odds(mu[test])
    columns = zip(labels[test].T, odds.T, strict=True)
    auc = [area_under_roc(score[truth >= 0], truth[truth >= 0] > 0) for truth, score in columns]
    return Probes(attributes, weights, bias, np.array(auc, np.float32))


def area_under_roc(scores: NDArray[np.floating], present: NDArray[np.bool_]) -> float:
    """The share of (present, absent) pairs that scores [M] put in the right order; ties count half. NaN without pairs.

    Source: the Mann-Whitney statistic; Fawcett 2006, "An introduction to ROC analysis".
    """
    return float(areas_under_roc(scores[:, None], present[:, None])[0])


def areas_under_roc(scores: NDArray[np.floating], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """`area_under_roc` of each column of [M, A]: float64 [A]."""
    rows = np.ascontiguousarray(scores.T)  # a row is sorted several times as fast as a column
    order = rows.argsort(1)
    ordered = np.take_along_axis(rows, order, 1)
    having = np.take_along_axis(np.ascontiguousarray(present.T), order, 1).astype(np.float64)
    tied = (ordered[:, 1:] == ordered[:, :-1]).any(1)
    ranks = having @ np.arange(1, len(scores) + 1)  # summed over those that have it
    ranks[tied] = (having[tied] * _mean_ranks(ordered[tied])).sum(1)
    positives = having.sum(1)
    pairs = positives * (len(scores) - positives)
    above = ranks - positives * (positives + 1) / 2
    return np.where(pairs > 0, above / np.maximum(pairs, 1), np.nan)


def _mean_ranks(ordered: NDArray[np.floating]) -> NDArray[np.float64]:
    """Ranks from 1 of rows [A, M] that are in order, the mean rank for ties: float64 [A, M].

    What `scipy.stats.rankdata` does, against which the tests hold it; importing that takes over half a second, which
    everyone who opens a model would wait for.
    """
    count = ordered.shape[1]
    place = np.arange(count)
    begins = np.ones(ordered.shape, bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    ends = np.ones(ordered.shape, bool)
    ends[:, :-1] = begins[:, 1:]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, count)[:, ::-1], axis=1)[:, ::-1]
    return (first + last) / 2 + 1


def parts(partition: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to fit on and rows to judge by."""
    train, test = np.flatnonzero(partition == TRAIN), np.flatnonzero(partition == TEST)
    if len(train) and len(test):
        return train, test
    rows = np.arange(len(partition))
    return rows[rows % HELD_OUT_EVERY != 0], rows[rows % HELD_OUT_EVERY == 0]


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over faces, from which Fisher's discriminants follow; those of two sets of faces can be added.

    Attributes:
        faces: how many.
        squares: float64 [D, D], of the products of their numbers.
        counts: float64 [2, A], how many have an attribute, and how many lack it.
        sums: float64 [2, A, D], of the numbers of those.
    """

    faces: int
    squares: NDArray[np.float64]
    counts: NDArray[np.float64]
    sums: NDArray[np.float64]

    def __add__(self, other: Moments) -> Moments:
        """Of both sets together."""
        return Moments(
            self.faces + other.faces,
            self.squares + other.squares,
            self.counts + other.counts,
            self.sums + other.sums,
        )

    def __sub__(self, other: Moments) -> Moments:
        """Of those that are not in the other set."""
        return self + Moments(-other.faces, -other.squares, -other.counts, -other.sums)


def moments(x: NDArray[np.float32], present: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> Moments:
    """The sums of codes.

    Args:
        x: codes [T, D], their mean taken off.
        present: [T, A], which faces have an attribute.
        known: [T, A], which faces count for it; all if not given.
    """
    groups = (present, ~present if known is None else known & ~present)
    return Moments(
        len(x),
        (x.T @ x).astype(np.float64),
        np.stack([np.count_nonzero(group, axis=0) for group in groups]).astype(np.float64),
        np.stack([group.T.astype(np.float32) @ x for group in groups]).astype(np.float64),
    )


def discriminants(of: Moments, ridges: Sequence[float]) -> list[NDArray[np.float64]]:
    """Fisher's discriminants: the inverse covariance times the difference of the two groups' means.

    Args:
        of: the faces.
        ridges: added to each dimension's variance, as shares of the mean variance.

    Returns:
        float64 [A, D] for each of `ridges`.
    """
    covariance = of.squares / max(of.faces, 1)
    dimensions = len(covariance)
    unit = max(float(np.trace(covariance)) / dimensions, 1e-12) * np.eye(dimensions)
    having, lacking = of.sums / np.maximum(of.counts, 1)[:, :, None]
    means = (having - lacking).T
    return [np.linalg.solve(covariance + ridge * unit, means).T for ridge in ridges]


def _logistic_link(
    along: NDArray[np.float32], present: NDArray[np.bool_], known: NDArray[np.bool_], steps: int = 12
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope and intercept [A] of logistic regressions on one variable each, [T, A], by Newton's method.

    A hundredth of a pseudo-face pulls the slope to 0, so that groups that are cut apart perfectly have a finite one.
    """
    total = np.maximum(known.sum(0), 1)
    share = np.clip(present.sum(0) / total, 1e-4, 1 - 1e-4)
    slope, intercept = np.zeros(along.shape[1]), np.log(share / (1 - share))
    for _ in range(steps):
        p = _sigmoid(along * slope.astype(np.float32) + intercept.astype(np.float32))
        error, curvature = (p - present) * known, p * (1 - p) * known
        g0, g1 = error.sum(0), (error * along).sum(0) + 0.01 * slope
        weighted = curvature * along
        h00, h01, h11 = curvature.sum(0) + 1e-6, weighted.sum(0), (weighted * along).sum(0) + 0.01
        determinant = np.maximum(h00 * h11 - h01 * h01, 1e-9)
        # At most 2 a step: far from the answer the quadratic model promises too much.
        slope -= np.clip((h00 * g1 - h01 * g0) / determinant, -2, 2)
        intercept -= np.clip((h11 * g0 - h01 * g1) / determinant, -2, 2)
    return slope, intercept


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.clip(x, -30, 30)
    return (1 / (1 + np.exp(-odds))).astype(np.float32)
