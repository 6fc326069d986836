"""Where CelebA's annotators would have put the eyes and the mouth, as far as what the network saw tells.

Six readings of a face, averaged, differ from the annotators' points, and the more so the more a head is turned or its
eyes are hidden. Part of the difference is a linear function of the third network's last layer. Its weights, 20 kB
in `annotators.npz`, are a ridge regression on pictures of CelebA's training part (`python -m benchmarks.annotators`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("annotators.npz")
SHRINKAGE = 3000.0  # chosen on the validation part


def shift(features: NDArray[np.float32]) -> NDArray[np.complex128]:
    """By how much the mean of six readings is to be moved.

    Args:
        features: float32 [..., 2, 3, 256], last layer of the readings of three squares, and of their mirror images.

    Returns:
        complex128 [..., 3], left eye, right eye and mouth, in pixels of CelebA's frame.
    """
    weights, bias = rule()
    plain, mirrored = (_linear(features[..., order, :, :], weights, bias) for order in ([0, 1], [1, 0]))
    return (plain + in_the_mirror(mirrored)) / 2


def in_the_mirror(shifts: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Shifts of the three points [..., 3] of a face, for its mirror image."""
    return -shifts[..., [1, 0, 2]].conj()


def fit(
    features: NDArray[np.float32], shifts: NDArray[np.complex128], shrinkage: float = SHRINKAGE
) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """The linear function that predicts shifts best, by ridge regression on standardised features and their mirror.

    Args:
        features: float32 [N, 2, 3, 256], as for `shift`.
        shifts: complex128 [N, 3], from the mean of the readings to the annotators' points.
        shrinkage: added to the diagonal of the Gram matrix.

    Returns:
        float16 [1536, 6] and float32 [6]: weights and bias of the real parts, then of the imaginary parts.
    """
    x = np.concatenate([features, features[:, ::-1]]).reshape(2 * len(features), -1).astype(np.float32)
    y = np.concatenate([shifts, in_the_mirror(shifts)])
    trust = 1 / (1 + np.abs(y).mean(axis=1) / 3)  # odd annotations, such as of a second face, count less
    y = np.concatenate([y.real, y.imag], axis=1)
    centre, spread, middle = x.mean(axis=0), x.std(axis=0) + 1e-3, y.mean(axis=0)
    x = (x - centre) / spread
    weighed = (x * trust[:, None].astype(np.float32)).T
    gram = (weighed @ x).astype(np.float64) + shrinkage * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, weighed @ (y - middle)) / spread[:, None]
    return weights.astype(np.float16), (middle - centre @ weights).astype(np.float32)


def _linear(
    features: NDArray[np.float32], weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.complex128]:
    six = features.reshape(*features.shape[:-3], -1) @ weights + bias
    return (six[..., :3] + 1j * six[..., 3:]).astype(np.complex128)


@cache
def rule() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The linear function that `fit` has found: weights [1536, 6] and bias [6]."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        return file["weights"].astype(np.float32), file["bias"].astype(np.float32)
