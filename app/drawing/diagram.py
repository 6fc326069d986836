"""A network drawn from its real layers."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.config import ModelConfig

if TYPE_CHECKING:
    from models.layers import Layer

STYLE = """<style>
.fs-net { display: flex; align-items: flex-start; gap: 0.4rem; overflow-x: auto; padding: 0.25rem 0 0.5rem; }
.fs-net figure { margin: 0; text-align: center; flex: 0 0 auto; width: 5.4rem; }
.fs-net figure > b { display: flex; height: 124px; align-items: center; justify-content: center; }
.fs-net i { display: block; border-radius: 3px; background: #3a8294; }
.fs-net .in i, .fs-net .out i { background: #8b5fbf; }
.fs-net .code i { background: #e07a2f; }
.fs-net figcaption { font-size: 0.75rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.fs-net figcaption small { opacity: 0.75; font-size: inherit; display: block; }
.fs-net > span { opacity: 0.5; flex: 0 0 auto; line-height: 124px; }
</style>"""


def diagram(config: ModelConfig, layers: Sequence[Layer]) -> str:
    """HTML: each layer's output as a block as high as its map's side and as wide as its channels are many.

    Args:
        config: of the network.
        layers: `models.layers.layers(network)`; those beside the others are left out.
    """
    side, shown = config.image_size, [layer for layer in layers if not layer.beside]
    blocks = [_block((3, side, side), side, "picture", "in")]
    if config.kind == "classifier":
        blocks += [_block(layer.shape, side, layer.kind) for layer in shown[:-1]]
        blocks.append(_block(shown[-1].shape, side, "attributes", "code"))
    else:
        encoder, decoder = ([layer for layer in shown if layer.part == part] for part in ("encoder", "decoder"))
        blocks += [_block(layer.shape, side, layer.kind) for layer in encoder[:-1]]
        blocks.append(_block((config.latent_dim,), side, "latent z", "code"))
        blocks += [_block(layer.shape, side, layer.kind) for layer in decoder[:-1]]
        blocks.append(_block(decoder[-1].shape, side, "picture", "out"))
    return f'{STYLE}<div class="fs-net" role="img" aria-label="{_spoken(layers)}">{"<span>›</span>".join(blocks)}</div>'


def refinement_words(config: ModelConfig) -> str:
    """What becomes of a code between encoder and decoder, for a caption: empty for most networks."""
    if not config.refinement_steps:
        return ""
    times = "once" if config.refinement_steps == 1 else f"{config.refinement_steps} times"
    return (
        f" The encoder's code is then corrected {times}: it is decoded, compared with the picture, and moved to where "
        "the decoder draws the picture better."
    )


def _block(shape: tuple[int, ...], side: int, name: str, kind: str = "") -> str:
    channels, height = (shape[0], shape[1]) if len(shape) == 3 else (1, 0)
    tall = 12 + 108 * height / side if height else 12 + 8 * math.log2(shape[0])
    wide = 6 + 5 * math.log2(channels) if height else 8
    size = " × ".join(map(str, shape))
    return (
        f'<figure class="{kind}"><b><i style="height: {tall:.0f}px; width: {wide:.0f}px"></i></b><figcaption>'
        f"{html.escape(name)}<small>{size}</small><small>{math.prod(shape):,}</small></figcaption></figure>"
    )


def _spoken(layers: Sequence[Layer]) -> str:
    return "; ".join(f"{layer.part}: {layer.kind}, {layer.numbers} numbers" for layer in layers)
