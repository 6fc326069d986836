"""The attribute classifiers, and what they read off decoded faces."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import paths
from app.checkpoints.beforehand import beforehand
from app.checkpoints.decoding import drawing_network
from app.checkpoints.opening import OpenModel
from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_classifier
from models.weights_file import check_weights

if TYPE_CHECKING:  # torch takes two seconds to import, which a first visitor need not wait for
    from models.classifier import AttributeClassifier


_log = logging.getLogger(__name__)
CLASSIFIERS = ("measure", "classifier")
"""Folders beside the shipped models: the classifier that only measures, else the one that models are trained with."""


@st.cache_resource(show_spinner=False, max_entries=4)
def _classifier(identity: str, _files: CheckpointFiles) -> AttributeClassifier | None:
    try:
        return load_classifier(_files)
    except CheckpointError as error:
        _log.warning("%s", error)
        return None


def open_classifier(files: CheckpointFiles) -> AttributeClassifier | None:
    """A classifier, ready to read; None, with a word in the log, where it cannot be used."""
    return _classifier(files.identity, files)


def classifier() -> AttributeClassifier | None:
    """The classifier that reads decoded faces, or None where it is not there."""
    for name in CLASSIFIERS:
        try:
            network = open_classifier(open_files(paths.ROOT / "checkpoints" / name))
        except CheckpointError:  # not there
            continue
        if network is not None:
            return network
    return None


def readers() -> tuple[str, ...]:
    """Names the weights of those classifiers that can be opened, in the order in which they are tried."""
    found = []
    for name in CLASSIFIERS:
        with suppress(CheckpointError):
            files = open_files(paths.ROOT / "checkpoints" / name)
            found.append(_checked(files.identity, files))
    return tuple(found)


@st.cache_resource(show_spinner=False, max_entries=4)
def _checked(identity: str, _files: CheckpointFiles) -> str:
    check_weights(_files)
    return _files.sha256


def read_faces(model: OpenModel, z: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Probabilities of the attributes of decoded points [N, D]: float32 [N, 40]; None without a classifier."""

    def work_out() -> dict[str, NDArray[np.float32] | None]:
        network = classifier()
        if network is None:
            return {"read": None}
        from models.metrics import read_decoded  # late: torch takes two seconds to import

        return {"read": read_decoded(drawing_network(model), network, z)}

    told = (model.vivid, np.ascontiguousarray(z, np.float32).tobytes(), *readers())
    return beforehand(model.files, "read", told, work_out).get("read")


def both_are_there() -> bool:
    """Whether `searching_and_judging` will find both, without opening them."""
    return len(readers()) == len(CLASSIFIERS)


def searching_and_judging() -> tuple[AttributeClassifier, AttributeClassifier] | None:
    """The classifier that models are trained with, to search with, and the one that only measures, to judge what was
    found; None where one of them is not there.
    """
    found = []
    for name in reversed(CLASSIFIERS):
        try:
            found.append(open_classifier(open_files(paths.ROOT / "checkpoints" / name)))
        except CheckpointError:  # not there
            return None
    searching, judging = found
    return None if searching is None or judging is None else (searching, judging)
