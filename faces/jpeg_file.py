"""The first picture of a JPEG file: where it ends, in how many layers it is stored, and whether its end is missing.

Phones put films, depth maps and further pictures behind a photo; a broken transfer leaves the last bytes out. Neither
is of any use here, and neither may keep the photo from being read.
Source: ITU-T T.81 (1992), annex B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

START, END, SCAN = 0xD8, 0xD9, 0xDA
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM and the restart markers
MARKER = b"\xff"
MOST_MISSING = (
    0.05  # of the rows: what a few last bytes hold; of a picture with less than that a part is shown as whole
)


@dataclass(frozen=True)
class FirstPicture:
    """What there is of it.

    Attributes:
        data: its bytes, with an end marker in any case.
        scans: layers that it is stored in; one, or about ten where it is progressive.
        whole: the end marker was there.
    """

    data: bytes
    scans: int
    whole: bool


def first_picture(data: bytes) -> FirstPicture:
    """Cut the first picture out of a JPEG file.

    Args:
        data: a file that begins as a JPEG does.
    """
    place, scans = 2, 0
    while 0 <= (place := data.find(MARKER, place)) < len(data) - 1:
        kind = data[place + 1]
        if kind == END:
            return FirstPicture(data[: place + 2], scans, whole=True)
        if kind in (0, 0xFF) or kind in WITHOUT_LENGTH:
            place += 1 if kind == 0xFF else 2
            continue
        scans += kind == SCAN
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return FirstPicture(data.removesuffix(MARKER) + bytes((0xFF, END)), scans, whole=False)


def missing_rows(picture: Image.Image) -> float:
    """The share of a decoded picture's rows that were not in its file, from 0 to 1.

    A decoder goes on with the last colour it knew, so the rows at the bottom that have one colour each, and all the
    same, are counted. What is missing of a progressive picture's later layers cannot be told, nor is it a loss.
    """
    pixels = np.asarray(picture)
    alike = (pixels == pixels[-1:, -1:]).reshape(len(pixels), -1).all(1)
    return float(np.argmin(alike[::-1]) / len(pixels)) if not alike.all() else 1.0
