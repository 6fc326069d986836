"""How close one picture comes to another; free of torch, for pages that a first visitor waits for."""

from __future__ import annotations

import math


def psnr(mse: float) -> float:
    """Decibels of a mean squared error of values in [0, 1]: -10 log10(mse)."""
    return math.inf if mse == 0 else -10 * math.log10(mse)
