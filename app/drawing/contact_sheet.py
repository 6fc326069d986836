"""Many faces on one sheet with what each is called: a picture for a slide, a PDF for handouts."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.drawing.picture_files import enlarge, montage, png
from app.texts import _

A4, DOTS = (1240, 1754), 150  # pixels at so many dots an inch
ACROSS, DOWN, MARGIN, FACE, LINE = 5, 6, 75, 200, 24
PAGE = ACROSS * DOWN
"""Faces on one page."""


def sheet_png(pictures: NDArray[np.uint8], provenance: Mapping[str, Any]) -> bytes:
    """Faces [N, S, S, 3] in rows of ten, or in a square of fewer, as PNG with the facts in its metadata."""
    return png(montage(pictures, min(10, max(1, round(len(pictures) ** 0.5)))), provenance)


def sheet_pdf(pictures: NDArray[np.uint8], names: Sequence[str], title: str, provenance: Mapping[str, Any]) -> bytes:
    """Pages of A4 with 30 faces each, every face with its name below.

    Args:
        pictures: uint8 [N, S, S, 3], one or more.
        names: N short ones.
        title: stands on every page.
        provenance: JSON-ready facts, kept as the file's keywords.
    """
    starts = range(0, len(pictures), PAGE)
    pages = [
        _page(
            pictures[at : at + PAGE],
            names[at : at + PAGE],
            _("{title}, page {number} of {count}").format(title=title, number=number, count=len(starts)),
        )
        for number, at in enumerate(starts, 1)
    ]
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=DOTS,
        title=title,
        creator="Facespace",
        keywords=json.dumps(provenance),
        quality=92,
    )
    return buffer.getvalue()


def _page(pictures: NDArray[np.uint8], names: Sequence[str], title: str) -> Image.Image:
    page = Image.new("RGB", A4, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(18)
    pen.text((MARGIN, MARGIN - 30), title, "black", ImageFont.load_default(20))
    pitch = (A4[0] - 2 * MARGIN - FACE) // (ACROSS - 1)
    fall = FACE + 2 * LINE + 16
    for i, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        x, y = MARGIN + i % ACROSS * pitch, MARGIN + 20 + i // ACROSS * fall
        page.paste(enlarge(picture, FACE), (x, y))
        pen.text((x + FACE / 2, y + FACE + LINE / 2), name, "black", font, anchor="mm")
    return page
