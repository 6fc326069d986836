"""Groups of faces: what sets one apart from the rest, and two as a direction that says more than chance does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST = 4
"""Faces a group needs: half of them make the direction, the other half judge it."""


@dataclass(frozen=True)
class Separation:
    """How far apart two groups lie along the direction between them, on faces that did not make it.

    Attributes:
        d: Cohen's d: the distance between the means over the pooled standard deviation.
        chance: the 95th percentile of d among random pairs of groups of the same sizes.
        beaten: share of the random pairs whose d is smaller, 0 to 1.
        trials: number of random pairs.
    """

    d: float
    chance: float
    beaten: float
    trials: int

    @property
    def convincing(self) -> bool:
        """Whether it beats at least 95 of 100 random pairs."""
        return self.beaten >= 0.95


@dataclass(frozen=True)
class Distinction:
    """How much more, or less, common one attribute is in a group than in the rest.

    Attributes:
        column: of the attribute.
        inside, outside: share of the group and of the rest that has it, 0 to 1.
        effect: inside minus outside, in standard deviations of the attribute over all faces.
        low, high: ends of the effect's 95 % interval.
    """

    column: int
    inside: float
    outside: float
    effect: float
    low: float
    high: float


def distinctions(present: NDArray[np.bool_], rows: NDArray[np.integer]) -> list[Distinction]:
    """What sets a group apart from the rest, the largest effect first.

    A difference of shares alone would put what is common first: 45 % to 89 % is more than 6 % to 37 %, but the second
    is six times as many. In standard deviations it is the larger one. What may be chance, where the interval
    includes no difference at all, is left out.

    Args:
        present: [M, A], which faces have which attributes.
        rows: the group, [R].

    Source: Glass, McGaw and Smith 1981, "Meta-analysis in social research" (a difference over a standard deviation);
    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
    """
    group = np.zeros(len(present), bool)
    group[rows] = True
    if not group.any() or group.all():
        return []
    having, everywhere = np.count_nonzero(present[group], axis=0), np.count_nonzero(present, axis=0)
    inside, outside = having / group.sum(), (everywhere - having) / (~group).sum()
    share = everywhere / len(present)
    sd = np.sqrt(share * (1 - share))
    (low_in, high_in), (low_out, high_out) = _wilson(inside, group.sum()), _wilson(outside, (~group).sum())
    difference = inside - outside
    low = difference - np.hypot(inside - low_in, high_out - outside)
    high = difference + np.hypot(high_in - inside, outside - low_out)
    effect, low, high = (np.divide(ends, sd, out=np.zeros_like(sd), where=sd > 0) for ends in (difference, low, high))
    columns = np.flatnonzero((low > 0) | (high < 0)).tolist()
    table = np.stack([inside, outside, effect, low, high], axis=1).tolist()
    found = [Distinction(column, *table[column]) for column in columns]
    return sorted(found, key=lambda one: -abs(one.effect))


def _wilson(share: NDArray[np.float64], count: int, z: float = 1.96) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the 95 % interval of shares that were counted: Wilson 1927."""
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return centre - reach, centre + reach


def group_direction(
    mu: NDArray[np.floating], first: NDArray[np.integer], second: NDArray[np.integer]
) -> NDArray[np.float32]:
    """From the mean of one group of rows of mu [M, D] to that of another: float32 [D].

    Raises:
        ValueError: a group is too small.
    """
    _check(first, second)
    return mu[second].astype(np.float32).mean(0) - mu[first].astype(np.float32).mean(0)


def separation(
    mu: NDArray[np.floating],
    first: NDArray[np.integer],
    second: NDArray[np.integer],
    trials: int = 200,
    seed: int = 0,
) -> Separation:
    """Cohen's d of two groups, against random pairs of groups of the same sizes.

    In many dimensions any two small groups can be told apart by the direction between their own means. So half of
    each group makes the direction and the other half is measured along it, and the same is done with random groups.

    Args:
        mu: [M, D], encoded faces.
        first, second: rows of the groups.
        trials: number of random pairs.
        seed: of the halves and of the random groups.

    Raises:
        ValueError: a group is too small.

    Source: Cohen 1988, "Statistical power analysis for the behavioral sciences", chapter 2.
    """
    _check(first, second)
    random = np.random.default_rng(seed)
    most = 400  # faces of a group that are looked at: more do not change the answer, only the wait
    first, second = (random.permutation(rows)[:most] for rows in (first, second))
    codes = mu.astype(np.float32)
    d = np.mean([_held_out_d(codes, random.permutation(first), random.permutation(second)) for _ in range(5)])
    size = len(first) + len(second)
    chances = []
    for _ in range(trials):
        rows = random.choice(len(codes), min(size, len(codes)), replace=False)
        chances.append(_held_out_d(codes, rows[: len(first)], rows[len(first) :]))
    beaten = float(np.mean(np.array(chances) < d))
    return Separation(float(d), float(np.percentile(chances, 95)), beaten, trials)


def _held_out_d(mu: NDArray[np.float32], first: NDArray[np.integer], second: NDArray[np.integer]) -> float:
    half, other = len(first) // 2, len(second) // 2
    direction = mu[second[:other]].mean(0) - mu[first[:half]].mean(0)
    a, b = mu[first[half:]] @ direction, mu[second[other:]] @ direction
    pooled = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / max(len(a) + len(b) - 2, 1)
    return float((b.mean() - a.mean()) / max(float(np.sqrt(pooled)), 1e-12))


def _check(first: NDArray[np.integer], second: NDArray[np.integer]) -> None:
    if min(len(first), len(second)) < SMALLEST:
        raise ValueError(f"each group needs at least {SMALLEST} faces, not {len(first)} and {len(second)}.")
