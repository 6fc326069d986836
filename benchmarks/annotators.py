"""Make `faces/annotators.npz` from CelebA's training part: `FACESPACE_CELEBA=... python -m benchmarks.annotators`.

Aligned pictures are moved, turned and scaled a little, as a face lies after the first look, some after a change of
resolution; the shift from the mean of six readings to the annotators' points is then known exactly.
"""

from __future__ import annotations

import os

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from faces import ALIGNED_SIZE, TARGETS
from faces.alignment import Similarity, warp
from faces.annotators import WEIGHTS, fit
from faces.cascade import to_planes
from faces.pose import MEAN_BIAS, MIDDLE, mean_reading, read_squares
from models.data.celeba import read_celeba

PICTURES = 10_000


def main() -> None:
    """Read the pictures, fit, and write the file."""
    if not (root := os.environ.get("FACESPACE_CELEBA")):
        raise SystemExit("Set FACESPACE_CELEBA to a CelebA folder: the weights are fitted to its training part.")
    torch.set_num_threads(1)
    folder = read_celeba(root)
    features, shifts = [], []
    for seed, i in enumerate(tqdm(folder.indices("train")[:PICTURES], "training pictures")):
        with Image.open(folder.paths[i]) as picture:
            frame, points = moved(picture.convert("RGB"), np.random.default_rng(seed))
        readings = read_squares(to_planes(frame))
        features.append(readings.features.reshape(2, 3, -1))
        shifts.append(points - (mean_reading(readings)[0] - MEAN_BIAS))
    weights, bias = fit(np.stack(features), np.stack(shifts))
    np.savez(WEIGHTS, weights=weights, bias=bias)


def moved(picture: Image.Image, random: np.random.Generator) -> tuple[Image.Image, NDArray[np.complex128]]:
    """An aligned picture almost in CelebA's frame, and where the three points have gone, complex128 [3]."""
    far = random.random() < 0.3
    scale, angle = np.exp(random.normal(0, 0.08 if far else 0.03)), np.deg2rad(random.normal(0, 6 if far else 2))
    turn = complex(scale * np.exp(1j * angle))
    to_frame = Similarity(turn, MIDDLE + complex(*random.normal(0, 4 if far else 1.5, 2)) - turn * MIDDLE)
    points = to_frame(TARGETS) @ np.array([1, 1j])
    if random.random() < 0.4:  # photos are finer or coarser
        zoom = random.uniform(0.5, 1.6)
        resize = Similarity(complex(zoom), complex(zoom - 1) * (0.5 + 0.5j))
        size = (round(ALIGNED_SIZE[0] * zoom), round(ALIGNED_SIZE[1] * zoom))
        picture, to_frame = warp(picture, resize, size), to_frame.after(resize.inverse())
    return warp(picture, to_frame, ALIGNED_SIZE, finest=1), points


if __name__ == "__main__":
    main()
