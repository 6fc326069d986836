"""The map of a model's faces whose places also use their attributes, where build_atlas.py made one."""

from __future__ import annotations

import logging

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from latent.atlas import Atlas, AtlasError
from latent.attribute_map import FILE, AttributeMap, load_attribute_map
from models.checkpoint_files import CheckpointFiles, Stamp, file_stamp

_log = logging.getLogger(__name__)


def attribute_map(model: OpenModel) -> AttributeMap | None:
    """The map of a model, read again when its file changes; None where there is none that can be used."""
    if model.atlas is None:
        return None
    return _attribute_map(model.identity, file_stamp(model.files.folder / FILE), model.files, model.atlas)


def places(model: OpenModel, by_attributes: bool) -> tuple[Stamp | None, NDArray[np.float32]]:
    """Places float32 [M, 2] of a model's faces by code and attributes, where that is asked for and there, else its own.

    Returns:
        What names the map by attributes for a cache, None for the atlas' own, and the places.
    """
    assert model.atlas is not None
    found = attribute_map(model) if by_attributes else None
    return (None, model.atlas.xy) if found is None else (file_stamp(model.files.folder / FILE), found.xy)


@st.cache_resource(show_spinner=False, max_entries=32)
def _attribute_map(identity: str, stamp: Stamp, _files: CheckpointFiles, _atlas: Atlas) -> AttributeMap | None:
    try:
        return load_attribute_map(_files.folder / FILE, _atlas)
    except FileNotFoundError:
        return None
    except AtlasError as error:
        _log.warning("%s", error)
        return None
