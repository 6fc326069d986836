"""Patterns at the scale of pixels, which features of shrunk pictures cannot see: grids, checkerboards, hatching."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

FINEST_BAND = 0.375  # cycles a pixel; 0.5 is a pattern of period 2
PERIODS = (2, 4, 8)  # pixels: what layers of stride 2 leave behind


class Spectrum:
    """The mean power spectrum of pictures, gathered batch by batch."""

    def __init__(self, image_size: int) -> None:
        """Start empty, for pictures of `image_size` x `image_size`."""
        window = torch.hann_window(image_size, periodic=True)
        self._window = window[:, None] * window
        self._sum = torch.zeros(image_size, image_size, dtype=torch.float64)
        self._count = 0

    def add(self, x: Tensor) -> None:
        """Count pictures float32 [N, 3, S, S]: brightness, its mean taken off, faded out towards the borders."""
        brightness = x.mean(1)
        brightness = brightness - brightness.mean(dim=(1, 2), keepdim=True)
        self._sum += torch.fft.fft2(brightness * self._window).abs().square().sum(0).double()
        self._count += len(x)

    def power(self) -> NDArray[np.float64]:
        """Mean power [S, S] by vertical and horizontal frequency, in the order of `numpy.fft.fftfreq`."""
        return (self._sum / max(self._count, 1)).numpy()


def finest_band_ratio(made: NDArray[np.float64], real: NDArray[np.float64]) -> dict[str, float]:
    """Power of decoded pictures over that of real ones in the finest band, 0.375 to 0.5 cycles a pixel.

    Args:
        made, real: mean power [S, S].

    Returns:
        For "horizontal" (change from left to right, as upright stripes have), "vertical" and "diagonal": 1 is as much
        fine structure as real pictures have, less is blur, more is a pattern that does not belong there.
    """
    frequency = np.abs(np.fft.fftfreq(len(made)))
    fine, coarse = frequency >= FINEST_BAND, frequency < FINEST_BAND
    bands = {
        "horizontal": np.outer(coarse, fine),
        "vertical": np.outer(fine, coarse),
        "diagonal": np.outer(fine, fine),
    }
    return {name: float(made[band].sum() / real[band].sum()) for name, band in bands.items()}


def grid_peaks(made: NDArray[np.float64], real: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Whether decoded pictures have a regular pattern of 2, 4 or 8 pixels: how far its frequency sticks out.

    The power at a period's frequency is divided by the geometric mean of the power a little below and (where there is
    any) above, and this by the same figure of real pictures. 1 is no pattern; 4 is four times the power (twice the
    strength) of what smooth surroundings would have.

    Args:
        made, real: mean power [S, S], S a multiple of 16.

    Returns:
        By "period 2", "period 4", "period 8": "horizontal", "vertical", "diagonal".
    """
    a, b = _sticking_out(made), _sticking_out(real)
    return {period: {way: a[period][way] / b[period][way] for way in a[period]} for period in a}


def _sticking_out(power: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    size = len(power)
    apart = max(3, size // 16)
    found: dict[str, dict[str, float]] = {}
    for period in PERIODS:
        at = size // period
        below, here = _by_way(power, at - apart), _by_way(power, at)
        above = _by_way(power, at + apart) if at + apart <= size // 2 else below
        found[f"period {period}"] = {way: here[way] / float(np.sqrt(below[way] * above[way])) for way in here}
    return found


def _by_way(power: NDArray[np.float64], f: int) -> dict[str, float]:
    """Mean power at a frequency (cycles a picture) from left to right, from top to bottom, and both at once."""
    both, still = [f, -f], [-1, 0, 1]
    places = {"horizontal": np.ix_(still, both), "vertical": np.ix_(both, still), "diagonal": np.ix_(both, both)}
    return {way: max(float(power[place].mean()), 1e-30) for way, place in places.items()}
