"""The yardstick beside every reconstruction figure: a linear autoencoder with as many components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from evaluation.progress import progress

OVERSAMPLING = 32
POWER_PASSES = 4
BATCH = 250


@dataclass(frozen=True, eq=False)
class Pca:
    """Principal components of pictures.

    Attributes:
        mean: float32 [P], P = 3 S S, in the [0, 1] range.
        components: float32 [P, K], orthonormal columns, the strongest first.
    """

    mean: Tensor
    components: Tensor

    def reconstruct(self, images: NDArray[np.uint8]) -> Tensor:
        """Pictures uint8 [N, S, S, 3] through their K coordinates and back: float32 [N, 3, S, S], not clipped."""
        x = _flat(images) - self.mean
        back = (x @ self.components) @ self.components.T + self.mean
        return back.reshape(images.shape).permute(0, 3, 1, 2)


def fit_pca(images: NDArray[np.uint8], rows: NDArray[np.int64], components: int, seed: int = 0) -> Pca:
    """Fit PCA on some rows of a (memory-mapped) array of pictures, a batch in memory at a time.

    Args:
        images: uint8 [M, S, S, 3].
        rows: the training rows.
        components: K; at most as many as there are rows.
        seed: chooses the pictures whose span the iteration starts from.

    Source: Halko, Martinsson and Tropp 2011, "Finding structure with randomness", algorithm 4.4 (4 power iterations).
    """
    passes = POWER_PASSES + 2
    with progress(passes * len(rows), "Fitting PCA", "pictures") as bar:
        mean = torch.zeros(images[0].size, dtype=torch.float64)
        for x in _batches(images, rows, bar):
            mean += x.sum(0, dtype=torch.float64)
        mean32 = (mean / len(rows)).float()
        width = min(components + OVERSAMPLING, len(rows), images[0].size)
        start = np.sort(np.random.default_rng(seed).choice(rows, width, replace=False))
        basis = torch.linalg.qr((_flat(images[start]) - mean32).T).Q  # [P, width]
        for _ in range(POWER_PASSES):
            product = torch.zeros_like(basis)
            for x in _batches(images, rows, bar):
                centred = x.sub_(mean32)
                product += centred.T @ (centred @ basis)
            basis = torch.linalg.qr(product).Q
        gram = torch.zeros(width, width, dtype=torch.float64)
        for x in _batches(images, rows, bar):
            along = (x - mean32) @ basis
            gram += (along.T @ along).double()
    turn = torch.linalg.eigh(gram).eigenvectors.flip(1)[:, :components].float()
    return Pca(mean32, basis @ turn)


def _batches(images: NDArray[np.uint8], rows: NDArray[np.int64], bar: tqdm[None]) -> Iterator[Tensor]:
    for start in range(0, len(rows), BATCH):
        chosen = rows[start : start + BATCH]
        yield _flat(images[chosen])
        bar.update(len(chosen))


def _flat(images: NDArray[np.uint8]) -> Tensor:
    """Pictures uint8 [N, S, S, 3] as rows float32 [N, P] in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(images)).reshape(len(images), -1).float().div_(255)
