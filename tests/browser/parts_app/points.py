"""The points and directions of the pad's test page, for the page and for the tests that check its pixels."""

import numpy as np

from latent.directions import Bank, Direction

DIMENSIONS = 16
SCALE = 0.5


def point(number: int) -> np.ndarray:
    """Seeded point, float32 [D]."""
    return np.random.default_rng(number).standard_normal(DIMENSIONS).astype(np.float32)


def banks() -> list[Bank]:
    """Three banks: axes (the last two unused), two attributes, and a morph that rests at a half."""
    axes = np.eye(DIMENSIONS, dtype=np.float32)
    dimensions = tuple(
        Direction(f"dim-{i}", f"Dimension {i}", axis, note=f"KL {1 / (i + 1):.2f} nats", unused=i >= DIMENSIONS - 2)
        for i, axis in enumerate(axes)
    )
    random = np.random.default_rng(99).standard_normal((3, DIMENSIONS)).astype(np.float32) * SCALE
    attributes = (Direction("eyeglasses", "Eyeglasses", random[0]), Direction("smiling", "Smiling", random[1]))
    morph = (Direction("morph", "Towards face B", random[2], 0, 1, 0.01, "", start=0.5),)
    return [
        Bank("dimensions", "Dimensions", dimensions),
        Bank("attributes", "Attributes", attributes),
        Bank("morph", "Morph", morph),
    ]
