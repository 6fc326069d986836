"""Faces for the doctor of brought checkpoints: decoded ones, and aligned pictures where there are some."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from latent.atlas import load_atlas
from models.checkpoint_files import open_files
from models.checkpoints import load_checkpoint
from models.data.celeba import CelebAFolder
from models.images import open_picture, to_uint8
from models.onnx.doctor import Evidence

DECODED_FACES = 64
REAL_FACES = 100


@torch.inference_mode()
def gather(shipped: Path, portraits: Iterable[Image.Image] = (), folder: CelebAFolder | None = None) -> Evidence:
    """Held-out faces as a shipped checkpoint decodes them, with portraits and real held-out pictures.

    Args:
        shipped: folder of a checkpoint with an atlas.
        portraits: aligned pictures of 178 x 218 pixels.
        folder: a folder of faces, if there is one; 100 pictures of its test part are taken, if it has one.

    Raises:
        AtlasError, CheckpointError: the shipped checkpoint or its atlas cannot be used.
    """
    files = open_files(shipped)
    network, atlas = load_checkpoint(files), load_atlas(files.atlas_path, files.sha256)
    held_out = np.flatnonzero(atlas.partition == 2)[:DECODED_FACES]
    faces = to_uint8(network.decode(torch.from_numpy(atlas.mu[held_out].astype(np.float32))))
    frames = [*portraits]
    real = [] if folder is None else [folder.paths[row] for row in np.flatnonzero(folder.partition == 2)[:REAL_FACES]]
    for path in real:
        try:
            frames.append(open_picture(path).convert("RGB"))
        except OSError:
            continue  # a damaged picture is no evidence
    return Evidence(faces, frames)
