"""What two maps of the same faces are given, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class TwoMapsMessage(TypedDict):
    """The same `count` faces on two maps; it never answers.

    `first` and `second` are addresses of 2 * count little-endian float32 numbers each, places in [0, 1] with y upwards,
    `colours` of 3 * count bytes, red, green and blue; later faces are drawn over earlier ones.
    """

    base: str
    count: int
    first: str
    second: str
    colours: str
    firstName: str
    secondName: str
