"""The attribute classifiers, and what they read off decoded faces."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import paths
from app.checkpoints.file_stamp import stamp
from app.checkpoints.opening import OpenModel
from models.checkpoints import (
    CheckpointError,
    load_classifier,
)

if TYPE_CHECKING:  # torch takes two seconds to import, which a first visitor need not wait for
    from models.classifier import AttributeClassifier


_log = logging.getLogger(__name__)
CLASSIFIERS = ("measure", "classifier")
"""Folders beside the shipped models: the classifier that only measures, else the one that models are trained with."""


@st.cache_resource(show_spinner=False, max_entries=4)
def _classifier(folder: Path, stamp: tuple[int, int]) -> AttributeClassifier | None:
    try:
        return load_classifier(folder)
    except CheckpointError as error:
        _log.warning("%s", error)
        return None


def open_classifier(folder: Path) -> AttributeClassifier | None:
    """A classifier, ready to read; None, with a word in the log, where it cannot be used."""
    return _classifier(folder, stamp(folder / "model.safetensors"))


def classifier() -> AttributeClassifier | None:
    """The classifier that reads decoded faces, or None where it is not there."""
    folders = [paths.ROOT / "checkpoints" / name for name in CLASSIFIERS]
    found = (open_classifier(path) for path in folders if (path / "config.json").is_file())
    return next((network for network in found if network is not None), None)


def read_faces(model: OpenModel, z: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Probabilities of the attributes of decoded points [N, D]: float32 [N, 40]; None without a classifier."""
    network = classifier()
    if network is None:
        return None
    from models.metrics import read_decoded  # late: torch takes two seconds to import

    return read_decoded(model.network, network, z)
