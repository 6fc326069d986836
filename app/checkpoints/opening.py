"""Everything that is opened once and shared by all visitors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.discovery import FIRST, find_checkpoints
from app.checkpoints.file_stamp import stamp
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.attribute_axes import AttributeAxis, attribute_axes, attribute_bank
from latent.directions import Bank, dimension_bank, principal_bank
from latent.posterior import AggregatePosterior, aggregate_posterior, distance_percentiles
from models.checkpoint_files import check_weights, open_files
from models.checkpoints import (
    CheckpointError,
    checkpoint_hash,
    load_checkpoint,
    read_config,
)
from models.config import LatentConfig, ModelConfig
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from models.onnx.find_decoder import find_decoder

if TYPE_CHECKING:  # torch takes two seconds to import, which a first visitor need not wait for
    from models.latent_model import LatentModel
    from models.networks import Autoencoder

# A slider that makes people more "attractive" would teach a judgement, not a fact.
OFFERED = {attribute: plain_name(attribute) for attribute in ATTRIBUTES if attribute not in JUDGING}


@dataclass(frozen=True)
class OpenModel:
    """A checkpoint ready to explore.

    Attributes:
        name: its folder's name.
        folder: where it lies.
        config: its configuration.
        sha256: names its weights.
        atlas, posterior, percentiles: the encoded pictures and their statistics, or None without an atlas.
        banks: the directions to drag, empty without an atlas.
        axes: each attribute's direction with its held-out AUC, by name; empty without an atlas.
        atlas_problem: one sentence where the atlas cannot be used.
        stamp: changes when one of its files does.
    """

    name: str
    folder: Path
    config: LatentConfig
    sha256: str
    atlas: Atlas | None
    posterior: AggregatePosterior | None
    percentiles: NDArray[np.float32] | None
    banks: tuple[Bank, ...]
    axes: Mapping[str, AttributeAxis]
    atlas_problem: str | None
    stamp: tuple[tuple[int, int], ...]

    @property
    def network(self) -> LatentModel:
        """The weights, in eval mode. Opened when first asked for: a browser that decodes by itself never asks.

        Raises:
            CheckpointError: the weights cannot be used.
        """
        return _network(self.folder, self.stamp)

    @property
    def own_config(self) -> ModelConfig:
        """The same of a network that was trained here; one from elsewhere has no layers and no loss to speak of."""
        assert isinstance(self.config, ModelConfig)
        return self.config

    @property
    def own_network(self) -> Autoencoder:
        """The same where it was trained here."""
        from models.networks import Autoencoder

        network = self.network
        assert isinstance(network, Autoencoder)
        return network

    @property
    def title(self) -> str:
        """What the model switch says: "AE", "VAE", or the folder's name for others."""
        return self.name.upper() if self.name in FIRST else self.name


def open_model(folder: Path) -> OpenModel:
    """Open a checkpoint with its atlas; opened again only when its files change.

    Raises:
        CheckpointError: the weights cannot be used. (A bad atlas is reported in `atlas_problem`.)
    """
    files = ["config.json", "model.safetensors", "atlas.npz"]
    if os.path.exists(folder / "encoder.onnx"):  # brought from elsewhere; beside ours, decoder.onnx is made from them
        files += ["encoder.onnx", "decoder.onnx"]
    return _open_model(folder, tuple(stamp(folder / name) for name in files))


@st.cache_resource(show_spinner="Opening the model …", max_entries=32)
def _network(folder: Path, stamps: tuple[tuple[int, int], ...]) -> LatentModel:
    return load_checkpoint(folder)


@st.cache_resource(show_spinner="Opening the model …", max_entries=32)
def _open_model(folder: Path, stamps: tuple[tuple[int, int], ...]) -> OpenModel:
    config, sha256 = read_config(folder)[0], checkpoint_hash(folder)
    if find_decoder(folder):  # its decoder was made from exactly this checkpoint, so that opens; torch can wait
        check_weights(open_files(folder))
    else:
        _network(folder, stamps)
    try:
        atlas = load_atlas(folder / "atlas.npz", sha256, config.latent_dim)
    except AtlasError as error:
        return OpenModel(folder.name, folder, config, sha256, None, None, None, (), {}, str(error), stamps)
    posterior, axes = aggregate_posterior(atlas), attribute_axes(atlas)
    return OpenModel(
        name=folder.name,
        folder=folder,
        config=config,
        sha256=sha256,
        atlas=atlas,
        posterior=posterior,
        percentiles=distance_percentiles(atlas, posterior),
        banks=(dimension_bank(posterior, atlas.effect), principal_bank(posterior), attribute_bank(axes, OFFERED)),
        axes=axes,
        atlas_problem=None,
        stamp=stamps,
    )


def open_all() -> tuple[dict[str, OpenModel], list[str]]:
    """Every checkpoint that can be opened, by name, and a sentence for each that cannot."""
    folders, problems = find_checkpoints()
    opened: dict[str, OpenModel] = {}
    for name, folder in folders.items():
        try:
            opened[name] = open_model(folder)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        if opened[name].atlas_problem:
            problems.append(f"{opened[name].title} has no map. {opened[name].atlas_problem}")
    return opened, problems
