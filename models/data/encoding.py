"""Pictures, encoded in one pass: those of a folder, with their scores, or those that another network decodes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from models.classifier import AttributeClassifier
from models.data.attributes import ATTRIBUTES
from models.data.celeba import CelebAFolder, DataError
from models.images import as_seen, read_crops, to_tensor, to_uint8
from models.latent_model import LatentModel
from models.metrics import attribute_probabilities

BATCH = 256  # pictures, or decoded faces, at a time
Codes = tuple[NDArray[np.int64], NDArray[np.float16], NDArray[np.float32] | None, NDArray[np.uint8]]
"""Rows of a folder that could be read [M], `mu` [M, D], `logvar` [M, D] or None, scores uint8 [M, 40]."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Faces and what a network makes of them.

    Attributes:
        image, partition: number and part of each [M].
        mu, logvar: float16 [M, D] and float32 [M, D], or None of an AE.
        scores: uint8 [M, A], what the classifier reads, and one's own labels behind it.
        facts: where the faces come from.
        attributes: the names of the A attributes.
    """

    image: NDArray[np.int32]
    partition: NDArray[np.uint8]
    mu: NDArray[np.float16]
    logvar: NDArray[np.float32] | None
    scores: NDArray[np.uint8]
    facts: dict[str, Any]
    attributes: tuple[str, ...] = ATTRIBUTES


@torch.inference_mode()
def encode_folder(
    network: LatentModel, classifier: AttributeClassifier, folder: CelebAFolder, chosen: NDArray[np.integer]
) -> Codes:
    """Encode and score the pictures of a folder in one pass, a batch in memory at a time.

    Args:
        network: AE or VAE.
        classifier: reads the attributes, at its own image size.
        folder: the pictures, M of which can be read.
        chosen: rows of `folder` to take.

    Returns:
        Those of them that could be read, and their codes.

    Raises:
        DataError: none can be read.
    """
    paths = [folder.paths[row] for row in chosen]
    rows, mus, logvars, scores = [], [], [], []
    view, classifier_view = network.config.view, classifier.config.view
    unreadable: list[Path] = []
    with tqdm(total=len(paths), desc=f"Encoding with {network.config.kind}", unit=" pictures") as bar:
        streams = [read_crops(paths, *view, batch_size=BATCH)]
        if classifier_view != view:
            streams.append(read_crops(paths, *classifier_view, batch_size=BATCH))
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


@torch.inference_mode()
def encode_decoded(
    network: LatentModel, source: LatentModel, codes: NDArray[np.floating], name: str
) -> tuple[NDArray[np.float16], NDArray[np.float32] | None]:
    """What a network makes of faces that another one decodes, a batch in memory at a time.

    Args:
        network: encodes.
        source: decodes.
        codes: [M, D] in the latent space of `source`.
        name: of the source, for the progress bar.

    Returns:
        `mu` [M, D'] and `logvar` [M, D'], or None of an AE.
    """
    mus, logvars = [], []
    with tqdm(total=len(codes), desc=f"Encoding faces decoded by {name}", unit=" pictures") as bar:
        for start in range(0, len(codes), BATCH):
            z = torch.from_numpy(codes[start : start + BATCH].astype(np.float32))
            mu, logvar = network.posterior(to_tensor(as_seen(to_uint8(source.decode(z)), *network.config.view)))
            mus.append(mu.half().numpy())
            if logvar is not None:
                logvars.append(logvar.half().numpy())
            bar.update(len(z))
    mu16 = np.concatenate(mus) if mus else np.empty((0, network.config.latent_dim), np.float16)
    return mu16, np.concatenate(logvars).astype(np.float32) if logvars else None
