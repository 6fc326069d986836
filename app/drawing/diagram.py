"""A network drawn from its real layers."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.drawing.picture_files import png_address
from app.texts import N_, _, ngettext, numeral
from models.config import ModelConfig
from models.layer import Layer

STYLE = """<style>
.fs-net { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.75rem 0.4rem; padding: 0.25rem 0 0.5rem; }
.fs-net figure { margin: 0; text-align: center; flex: 0 0 auto; width: 5.4rem; }
.fs-net figure > b { display: flex; height: 8.5rem; align-items: center; justify-content: center; }
.fs-net i { display: block; border-radius: 3px; background: #3a8294; }
.fs-net :is(.in, .out) { flex-grow: 1.5 !important; }
.fs-net img { display: block; max-width: 100%; border-radius: 2px; image-rendering: pixelated;
  outline: 1px solid #3a8294; }
.fs-net .stack img { box-shadow: 3px -3px 0 -1px #3a8294, 6px -6px 0 -2px #3a8294, 9px -9px 0 -3px #3a8294; }
.fs-net .code img { outline-color: #e07a2f; }
.fs-net .in i, .fs-net .out i { background: #8b5fbf; }
.fs-net .code i { background: #e07a2f; }
.fs-net figcaption { font-size: 0.75rem; line-height: 1.3; font-variant-numeric: tabular-nums; hyphens: auto;
  overflow-wrap: break-word; }
.fs-net figcaption small { opacity: 0.75; font-size: inherit; display: block; }
.fs-net > span { opacity: 0.5; flex: 0 0 auto; line-height: 8.5rem; }
@media (max-width: 640px) { /* four to a row */
  .fs-net figure { width: 4.6rem; }
  .fs-net figure > b, .fs-net > span { zoom: 0.62; }
}
</style>"""
LAYERS = (
    *(N_("encoder"), N_("decoder"), N_("classifier")),
    *(N_("convolution"), N_("transposed convolution"), N_("linear layer")),
)
"""What `models.layers` calls parts and kinds of layers; it stands below the app and knows no catalogue."""


@dataclass(frozen=True, eq=False)
class Carried:
    """A picture on its way through an autoencoder, as a picture uint8 [H, W, 3] for each block.

    Attributes:
        before, behind: what goes in, and what comes out.
        encoder: behind each of its convolutions.
        code: the latent.
        decoder: behind its linear layer and each of its convolutions but the last.
    """

    before: NDArray[np.uint8]
    encoder: Sequence[NDArray[np.uint8]]
    code: NDArray[np.uint8]
    decoder: Sequence[NDArray[np.uint8]]
    behind: NDArray[np.uint8]

    def all(self) -> list[NDArray[np.uint8]]:
        """In the order of the blocks."""
        return [self.before, *self.encoder, self.code, *self.decoder, self.behind]


def diagram(config: ModelConfig, layers: Sequence[Layer], carried: Carried | None = None) -> str:
    """HTML: each layer's output as a block as high as its map's side and as wide as its channels are many.

    Args:
        config: of the network.
        layers: `models.layers.layers(network)`; those beside the others are left out.
        carried: the pictures to draw in place of plain blocks.
    """
    blocks, side = blocks_of(config, layers), config.image_size
    pictures = [None] * len(blocks) if carried is None else carried.all()
    drawn = [
        _block(shape, name, kind, _plain(shape, side) if picture is None else _picture(shape, side, picture))
        for (shape, name, kind), picture in zip(blocks, pictures, strict=True)
    ]
    words = f'role="img" aria-label="{html.escape(_spoken(layers))}"'
    return f'{STYLE}<div class="fs-net" {words}>{"<span>›</span>".join(drawn)}</div>'


def blocks_of(config: ModelConfig, layers: Sequence[Layer]) -> list[tuple[tuple[int, ...], str, str]]:
    """What is drawn, from left to right: shape, name, and "in", "out", "code" or "" for a layer's output."""
    side, shown = config.image_size, [layer for layer in layers if not layer.beside]
    blocks: list[tuple[tuple[int, ...], str, str]] = [((3, side, side), _("picture"), "in")]
    if config.kind == "classifier":
        blocks += [(layer.shape, _(layer.kind), "") for layer in shown[:-1]]
        blocks.append((shown[-1].shape, _("attributes"), "code"))
    else:
        encoder, decoder = ([layer for layer in shown if layer.part == part] for part in ("encoder", "decoder"))
        blocks += [(layer.shape, _(layer.kind), "") for layer in encoder[:-1]]
        blocks.append(((config.latent_dim,), _("latent z"), "code"))
        blocks += [(layer.shape, _(layer.kind), "") for layer in decoder[:-1]]
        blocks.append((decoder[-1].shape, _("picture"), "out"))
    return blocks


def refinement_words(config: ModelConfig) -> str:
    """What becomes of a code between encoder and decoder, for a caption: empty for most networks."""
    if config.mapping_width:
        return " " + _(
            "In front of the decoder a small network, not drawn, moves points of plain noise to where faces lie; the "
            "code of a face stays where it is."
        )
    if not config.refinement_steps:
        return ""
    words = ngettext(
        "The encoder's code is then corrected once: it is decoded, compared with the picture, and moved to where the "
        "decoder draws the picture better.",
        "The encoder's code is then corrected {count} times: it is decoded, compared with the picture, and moved to "
        "where the decoder draws the picture better.",
        config.refinement_steps,
    )
    return " " + words.format(count=config.refinement_steps)


def _block(shape: tuple[int, ...], name: str, kind: str, inside: str) -> str:
    sizes = [numeral(math.prod(shape), ",")]
    if len(shape) > 1:
        sizes.insert(0, " × ".join(map(str, shape)))
    said = "".join(f"<small>{size}</small>" for size in sizes)
    return f'<figure class="{kind}">{inside}<figcaption>{html.escape(name)}{said}</figcaption></figure>'


def block_size(shape: tuple[int, ...], side: int) -> tuple[float, float]:
    """How wide and how high a layer's output is drawn, in pixels, in a network of pictures of this side."""
    channels, height = (shape[0], shape[1]) if len(shape) == 3 else (1, 0)
    tall = 12 + 108 * height / side if height else 12 + 8 * math.log2(shape[0])
    return 6 + 5 * math.log2(channels) if height else 8, tall


def _plain(shape: tuple[int, ...], side: int) -> str:
    wide, tall = block_size(shape, side)
    return f'<b><i style="height: {tall:.0f}px; width: {wide:.0f}px"></i></b>'


def _picture(shape: tuple[int, ...], side: int, picture: NDArray[np.uint8]) -> str:
    """What a layer makes of a picture, never so small that nothing is seen on it; several channels are a stack."""
    height, width = picture.shape[:2]
    tall = 7.0 if width == 1 else 2.25 + 4.75 * height / side
    wide = 1.0 if width == 1 else tall
    stack = ' class="stack"' if width > 1 and shape[0] > 3 else ""
    style = f"height: {tall:.2f}rem; width: {wide:.2f}rem" if width == 1 else f"width: {wide:.2f}rem; aspect-ratio: 1"
    return f'<b{stack}><img src="{png_address(picture)}" alt="" style="{style}"></b>'


def _spoken(layers: Sequence[Layer]) -> str:
    words = _("{part}: {kind}, {count} numbers")
    return "; ".join(words.format(part=_(one.part), kind=_(one.kind), count=one.numbers) for one in layers)
