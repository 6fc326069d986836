"""The drawing of a network as an SVG file, for a paper or a slide: light, whatever the page looks like."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.drawing.diagram import Carried, block_size, blocks_of
from app.drawing.picture_files import png_address
from app.drawing.saved_file import save_button
from app.texts import _, numeral
from models.config import ModelConfig
from models.layer import Layer

STEP, HIGH, LINE, LETTERS = 100, 140, 15, 15  # from block to block, room for one, of text; letters in a line
COLOURS = {"in": "#8b5fbf", "out": "#8b5fbf", "code": "#e07a2f", "": "#3a8294"}
THIN, SMALLEST = 18, 40  # of a picture of a code, and of any other, so that something is seen on it


def save_diagram(
    config: ModelConfig, layers: Sequence[Layer], name: str, key: str, carried: Carried | None = None
) -> None:
    """The button under a drawn network that saves it.

    Args:
        config, layers, carried: as for `diagram`.
        name: of the model.
        key: of the button.
    """
    save_button(
        _("Save the drawing as SVG"),
        lambda: diagram_svg(config, layers, carried).encode(),
        f"facespace-{name}-network.svg",
        "image/svg+xml",
        key,
        "tertiary",
    )


def diagram_svg(config: ModelConfig, layers: Sequence[Layer], carried: Carried | None = None) -> str:
    """SVG of what `diagram` shows; the arguments are its own."""
    blocks = blocks_of(config, layers)
    pictures = [None] * len(blocks) if carried is None else carried.all()
    drawn, most = [], 0
    for at, ((shape, name, kind), picture) in enumerate(zip(blocks, pictures, strict=True)):
        middle = (at + 0.5) * STEP
        wide, tall = block_size(shape, config.image_size)
        drawn.append(_box(middle, wide, tall, kind) if picture is None else _picture(middle, tall, kind, picture))
        lines = [*textwrap.wrap(name, LETTERS), " × ".join(map(str, shape)), numeral(math.prod(shape), ",")]
        inks = ["#222222"] * (len(lines) - 2) + ["#666666"] * 2
        drawn += [
            f'<text x="{middle}" y="{HIGH + LINE * row}" fill="{ink}">{html.escape(line)}</text>'
            for row, (line, ink) in enumerate(zip(lines, inks, strict=True), 1)
        ]
        if at:
            drawn.append(f'<text x="{at * STEP}" y="{HIGH / 2 + 4}" fill="#999999">›</text>')
        most = max(most, len(lines))
    width, height = len(blocks) * STEP, HIGH + LINE * (most + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12" text-anchor="middle">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(drawn)}</svg>'
    )


def _box(middle: float, wide: float, tall: float, kind: str) -> str:
    place = f'x="{middle - wide / 2:.1f}" y="{(HIGH - tall) / 2:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
    return f'<rect {place} rx="3" fill="{COLOURS[kind]}"/>'


def _picture(middle: float, tall: float, kind: str, picture: NDArray[np.uint8]) -> str:
    high = max(SMALLEST, tall) if picture.shape[1] > 1 else tall
    wide = min(STEP - 12, high) if picture.shape[1] > 1 else THIN
    high = wide if picture.shape[1] > 1 else high
    place = f'x="{middle - wide / 2:.1f}" y="{(HIGH - high) / 2:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return (
        f'<image {place} preserveAspectRatio="none" style="image-rendering: pixelated" href="{png_address(picture)}"/>'
        f'<rect {place} fill="none" stroke="{COLOURS[kind]}"/>'
    )
