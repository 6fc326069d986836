"""The viewer's own CelebA folder, if there is one: originals, and the labels of a model's atlas."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.texts import N_, Later, _
from latent.atlas import Atlas
from models.data.celeba import PARTITIONS, UNLABELLED, CelebAFolder, DataError, read_celeba
from models.data.data_error import spelled
from models.data.pictures import LAST_CELEBA
from models.images import read_crop


@st.cache_resource(show_spinner=Later(N_("Reading your CelebA folder …")))
def _read_celeba(root: str) -> tuple[CelebAFolder | None, str | None]:
    try:
        return read_celeba(root), None
    except DataError as error:
        return None, f"FACESPACE_CELEBA: {error}"


def celeba() -> tuple[CelebAFolder | None, str | None]:
    """The viewer's own CelebA folder, if `FACESPACE_CELEBA` names one, and a sentence if it cannot be used."""
    root = os.environ.get("FACESPACE_CELEBA")
    return _read_celeba(root) if root else (None, None)


def has_held_out() -> bool:
    """Whether the viewer has pictures of a test part, which a brought checkpoint can be checked and mapped with."""
    folder = celeba()[0]
    return folder is not None and bool((folder.partition == PARTITIONS.index("test")).any())


def called(image: int) -> str:
    """What to call a picture: "Face 12" of CelebA, or the name of the viewer's own file."""
    path = None if image <= LAST_CELEBA else original(image)
    return _("Face {number}").format(number=image) if path is None else spelled(path.stem)


def described(image: int) -> str:
    """The same with its origin: "Face 12 of CelebA"."""
    return _("{name} of CelebA").format(name=called(image)) if image <= LAST_CELEBA else called(image)


@st.cache_resource(show_spinner=False, max_entries=8)
def _true_labels(root: str, identity: str, _atlas: Atlas) -> NDArray[np.int8] | None:
    folder = _read_celeba(root)[0]
    known = None if folder is None else folder.labels_of(_atlas.image)
    if folder is None or known is None:
        return None
    labels = np.full((len(_atlas), len(_atlas.attributes)), UNLABELLED, np.int8)
    for column, attribute in enumerate(_atlas.attributes):  # an atlas may list others than CelebA does
        if attribute in folder.attributes:
            labels[:, column] = known[:, folder.attributes.index(attribute)]
    return labels if (labels != UNLABELLED).any() else None


def true_labels(model: OpenModel) -> NDArray[np.int8] | None:
    """CelebA's own labels (or the viewer's, of other pictures) for a model's atlas: int8 [M, A], -1 where not listed.

    None where the viewer has no folder of pictures, it has no list, or it lists none of these pictures.
    """
    root = os.environ.get("FACESPACE_CELEBA")
    if not root or model.atlas is None:
        return None
    return _true_labels(root, model.identity, model.atlas)


def original(image: int) -> Path | None:
    """The file of an image number in the viewer's CelebA folder, or None."""
    folder = celeba()[0]
    if folder is None:
        return None
    row = int(folder.rows_of(np.array([image]))[0])
    return folder.paths[row] if row >= 0 else None


def originals(model: OpenModel, rows: Sequence[int]) -> NDArray[np.uint8] | None:
    """Pictures of the viewer's CelebA folder as a model sees them: uint8 [R, S, S, 3]; None if one is not there."""
    crops = []
    for row in rows:
        path = original(int(model.atlas.image[row])) if model.atlas is not None else None
        picture = None if path is None else read_crop(path, *model.config.view)
        if picture is None:
            return None
        crops.append(picture)
    return np.stack(crops)
