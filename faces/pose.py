"""Where a face lies and how it is turned: the third network's readings at many rotations, followed to rest.

A pose is the square that the network reads, as complex numbers: `turn * z + middle` brings the square's coordinates
(-1 to 1 each way) into the picture, |turn| is half its side, and the angle of `turn` the face's rotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from faces import annotators
from faces.alignment import TARGETS, Similarity, fit_similarity
from faces.cascade import CROP, SMALL_CROP, Readings, glance, look, sample, to_planes

ANGLES = 8  # each square is glanced at in as many rotations; the networks bear half a step of 22 degrees
FOLLOWED = (3, 2, 1)  # so many of them are followed in each round

# The square of CelebA's frame that the third network reads best (largest scores, least scatter on the validation part),
MIDDLE, HALF = 88.5 + 127.0j, 48.0
# and the medians of its readings there: by so much it differs from CelebA's annotators.
BIAS = np.array([-0.65 + 0.35j, 0.8 + 0.35j, 0.05 - 0.35j])
TEMPLATE: NDArray[np.complex128] = (TARGETS.astype(np.float64) @ np.array([1, 1j]) + BIAS - MIDDLE) / HALF

# Three such squares of CelebA's frame (middle, half side); their readings, averaged with those in the mirror, differ
# from CelebA's annotators by this much (mean over 6,000 training pictures).
SQUARES = ((88.5 + 126j, 40), (88.5 + 127j, 48), (88.5 + 128j, 56))
MIDDLES, HALVES = (np.array(values, np.complex128) for values in zip(*SQUARES, strict=True))
MEAN_BIAS = np.array([-0.46 + 0.10j, 0.46 + 0.10j, -0.07j])


@dataclass(frozen=True, eq=False)
class Poses:
    """N poses and what the network says of them.

    Attributes:
        turns, middles: complex128 [N], see above.
        scores: float64 [N], 0 to 1.
        misfits: float64 [N], root mean square distance of the three points from a face's proportions, in half sides.
    """

    turns: NDArray[np.complex128]
    middles: NDArray[np.complex128]
    scores: NDArray[np.float64]
    misfits: NDArray[np.float64]

    def __getitem__(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Poses:
        return Poses(self.turns[which], self.middles[which], self.scores[which], self.misfits[which])

    def __len__(self) -> int:
        return len(self.turns)

    @staticmethod
    def join(parts: Sequence[Poses]) -> Poses:
        """The poses of all parts, in their order."""
        turns, middles = (np.concatenate(some) for some in zip(*((p.turns, p.middles) for p in parts), strict=True))
        scores, misfits = (np.concatenate(some) for some in zip(*((p.scores, p.misfits) for p in parts), strict=True))
        return Poses(turns, middles, scores, misfits)


def settle(levels: list[Tensor], squares: NDArray[np.float64]) -> Poses:
    """The best poses of faces that may lie in some squares, at any rotation.

    Args:
        levels: see `faces.cascade.halvings`.
        squares: float64 [K, 4], x0, y0, x1, y1 of upright squares, edges of pixels.

    Returns:
        One pose a square.
    """
    if not len(squares):
        return Poses(np.empty(0, np.complex128), np.empty(0, np.complex128), np.empty(0), np.empty(0))
    half = np.repeat((squares[:, 2] - squares[:, 0]) / 2, ANGLES)
    middles = np.repeat((squares[:, :2] + squares[:, 2:]) / 2 @ np.array([1, 1j]) - (0.5 + 0.5j), ANGLES)
    turns = half * np.tile(np.exp(2j * np.pi * np.arange(ANGLES) / ANGLES), len(squares))
    kept = _best(glance(sample(levels, turns, middles, SMALL_CROP)), ANGLES, FOLLOWED[0])
    poses = follow(levels, turns[kept], middles[kept])
    for had, keep in pairwise(FOLLOWED):
        poses = poses[_best(poses.scores - poses.misfits, had, keep)]
        poses = follow(levels, poses.turns, poses.middles)
    return poses


def _best(values: NDArray[np.float64], group: int, keep: int) -> NDArray[np.int64]:
    """Of each `group` of values in a row, the positions of the `keep` largest."""
    rank = values.reshape(-1, group).argsort(axis=1)[:, ::-1][:, :keep]
    return (rank + group * np.arange(len(rank))[:, None]).ravel()


def follow(levels: list[Tensor], turns: NDArray[np.complex128], middles: NDArray[np.complex128]) -> Poses:
    """Read some poses, and move each to where its points say that the face is. The scores are those before the move."""
    readings = look(sample(levels, turns, middles, CROP))
    # The least-squares similarity of faces.alignment.fit_similarity, for all N at once.
    centre = readings.points.mean(axis=1, keepdims=True)
    template = TEMPLATE - TEMPLATE.mean()
    by = (readings.points - centre) @ template.conj() / np.sum(np.abs(template) ** 2)
    rest = readings.points - centre - by[:, None] * template
    misfits = np.sqrt(np.mean(np.abs(rest) ** 2, axis=1)) / np.maximum(np.abs(by), 1e-6)
    by = np.where(np.abs(by) < 0.2, 0.2, by)  # a reading without sense shall not collapse the square
    shift = centre[:, 0] - by * TEMPLATE.mean()
    return Poses(turns * by, middles + turns * shift, readings.scores, misfits)


def refine(aligned: Image.Image) -> tuple[Similarity, float, float]:
    """The small correction that takes a face almost in CelebA's frame into it, and how much it looks like a face there.

    The mean of six readings: three squares, each also in the mirror, where errors to the left become errors to the
    right.
    Chance resemblances seldom convince all six, or put the eyes and the mouth in the same places.

    Args:
        aligned: RGB, 178 x 218, at most a few pixels and degrees off.

    Returns:
        The correction, the mean score (0 to 1), and the root mean square disagreement of the readings in pixels.
    """
    readings = read_squares(to_planes(aligned))
    mean, disagreement = mean_reading(readings)
    corrected = mean - MEAN_BIAS + annotators.shift(readings.features.reshape(2, len(SQUARES), -1))
    fit = fit_similarity(np.stack([corrected.real, corrected.imag], axis=1), TARGETS)
    return fit, float(readings.scores.mean()), disagreement


def read_squares(planes: Tensor) -> Readings:
    """The third network on `SQUARES` of a picture in CelebA's frame, then on their mirror images."""
    crops = sample([planes], HALVES, MIDDLES, CROP)
    return look(torch.cat([crops, crops.flip(3)]))


def mean_reading(readings: Readings) -> tuple[NDArray[np.complex128], float]:
    """The mean of `read_squares` in the frame's pixels, complex128 [3], and the readings' disagreement in pixels."""
    plain, mirrored = np.split(readings.points, 2)
    points = np.concatenate([plain, annotators.in_the_mirror(mirrored)])
    points = points * np.tile(HALVES, 2)[:, None] + np.tile(MIDDLES, 2)[:, None]
    mean = points.mean(axis=0)
    return mean, float(np.sqrt(np.mean(np.abs(points - mean) ** 2)))
