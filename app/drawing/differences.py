"""Where two pictures differ, as a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ERROR_GAIN = 3  # an error of a third of the range is white


def error_picture(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Three times the mean absolute difference of the channels: two uint8 [S, S, 3] to uint8 [S, S]."""
    difference = np.abs(a.astype(np.float32) - b).mean(2)
    return np.clip(difference * ERROR_GAIN, 0, 255).astype(np.uint8)
