"""The layers of a network with their shapes, without opening it where they were looked at beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from app.checkpoints.beforehand import beforehand
from models.checkpoint_files import CheckpointFiles
from models.layer import Layer, layers_as_arrays, layers_from_arrays

if TYPE_CHECKING:  # torch takes two seconds to import
    from models.classifier import AttributeClassifier
    from models.latent_model import LatentModel


def layers_of(
    files: CheckpointFiles, open_network: Callable[[], LatentModel | AttributeClassifier]
) -> tuple[tuple[Layer, ...], int]:
    """The layers of a checkpoint's network, empty where they are not ours to look into; and how many weights it has."""
    return _layers(files.identity, files, open_network)


@st.cache_resource(show_spinner=False, max_entries=64)
def _layers(
    identity: str, _files: CheckpointFiles, _open_network: Callable[[], LatentModel | AttributeClassifier]
) -> tuple[tuple[Layer, ...], int]:
    def work_out() -> dict[str, object]:
        from models.classifier import AttributeClassifier
        from models.layers import layers
        from models.networks import Autoencoder

        network = _open_network()
        if not isinstance(network, Autoencoder | AttributeClassifier):
            return {"numbers": 0}
        count = sum(parameter.numel() for parameter in network.parameters())
        return {**layers_as_arrays(layers(network)), "numbers": np.int64(count)}

    found = beforehand(_files, "layers", (), work_out)
    count = int(found.pop("numbers"))
    return layers_from_arrays(found) if found else (), count
