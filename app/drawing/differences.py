"""Where two pictures differ, as a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ERROR_GAIN = 3  # an error of a third of the range is white
ADDED_GAIN = 4  # as in app/components/latent_pad/vivid.mjs


def error_picture(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Three times the mean absolute difference of the channels: two uint8 [S, S, 3] to uint8 [S, S]."""
    difference = np.abs(a.astype(np.float32) - b).mean(2)
    return np.clip(difference * ERROR_GAIN, 0, 255).astype(np.uint8)


def added_picture(a: NDArray[np.uint8], without: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a picture has that another has not, brightened around a middle grey: two uint8 [S, S, 3] to another."""
    return np.clip(128 + ADDED_GAIN * (a.astype(np.int16) - without), 0, 255).astype(np.uint8)
