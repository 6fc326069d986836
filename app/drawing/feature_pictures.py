"""Feature maps as pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

OFF = np.array([217, 98, 30], np.uint8)  # of a channel that is switched off
DARK, LIGHT = np.array([16, 30, 46], np.float32), np.array([255, 244, 214], np.float32)
TILE = 64  # pixels of a channel on a sheet


def seen(features: NDArray[np.floating]) -> NDArray[np.uint8]:
    """All channels [C, H, W] of a layer in one picture, dark where none says anything: uint8 [H, W, 3]."""
    return _coloured(_stretched(np.abs(features).mean(0)))


def channel_sheet(
    features: NDArray[np.floating], order: Sequence[int], columns: int, off: Collection[int] = ()
) -> NDArray[np.uint8]:
    """Channels side by side, without gaps, each stretched by itself.

    Args:
        features: [C, H, W].
        order: of the channels that are shown.
        columns: a row.
        off: channels that are switched off, and drawn in one colour.
    """
    rows = -(-len(order) // columns)
    sheet = np.zeros((rows * TILE, columns * TILE, 3), np.uint8)
    for place, channel in enumerate(order):
        top, left = place // columns * TILE, place % columns * TILE
        tile = _coloured(_stretched(features[channel])) if channel not in off else np.broadcast_to(OFF, (1, 1, 3))
        sheet[top : top + TILE, left : left + TILE] = _enlarged(tile)
    return sheet


def code_picture(z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """A latent [D] as a column of coloured lines, orange above 0 and blue below: uint8 [D, 1, 3]."""
    share = np.clip(np.abs(z) / max(float(np.percentile(np.abs(z), 98)), 1e-9), 0, 1)[:, None]
    ends = np.where(z[:, None] >= 0, np.array([224, 122, 47.0]), np.array([43, 108, 176.0]))
    return (255 + share * (ends - 255)).round().astype(np.uint8)[:, None]


def _stretched(values: NDArray[np.floating]) -> NDArray[np.float32]:
    low, high = float(values.min()), float(values.max())
    return ((values - low) / max(high - low, 1e-9)).astype(np.float32)


def _coloured(shares: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (DARK + shares[..., None] * (LIGHT - DARK)).round().astype(np.uint8)


def _enlarged(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """To `TILE` pixels by repeating or leaving out, so that single numbers stay square."""
    across = np.arange(TILE) * tile.shape[1] // TILE
    down = np.arange(TILE) * tile.shape[0] // TILE
    return tile[down][:, across]
