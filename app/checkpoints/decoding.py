"""Latents to pictures on the server, for what is not decoded in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.opening import OpenModel
from models.checkpoint_files import CheckpointError
from models.config import ModelConfig
from models.faithful import VIVID, blended, load_faithful
from models.onnx.find_decoder import find_decoder

if TYPE_CHECKING:
    from models.latent_model import LatentModel
    from models.onnx.network_session import NetworkSession

KEPT = 10  # at most so many pictures are read where they were drawn beforehand: they take a third of a megabyte
BLOCK = 8  # latents decoded at once: more are no quicker, and take memory that onnxruntime keeps


def decode(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Latents [N, D] to pictures uint8 [N, S, S, 3], on the server, as vividly as the model is to draw."""

    def work_out() -> dict[str, NDArray[np.uint8]]:
        pictures = np.rint(drawn(model, z) * 255).astype(np.uint8)
        return {"pictures": np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))}

    if model.vivid == VIVID and len(z) > KEPT:  # drawn without torch, which has to be imported for all others
        return work_out()["pictures"]
    points = np.ascontiguousarray(z, np.float32).tobytes()
    found: NDArray[np.uint8] = beforehand(model.files, "pictures", (model.vivid, points), work_out)["pictures"]
    return found


def drawn(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.float32]:
    """The same as the decoder gives them: float32 [N, 3, S, S] in [0, 1].

    The browser's decoder.onnx draws them where it is there already, as torch takes two seconds to import.
    """
    points = np.ascontiguousarray(z, np.float32)
    session = _session_of(model)
    if session is None or not len(points):
        import torch

        with torch.inference_mode():
            found: NDArray[np.float32] = drawing_network(model).decode(torch.from_numpy(points)).clamp(0, 1).numpy()
            return found
    blocks = [session.run(points[start : start + BLOCK])["image"] for start in range(0, len(points), BLOCK)]
    return np.concatenate(blocks).clip(0, 1)


def _session_of(model: OpenModel) -> NetworkSession | None:
    """What the browser gets of one of our own models, opened; None where that is yet to be made or draws otherwise."""
    if model.vivid != VIVID or not isinstance(model.config, ModelConfig):
        return None
    path = find_decoder(model.files)
    return None if path is None else _session(model.identity, path)


@st.cache_resource(show_spinner=False, max_entries=32)
def _session(identity: str, path: Path) -> NetworkSession | None:
    from models.onnx.network_session import NetworkSession

    try:
        return NetworkSession(path.read_bytes(), path.name, threads=1)
    except (CheckpointError, OSError):
        return None


def drawing_network(model: OpenModel) -> LatentModel:
    """The model's network with the decoder that draws as vividly as the model is to draw."""
    return model.network if model.vivid == VIVID else _between(model.identity, model.vivid, model)


@st.cache_resource(show_spinner=False, max_entries=10)  # the steps of the slider: 7 MB each for the shipped VAE
def _between(identity: str, vivid: float, _model: OpenModel) -> LatentModel:
    return blended(_model.own_network, load_faithful(_model.files, _model.own_network), vivid)
