"""Seeded synthetic atlases, for the fixture app and for what its tests expect of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

POINTS = 26_000
DIMENSIONS = 128
ATTRIBUTES = ("Eyeglasses", "Smiling", "Young")


def make(model: str, points: int) -> dict[str, NDArray[Any]]:
    """The arrays of an atlas. The places of "vae" are those of "ae", turned, enlarged and moved."""
    random = np.random.default_rng(1)
    xy = bent_clusters(points, random)
    scores = np.zeros((points, len(ATTRIBUTES)), np.uint8)
    for column, (x, y, reach) in enumerate([(4, -3, 3), (-3, 4, 4), (0, 0, 9)]):
        odds = reach - np.hypot(xy[:, 0] - x, xy[:, 1] - y) + random.normal(0, 1, points)
        scores[:, column] = 255 / (1 + np.exp(-2 * odds))
    way = random.normal(0, 0.3, (2, DIMENSIONS))
    mu = random.normal(0, 0.4, (min(points, POINTS), DIMENSIONS)) + xy[:POINTS] @ way
    if model == "vae":
        xy = xy @ np.array([[0.96, 0.2], [-0.2, 0.96]]) * 1.5 + [10, 3]
        mu = mu[:, ::-1]
    return {
        "xy": xy.astype(np.float32),
        "mu": np.resize(mu.astype(np.float16), (points, DIMENSIONS)),  # of very many faces the first ones over and over
        "image": np.arange(1, points + 1, dtype=np.int32) * 7,
        "partition": random.choice(3, points, p=[0.77, 0.115, 0.115]).astype(np.uint8),
        "scores": scores,
    }


def bent_clusters(points: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Places [M, 2] in arcs of different size and density, a little like a UMAP map."""
    cluster = random.choice(9, points, p=[0.22, 0.18, 0.14, 0.12, 0.1, 0.09, 0.07, 0.05, 0.03])
    angle = cluster * 2.4 + random.normal(0, 0.45, points)
    radius = 2 + 0.9 * cluster + random.gamma(3, 0.35, points)
    arcs = np.stack([radius * np.cos(angle), 0.75 * radius * np.sin(angle)], 1)
    return arcs + random.normal(0, 0.25, (points, 2))


def nearer_of_100(xy: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Of 100 places, how many lie nearer to the middle of all: uint8 [M]."""
    away = np.hypot(*(xy - xy.mean(0)).T)
    return (100 * away.argsort().argsort() // len(xy)).astype(np.uint8)
