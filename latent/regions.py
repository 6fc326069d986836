"""Regions of a map, and what sets each apart from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent.groups import distinctions

ENOUGH = 0.4  # standard deviations: the smallest effect worth a name, near "medium" in Cohen's words
ALSO = 0.75  # a second attribute is named where its effect is this share of the first one's
LOOKED_AT = 6000  # points that place the regions: more do not move them
ROUNDS = 25


@dataclass(frozen=True)
class Region:
    """A part of the map that has a name.

    Attributes:
        x, y: its middle, in the map's units.
        columns: of the one or two attributes that are more common there than elsewhere, the strongest first.
        effect: of the first one, in standard deviations.
        size: how many faces it has.
    """

    x: float
    y: float
    columns: tuple[int, ...]
    effect: float
    size: int


def named_regions(
    xy: NDArray[np.floating],
    present: NDArray[np.bool_],
    without: Sequence[int] = (),
    count: int = 16,
    seed: int = 0,
) -> list[Region]:
    """Regions of a map with what is more common in each than in the rest, the clearest first.

    The map is cut into `count` pieces by k-means. Each attribute names the one piece in which it stands out most, so
    that no name stands twice on a map; a piece where no attribute does so has none.

    Args:
        xy: [M, 2], places.
        present: [M, A], which faces have which attributes.
        without: columns that are not to be named.
        count: pieces.
        seed: of the pieces.

    Source: Lloyd 1982, "Least squares quantization in PCM"; Cohen 1988 for what counts as an effect.
    """
    if len(xy) < 2 * count:
        return []
    _, piece = _pieces(np.asarray(xy, np.float32), count, np.random.default_rng(seed))
    most: dict[int, tuple[float, int]] = {}  # of each attribute: its largest effect, and in which piece
    for number in range(count):
        for one in distinctions(present, np.flatnonzero(piece == number)):
            if one.column not in without:
                most[one.column] = max(most.get(one.column, (ENOUGH, -1)), (one.effect, number))
    found = []
    for number in range(count):
        own = sorted(((effect, column) for column, (effect, where) in most.items() if where == number), reverse=True)
        if own:
            x, y = np.median(xy[piece == number], axis=0).tolist()
            columns = tuple(column for effect, column in own[:2] if effect >= ALSO * own[0][0])
            found.append(Region(x, y, columns, own[0][0], int((piece == number).sum())))
    return sorted(found, key=lambda region: -region.effect)


def _pieces(
    xy: NDArray[np.float32], count: int, random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Centres [count, 2] by k-means, and the nearest one of each place [M]."""
    some = xy[random.permutation(len(xy))[:LOOKED_AT]]
    centres = some[:1]
    while len(centres) < count:  # each next one from those far away from all before: k-means++
        square = _squares(some, centres).min(1)
        total = float(square.sum())
        chances = square.astype(float) / total if total > 0 else None
        centres = np.concatenate([centres, some[random.choice(len(some), 1, p=_summing_to_one(chances))]])
    for _ in range(ROUNDS):
        nearest = _squares(some, centres).argmin(1)
        for number in np.unique(nearest):
            centres[number] = some[nearest == number].mean(0)
    return centres, _squares(xy, centres).argmin(1)


def _summing_to_one(chances: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    return None if chances is None else chances / chances.sum()


def _squares(xy: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared distances [N, K]."""
    right, up = (xy[:, axis, None] - centres[:, axis] for axis in (0, 1))
    return np.asarray(right * right + up * up, np.float32)
