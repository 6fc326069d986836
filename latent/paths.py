"""Ways between points: straight, along a sphere, across a grid, and by analogy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Way = Literal["straight", "spherical"]
WAYS: tuple[Way, ...] = ("straight", "spherical")
NARROW = 1e-4  # radians; at such an angle, or as near to the opposite, an arc is drawn as a straight line


def between(
    a: NDArray[np.floating], b: NDArray[np.floating], t: float, way: Way, centre: NDArray[np.floating]
) -> NDArray[np.float64]:
    """The point at a share t of the way from one point to another: float64 [D].

    Args:
        a, b: [D].
        t: 0 is a, 1 is b.
        way: "straight", or "spherical": along the arc around the centre, so that the length does not sag in between.
        centre: [D], of the sphere, such as the average face.

    Source: Shoemake 1985, "Animating rotation with quaternion curves"; White 2016, arXiv 1609.04468.
    """
    start, end = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if way == "spherical":
        middle = np.asarray(centre, np.float64)
        p, q = start - middle, end - middle
        lengths = float(np.linalg.norm(p) * np.linalg.norm(q))
        angle = float(np.arccos(np.clip(p @ q / lengths, -1, 1))) if lengths > 0 else 0.0
        if NARROW < angle < np.pi - NARROW:
            return middle + (np.sin((1 - t) * angle) * p + np.sin(t * angle) * q) / np.sin(angle)
    return (1 - t) * start + t * end


def walk(
    points: Sequence[NDArray[np.floating]], count: int, way: Way, centre: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Points at equal steps along the way through two or more points: float32 [count, D].

    Args:
        points: [D] each; every leg between neighbours takes equally many steps.
        count: how many, 2 or more; the first and the last are the ends themselves.
        way, centre: as in `between`.

    Raises:
        ValueError: fewer than two points or steps.
    """
    if len(points) < 2 or count < 2:
        raise ValueError(f"a way needs at least 2 points and 2 steps, not {len(points)} and {count}.")
    legs = len(points) - 1
    rows = []
    for place in np.linspace(0, legs, count):
        leg = min(int(place), legs - 1)
        rows.append(between(points[leg], points[leg + 1], float(place) - leg, way, centre))
    return np.array(rows, np.float32)


def grid(corners: Sequence[NDArray[np.floating]], side: int) -> NDArray[np.float32]:
    """Straight blends of four points, row by row: float32 [side * side, D].

    Args:
        corners: [D] each: top left, top right, bottom left, bottom right.
        side: points along each edge, 2 or more.

    Raises:
        ValueError: not four corners, or a side under 2.
    """
    if len(corners) != 4 or side < 2:
        raise ValueError(f"a grid needs 4 corners and a side of at least 2, not {len(corners)} and {side}.")
    top_left, top_right, bottom_left, bottom_right = (np.asarray(corner, np.float64) for corner in corners)
    shares = np.linspace(0, 1, side)
    across, down = np.meshgrid(shares, shares)
    x, y = across.ravel()[:, None], down.ravel()[:, None]
    blended = (1 - y) * ((1 - x) * top_left + x * top_right) + y * ((1 - x) * bottom_left + x * bottom_right)
    return blended.astype(np.float32)


def analogy(a: NDArray[np.floating], b: NDArray[np.floating], c: NDArray[np.floating]) -> NDArray[np.float32]:
    """A is to B as C is to the answer: c + b - a, float32 [D]."""
    return (np.asarray(c, np.float64) + np.asarray(b, np.float64) - np.asarray(a, np.float64)).astype(np.float32)
