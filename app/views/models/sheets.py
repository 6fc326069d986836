"""What the cards work out once for all visitors, keyed by the model's identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.classifiers import open_classifier
from app.checkpoints.decoding import decode
from app.checkpoints.layers import layers_of
from app.checkpoints.opening import OpenModel, open_model
from app.checkpoints.records import Record
from app.checkpoints.samplers import OFFERS, draw
from app.drawing.picture_files import montage
from app.texts import _
from latent.samplers import standard_normal
from models.checkpoints import CheckpointError
from models.layer import Layer

if TYPE_CHECKING:  # torch takes two seconds to import
    from models.classifier import AttributeClassifier
    from models.latent_model import LatentModel

SAMPLES, COLUMNS = 16, 8


def record_layers(record: Record) -> tuple[Layer, ...]:
    """The layers of a checkpoint's network with their shapes; empty where they are not ours to look into.

    Raises:
        CheckpointError: the weights cannot be used.
    """
    with st.spinner(_("Opening the network \u2026")):
        return layers_of(record.files, lambda: _network(record))[0]


def _network(record: Record) -> LatentModel | AttributeClassifier:
    if record.config.kind != "classifier":
        return open_model(record.files).network
    classifier = open_classifier(record.files)
    if classifier is None:
        words = _("{place} cannot be opened. Copy the checkpoint again.")
        raise CheckpointError(words.format(place=record.place))
    return classifier


def sample_sheets(model: OpenModel) -> list[tuple[str, NDArray[np.uint8]]]:
    """For each sampler its English name and sixteen decoded draws, uint8 [2 S, 8 S, 3]; none of an AE without a map."""
    with st.spinner(_("Drawing faces \u2026")):
        return _sheets(model.identity, model)


@st.cache_data(show_spinner=False, max_entries=64)
def _sheets(identity: str, _model: OpenModel) -> list[tuple[str, NDArray[np.uint8]]]:
    variational = _model.config.kind == "vae"
    if _model.atlas is None:
        prior = standard_normal(_model.config.latent_dim)
        drawn = {OFFERS["standard"].name: prior.sample(SAMPLES, 0)} if variational else {}
    else:
        keys = ("standard" if variational else "scaled", "gaussian")
        drawn = {OFFERS[key].name: draw(_model, key, SAMPLES, 0, 1.0) for key in keys}
    return [(sampler, montage(decode(_model, z), COLUMNS, gap=0)) for sampler, z in drawn.items()]
