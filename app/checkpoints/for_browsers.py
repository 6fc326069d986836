"""What a browser gets of a model, made once for all visitors: its decoder and its atlas."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import quote

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.attribute_maps import places
from app.checkpoints.opening import OpenModel
from app.checkpoints.regions import regions
from app.components.atlas_map import AtlasSource, publish_atlas
from app.components.atlas_map.colourings import publish_array
from app.server.published import publish_file
from app.texts import N_, Later
from latent.atlas import Atlas
from latent.posterior import squared_mahalanobis
from models.checkpoint_files import CheckpointError, CheckpointFiles, Stamp
from models.faithful import VIVID
from models.onnx.find_decoder import find_blend, find_decoder

_log = logging.getLogger(__name__)
PREPARING = N_("Preparing the decoder for your browser, once for each model …")


def decoder_file(model: OpenModel) -> Path | None:
    """The model's `decoder.onnx` for the browser, made on first use; None where it cannot be made."""
    return _decoder_file(model.identity, model.files)


@st.cache_resource(show_spinner=Later(PREPARING), max_entries=32)
def _decoder_file(identity: str, _files: CheckpointFiles) -> Path | None:
    if found := find_decoder(_files):
        return found
    from models.onnx.export_decoder import ensure_decoder  # late: onnx and torch are needed for this alone

    try:
        return ensure_decoder(_files)
    except CheckpointError as error:
        _log.warning("%s", error)
        return None


def blend_file(model: OpenModel) -> Path | None:
    """What the browser blends into the model's decoder, made on first use; None where there is no faithful one."""
    return _blend_file(model.identity, model.files) if model.files.faithful_sha256 else None


@st.cache_resource(show_spinner=False, max_entries=32)
def _blend_file(identity: str, _files: CheckpointFiles) -> Path | None:
    if found := find_blend(_files):
        return found
    from models.onnx.export_blend import ensure_blend  # late, as above

    try:
        return ensure_blend(_files)
    except CheckpointError as error:
        _log.warning("%s", error)
        return None


@st.cache_resource(show_spinner=False, max_entries=32)
def _atlas_source(identity: str, laid_out: Stamp | None, _xy: NDArray[np.float32], _atlas: Atlas) -> AtlasSource:
    return publish_atlas(xy=_xy, mu=_atlas.mu, image=_atlas.image, partition=_atlas.partition, scores=_atlas.scores)


def atlas_source(model: OpenModel, by_attributes: bool = False) -> AtlasSource:
    """Where a browser gets the atlas of a model that has one, on its own map or on that by attributes."""
    assert model.atlas is not None
    laid_out, xy = places(model, by_attributes)
    return _atlas_source(model.identity, laid_out, xy, model.atlas)


@st.cache_resource(show_spinner=False, max_entries=32)
def _distance_url(identity: str, _model: OpenModel) -> str:
    assert _model.atlas is not None
    assert _model.posterior is not None
    assert _model.percentiles is not None
    squared = squared_mahalanobis(_model.atlas.mu, _model.posterior)
    farther = np.interp(squared, _model.percentiles, np.arange(len(_model.percentiles)))
    return publish_array(farther.astype(np.uint8), "u1", "distance.u8")


def distance_url(model: OpenModel) -> str:
    """Where a browser gets how far out each face of a model's atlas lies: uint8 [M], among 100 held-out faces."""
    return _distance_url(model.identity, model)


def prepare(model: OpenModel) -> None:
    """Have everything ready that a page needs of a model."""
    decoder_file(model)
    blend_file(model)
    if model.atlas is not None:
        atlas_source(model)
        regions(model)


def vivid_decoder_url(model: OpenModel) -> str | None:
    """Where the browser gets a model's own decoder, or None where there is none."""
    path = decoder_file(model)
    return publish_file(path) if path else None


def blend_url(model: OpenModel) -> str | None:
    """Where the browser gets what it blends into that decoder, or None where there is no faithful one."""
    path = blend_file(model)
    return publish_file(path) if path else None


def decoder_url(model: OpenModel) -> str | None:
    """The decoder that draws as vividly as the model is to draw, or None where there is none.

    What is to be blended stands behind the address (`app/components/decoding/blend.mjs`).
    """
    vivid, blend = vivid_decoder_url(model), blend_url(model)
    if vivid is None or blend is None or model.vivid == VIVID:
        return vivid
    return f"{vivid}#vivid={model.vivid:g}&blend={quote(blend, safe='')}"
