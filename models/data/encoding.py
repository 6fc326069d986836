"""The pictures of a folder, encoded and scored in one pass."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from models.classifier import AttributeClassifier
from models.data.celeba import CelebAFolder, DataError
from models.images import read_crops, to_tensor
from models.latent_model import LatentModel
from models.metrics import attribute_probabilities


@torch.inference_mode()
def encode_folder(
    network: LatentModel, classifier: AttributeClassifier, folder: CelebAFolder, chosen: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.float16], NDArray[np.float32] | None, NDArray[np.uint8]]:
    """Encode and score the pictures of a folder in one pass, a batch in memory at a time.

    Args:
        network: AE or VAE.
        classifier: reads the attributes, at its own image size.
        folder: the pictures, M of which can be read.
        chosen: rows of `folder` to take.

    Returns:
        Those of them that could be read [M], `mu` [M, D], `logvar` [M, D] or None, scores uint8 [M, 40].

    Raises:
        DataError: none can be read.
    """
    paths = [folder.paths[row] for row in chosen]
    rows, mus, logvars, scores = [], [], [], []
    view, classifier_view = network.config.view, classifier.config.view
    unreadable: list[Path] = []
    with tqdm(total=len(paths), desc=f"Encoding with {network.config.kind}", unit=" pictures") as bar:
        streams = [read_crops(paths, *view)]
        if classifier_view != view:
            streams.append(read_crops(paths, *classifier_view))
        for batches in zip(*streams, strict=True):
            positions, crops, bad = batches[0]
            bar.update(len(positions) + len(bad))
            unreadable += bad
            if not len(positions):
                continue
            mu, logvar = network.posterior(to_tensor(crops))
            rows.append(positions)
            mus.append(mu.half().numpy())
            if logvar is not None:
                logvars.append(logvar.half().numpy())
            scores.append(np.round(attribute_probabilities(classifier, batches[-1][1]) * 255).astype(np.uint8))
    if unreadable:
        print(f"{len(unreadable)} pictures cannot be read and are left out, {unreadable[0]} first.", file=sys.stderr)
    if not rows:
        raise DataError(f"none of the {len(paths)} pictures in {folder.root} can be read.")
    logvar32 = np.concatenate(logvars).astype(np.float32) if logvars else None
    return chosen[np.concatenate(rows)], np.concatenate(mus), logvar32, np.concatenate(scores)
