"""Codes of many pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from evaluation.progress import progress
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.latent_model import LatentModel

BATCH = 250


@dataclass(frozen=True, eq=False)
class Encoded:
    """Codes of some pictures: `mu` float32 [M, D], and `logvar` float32 [M, D] or None for an AE."""

    mu: NDArray[np.float32]
    logvar: NDArray[np.float32] | None


@torch.inference_mode()
def encode(network: LatentModel, faces: FaceArray, rows: NDArray[np.int64]) -> Encoded:
    """Codes (and log variances) of some pictures, a batch of pictures in memory at a time."""
    mus, logvars = [], []
    with progress(len(rows), "Encoding", "pictures") as bar:
        for start in range(0, len(rows), BATCH):
            mu, logvar = network.posterior(to_tensor(faces.images[rows[start : start + BATCH]]))
            mus.append(mu)
            if logvar is not None:
                logvars.append(logvar)
            bar.update(len(mu))
    return Encoded(torch.cat(mus).numpy(), torch.cat(logvars).numpy() if logvars else None)
