"""How well each face of an atlas comes back, for the map's filter: compared with its picture."""

from __future__ import annotations

import csv

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from latent.atlas import Atlas, AtlasError, load_atlas
from models.checkpoint_files import CheckpointFiles
from models.checkpoints import load_checkpoint
from models.config import Crop
from models.data.celeba import CelebAFolder, DataError, read_celeba
from models.images import read_crops, to_uint8
from models.latent_model import LatentModel

BATCH = 100
FILE = "columns.csv"
"""Beside the weights, where the app reads what faces can be filtered by."""


def measure_errors(files: CheckpointFiles, data: str | None) -> None:
    """Decode each face of an atlas and compare it with its picture: writes columns.csv beside the atlas.

    Raises:
        AtlasError, CheckpointError, DataError: there is no atlas of these weights, there are no pictures of it, or a
            table of somebody's own stands there already.
    """
    atlas, path = load_atlas(files.atlas_path, files.sha256), files.folder / FILE
    if not data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a folder of faces.")
    if path.is_file() and not path.read_bytes().startswith(b"image,error\r\n"):
        raise AtlasError(f"{path} is there already and was not made here. Move it away first.")
    image, errors = picture_errors(load_checkpoint(files), files.config.view, atlas, read_celeba(data))
    if not len(image):
        raise DataError(f"{data} holds no picture of this atlas. Point --data at the folder that it was made from.")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "error"])
        table.writerows(zip(image.tolist(), (f"{error:.2f}" for error in errors), strict=True))
    print(f"{path}: the errors of {len(image)} pictures, {errors.mean():.2f} of 255 on average")


def picture_errors(
    network: LatentModel, view: tuple[int, Crop], atlas: Atlas, folder: CelebAFolder
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Numbers [N] of the pictures that can be read, and errors [N]: root mean square, of a pixel, of 255."""
    rows = folder.rows_of(atlas.image)
    there = np.flatnonzero(rows >= 0)
    paths = [folder.paths[row] for row in rows[there]]
    read, errors = [], []
    for positions, crops, _unread in tqdm(
        read_crops(paths, *view, batch_size=BATCH), desc="Comparing", unit=" batches"
    ):
        with torch.inference_mode():
            codes = torch.from_numpy(atlas.mu[there[positions]].astype(np.float32))
            back = to_uint8(network.decode(codes)).astype(np.float64)
        read.append(there[positions])
        errors.append(np.sqrt(np.square(back - crops).mean((1, 2, 3))))
    return atlas.image[np.concatenate([np.zeros(0, int), *read])], np.concatenate([np.zeros(0), *errors])
