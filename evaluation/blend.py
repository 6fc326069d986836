"""What is gained and lost on the way from a faithful to a vivid decoder, on held-out faces."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evaluation.generation import RealFaces, made_figures
from evaluation.progress import progress
from evaluation.seen import Viewer
from evaluation.similarity import look, perceptual_distance
from models.classifier import AttributeClassifier
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.latent_model import LatentModel
from models.quality import psnr

BATCH = 125
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the vivid decoder."""

KEPT = ("frechet", "finest_band")


@torch.inference_mode()
def along_the_blend(
    blends: dict[float, LatentModel],
    classifier: AttributeClassifier,
    real: RealFaces,
    faces: FaceArray,
    rows: NDArray[np.int64],
    mu: NDArray[np.float32],
) -> list[dict[str, Any]]:
    """PSNR, perceptual distance, Frechet distance and finest structure of rebuilt faces, for each blend.

    Args:
        blends: the networks by their share of the vivid decoder; they encode alike.
        classifier: the measuring one.
        real: what made faces are compared with.
        faces: the pictures.
        rows: [M], which of them.
        mu: float32 [M, D], their codes.
    """
    size = next(iter(blends.values())).config.image_size
    viewers = {share: Viewer(classifier, size, most_cut=0) for share in blends}
    sums = {share: np.zeros(2) for share in blends}
    with progress(len(rows) * len(blends), "Drawing along the blend", "pictures") as bar:
        for start in range(0, len(rows), BATCH):
            x = to_tensor(faces.images[rows[start : start + BATCH]])
            seen = look(classifier, x)
            z = torch.from_numpy(mu[start : start + BATCH])
            for share, network in blends.items():
                y = network.decode(z)
                seen_y = look(classifier, y)
                squared, apart = (x - y).square().flatten(1).mean(1), perceptual_distance(seen, seen_y)
                sums[share] += [float(squared.double().sum()), float(apart.double().sum())]
                viewers[share].add(y, seen_y)
                bar.update(len(y))
    found = []
    for share, viewer in viewers.items():
        made = made_figures(real, viewer.seen())
        squared_error, perceptual = sums[share] / len(rows)
        figures = {"psnr_db": round(psnr(squared_error), 3), "perceptual": round(float(perceptual), 4)}
        found.append({"vivid": share, **figures, **{name: made[name] for name in KEPT if name in made}})
    return found
