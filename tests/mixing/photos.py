"""Photos as phones and programs write them, mixed at random: where each corner of the picture must be is known."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from faces.photo import PhotoError, read_photo
from tests.mixing.lists import Random

CORNERS = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (200, 200, 40))  # from the upper left, as rows are read
FORMATS = ("JPEG", "JPEG", "JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF", "TIFF", "ICO")
MODES = {"JPEG": ("RGB", "CMYK", "L"), "PNG": ("RGB", "RGBA", "P", "L", "LA", "1", "I;16"), "WEBP": ("RGB", "RGBA")}
# Pillow's way to undo each EXIF orientation, so that applying it backwards gives what the camera stored.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
GREY = {"L", "LA", "1", "I;16"}


def check(random: Random) -> str:
    """Make a photo and read it; returns "read" or "refused".

    Raises:
        AssertionError: a whole file of a known format is refused, or it comes out turned or in other colours.
    """
    width, height = (int(side) for side in random.integers(32, 200, 2))
    upright = Image.new("RGB", (width, height))
    for i, colour in enumerate(CORNERS):
        upright.paste(colour, (i % 2 * width // 2, i // 2 * height // 2, width, height if i > 1 else height // 2))
    kind = str(random.choice(FORMATS))
    mode = str(random.choice(MODES.get(kind, ("RGB",))))
    turned = int(random.integers(0, 10)) if kind in ("JPEG", "PNG", "WEBP") else 0
    stored = upright.transpose(STORED[turned]) if turned in STORED else upright
    exif = Image.Exif()
    exif[0x0112] = turned
    more = {"exif": exif} if turned else {}
    buffer = io.BytesIO()
    as_mode = Image.fromarray(np.asarray(stored.convert("L")).astype(np.uint16) * 257) if mode == "I;16" else None
    (as_mode or stored.convert(mode)).save(buffer, kind, **more)
    content, damaged = _around(random, buffer.getvalue())
    try:
        read = read_photo(content)
    except PhotoError:
        assert damaged or kind in ("TIFF", "ICO"), f"{kind} of {mode} was refused"
        return "refused"
    assert read.mode == "RGB"
    if not damaged:
        _hold_against(read, upright.convert("L").convert("RGB") if mode in GREY else upright, mode)
    return "read"


def _around(random: Random, content: bytes) -> tuple[bytes, bool]:
    """The file with something behind it, which is no fault, or cut short or changed, which is one."""
    match random.integers(6):
        case 0:
            return content + random.bytes(int(random.integers(1, 3000))), False  # a motion photo's film
        case 1:
            return content[: int(random.integers(len(content)))], True
        case 2:
            at = int(random.integers(len(content)))
            return content[:at] + random.bytes(3) + content[at + 3 :], True
    return content, False


def _hold_against(read: Image.Image, upright: Image.Image, mode: str) -> None:
    assert read.size == upright.size, f"{read.size} instead of {upright.size}"
    for x in (0.2, 0.8) if mode != "1" else ():  # black and white dots
        for y in (0.2, 0.8):
            at = int(x * read.width), int(y * read.height)
            off = np.abs(np.subtract(read.getpixel(at), upright.getpixel(at), dtype=float)).max()
            assert off < (60 if mode == "P" else 40), f"{mode}: another colour at {at}, by {off:.0f}"
