"""Whether neighbours on the map have something in common: in their attributes, and in the latent space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent.probes import areas_under_roc

NEIGHBOURS = 10
AT_ONCE = 250  # faces whose distances to all others are held: 26 MB of 26,000
FEWEST = 20  # faces with an attribute, and without it, before its AUC says something


@dataclass(frozen=True, eq=False)
class Purity:
    """How often map neighbours share an attribute.

    Attributes:
        share: float64 [A]: of the neighbours of a face that has the attribute, the mean share that have it too, in
            [0, 1]; NaN where no face has it.
        shuffled: float64 [A], the same after the labels have been dealt out anew among the faces.
    """

    share: NDArray[np.float64]
    shuffled: NDArray[np.float64]


def neighbour_purity(
    xy: NDArray[np.floating], labels: NDArray[np.integer], seed: int, neighbours: int = NEIGHBOURS
) -> Purity:
    """Purity of the nearest neighbours on the map.

    Args:
        xy: places [M, 2].
        labels: [M, A]: 1 present, 0 absent, negative unknown (such a face's row is left out altogether).
        seed: of the shuffling.
        neighbours: how many, besides the face itself.
    """
    from scipy.spatial import cKDTree  # a part of a second; sklearn's neighbours take over one to import

    known = (labels >= 0).all(1)
    places, present = xy[known], labels[known] > 0
    count = min(neighbours, len(places) - 1)
    near = cKDTree(places).query(places, count + 1)[1]
    others = near != np.arange(len(near))[:, None]  # a point is no neighbour of its own
    others[others.all(1), -1] = False  # nor among its nearest, where more than these lie at the same place
    near = near[others].reshape(len(places), count)
    dealt = present[np.random.default_rng(seed).permutation(len(present))]
    return Purity(_shares(near, present), _shares(near, dealt))


def _shares(near: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    like_it = np.stack([column[near].mean(1) for column in present.T], 1)  # [M, A]
    with np.errstate(invalid="ignore"):
        return (like_it * present).sum(0) / present.sum(0)


def neighbours_kept(
    mu: NDArray[np.floating], xy: NDArray[np.floating], seed: int, asked: int = 300, neighbours: int = NEIGHBOURS
) -> float:
    """Of a face's nearest in the latent space, the share that are among its nearest on the map too, in [0, 1].

    Chance would keep `neighbours / (len(mu) - 1)` of them.

    Args:
        mu: codes [M, D].
        xy: places [M, 2].
        seed: chooses the faces that are asked.
        asked: how many, at most; their mean is returned.
        neighbours: how many count as near.
    """
    rows = np.random.default_rng(seed).permutation(len(mu))[:asked]
    return float(neighbours_shared(mu, xy, rows, neighbours).mean())


def neighbours_shared(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    rows: NDArray[np.int64],
    neighbours: int = NEIGHBOURS,
    progress: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float64]:
    """Of some points' nearest in one space, the share that are among their nearest in another, in [0, 1].

    Args:
        first, second: the same N things in two spaces, [N, D] and [N, E].
        rows: which are asked, [K].
        neighbours: how many count as near.
        progress: told the share that is done, 0 to 1; what it raises ends the search.

    Returns:
        float64 [K].
    """
    neighbours = min(neighbours, len(first) - 1)
    shared: list[float] = []
    for start in range(0, len(rows), AT_ONCE):
        progress(start / len(rows))
        part = rows[start : start + AT_ONCE]
        pairs = zip(*(_nearest_to(part, points, neighbours) for points in (first, second)), strict=True)
        shared += [len(np.intersect1d(*pair)) / neighbours for pair in pairs]
    return np.array(shared)


def _nearest_to(rows: NDArray[np.int64], points: NDArray[np.floating], neighbours: int) -> NDArray[np.int64]:
    """The points [M, D] nearest to some of them, themselves left out: int64 [len(rows), neighbours]."""
    points = (points - points.mean(0)).astype(np.float32)  # squares stay small, and their differences exact
    squared = np.square(points).sum(1) - 2 * points[rows] @ points.T  # but for a constant in each row
    squared[np.arange(len(rows)), rows] = np.inf
    return np.argpartition(squared, neighbours - 1, axis=1)[:, :neighbours]


def neighbour_auc(
    xy: NDArray[np.floating], present: NDArray[np.bool_], asked: int = 4000, neighbours: int = 30
) -> float:
    """How well a face's neighbours on the map tell whether it has an attribute, as a mean over attributes: an AUC.

    Args:
        xy: places [M, 2].
        present: bool [M, A]; attributes that fewer than 20 of those asked have, or lack, are left out.
        asked: how many faces, at most, chosen evenly.
        neighbours: how many are asked of each.

    Returns:
        0.5 where they say nothing, 1 where the share of them that have it puts all faces in order; NaN of nothing.
    """
    from scipy.spatial import cKDTree

    rows = np.unique(np.linspace(0, len(xy) - 1, min(asked, len(xy))).astype(int))
    near = cKDTree(xy).query(xy[rows], min(neighbours, len(xy) - 1) + 1)[1][:, 1:]
    truth = present[rows]
    told = truth.sum(0)
    clear = (told >= FEWEST) & (len(rows) - told >= FEWEST)
    if not clear.any():
        return float("nan")
    shares = np.stack([column[near].mean(1) for column in present.T[clear]], 1)
    return float(areas_under_roc(shares, truth[:, clear]).mean())


def trustworthiness(
    mu: NDArray[np.floating], xy: NDArray[np.floating], seed: int, subset: int = 3000, neighbours: int = NEIGHBOURS
) -> float:
    """Whether map neighbours are neighbours in the latent space too: 0 to 1; 0.5 is about chance.

    Args:
        mu: codes [M, D].
        xy: places [M, 2].
        seed: chooses the `subset` of faces among which neighbours are sought (all pairs of 26,000 take 5 GB).
        subset: how many faces.
        neighbours: how many count as near.

    Source: Venna and Kaski 2001, "Neighborhood preservation in nonlinear projection methods", equation 1.
    """
    from sklearn.manifold import trustworthiness as measured

    rows = np.sort(np.random.default_rng(seed).permutation(len(mu))[:subset])
    neighbours = min(neighbours, max(1, (len(rows) - 1) // 2))
    return float(measured(mu[rows].astype(np.float32), xy[rows], n_neighbors=neighbours))
