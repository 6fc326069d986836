"""What the way from noise to a face is given, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class PathMessage(TypedDict):
    """N draws at each of T moments between noise and face; it never answers.

    `points` is the address of T * N * D little-endian float32 numbers, moment by moment; `places` holds T * N pairs on
    the map in [0, 1], y upwards; `crowd` is the address of a picture of the map in grey; `noise` and `face` are what is
    said at the two ends.
    """

    base: str
    name: str
    decoder: str
    points: str
    moments: int
    draws: int
    dimensions: int
    places: list[list[float]]
    crowd: str
    side: int
    label: str
    noise: str
    face: str
