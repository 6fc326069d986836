"""Latents to pictures on the server, for what is not decoded in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from models.faithful import VIVID, blended, load_faithful
from models.images import to_uint8

if TYPE_CHECKING:
    from models.latent_model import LatentModel


def decode(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Latents [N, D] to pictures uint8 [N, S, S, 3], on the server, as vividly as the model is to draw."""
    import torch  # late: most pages never decode on the server

    with torch.inference_mode():
        return to_uint8(drawing_network(model).decode(torch.from_numpy(np.asarray(z, np.float32))))


def drawing_network(model: OpenModel) -> LatentModel:
    """The model's network with the decoder that draws as vividly as the model is to draw."""
    return model.network if model.vivid == VIVID else _between(model.identity, model.vivid, model)


@st.cache_resource(show_spinner=False, max_entries=10)  # the steps of the slider: 7 MB each for the shipped VAE
def _between(identity: str, vivid: float, _model: OpenModel) -> LatentModel:
    return blended(_model.own_network, load_faithful(_model.files, _model.own_network), vivid)
