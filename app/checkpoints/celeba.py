"""The viewer's own CelebA folder, if there is one: originals, and the labels of a model's atlas."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from app.checkpoints.opening import OpenModel
from latent.atlas import Atlas
from models.data.attributes import ATTRIBUTES
from models.data.celeba import UNLABELLED, CelebAFolder, DataError, read_celeba
from models.images import crop_aligned


@st.cache_resource(show_spinner="Reading your CelebA folder …")
def _read_celeba(root: str) -> tuple[CelebAFolder | None, str | None]:
    try:
        return read_celeba(root), None
    except DataError as error:
        return None, f"FACESPACE_CELEBA: {error}"


def celeba() -> tuple[CelebAFolder | None, str | None]:
    """The viewer's own CelebA folder, if `FACESPACE_CELEBA` names one, and a sentence if it cannot be used."""
    root = os.environ.get("FACESPACE_CELEBA")
    return _read_celeba(root) if root else (None, None)


@st.cache_resource(show_spinner=False, max_entries=8)
def _true_labels(root: str, identity: str, _atlas: Atlas) -> NDArray[np.int8] | None:
    folder, _ = _read_celeba(root)
    known = None if folder is None else folder.labels_of(_atlas.image)
    if known is None or not (known != UNLABELLED).any():
        return None
    labels = np.full((len(_atlas), len(_atlas.attributes)), UNLABELLED, np.int8)
    for column, attribute in enumerate(_atlas.attributes):  # an atlas may list others than CelebA does
        if attribute in ATTRIBUTES:
            labels[:, column] = known[:, ATTRIBUTES.index(attribute)]
    return labels


def true_labels(model: OpenModel) -> NDArray[np.int8] | None:
    """CelebA's own labels for a model's atlas: int8 [M, A], 1 present, 0 absent, -1 not listed.

    None where the viewer has no CelebA folder, it has no list, or it lists none of these pictures.
    """
    root = os.environ.get("FACESPACE_CELEBA")
    if not root or model.atlas is None:
        return None
    return _true_labels(root, model.identity, model.atlas)


def original(image: int) -> Path | None:
    """The file of an image number in the viewer's CelebA folder, or None."""
    folder, _ = celeba()
    if folder is None:
        return None
    row = int(folder.rows_of(np.array([image]))[0])
    return folder.paths[row] if row >= 0 else None


def originals(model: OpenModel, rows: Sequence[int]) -> NDArray[np.uint8] | None:
    """Pictures of the viewer's CelebA folder as a model sees them: uint8 [R, S, S, 3]; None if one is not there."""
    crops = []
    for row in rows:
        path = original(int(model.atlas.image[row])) if model.atlas is not None else None
        try:
            if path is None:
                return None
            with Image.open(path) as picture:
                crops.append(crop_aligned(picture, *model.config.view))
        except (OSError, ValueError):
            return None
    return np.stack(crops)
