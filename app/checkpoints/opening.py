"""Everything that is opened once and shared by all visitors."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.discovery import FIRST, find_checkpoints
from app.checkpoints.measured import measured_reach
from app.texts import N_, Later, _
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.attribute_axes import AttributeAxis, attribute_axes, attribute_bank, axes_as_arrays, axes_from_arrays
from latent.directions import Bank, dimension_bank, principal_bank
from latent.posterior import AggregatePosterior, aggregate_posterior, distance_percentiles, draw_percentiles
from latent.reach import with_reach
from models.checkpoint_files import CheckpointError, CheckpointFiles, Stamp, file_stamp
from models.checkpoints import load_checkpoint
from models.config import ForeignConfig, LatentConfig, ModelConfig
from models.data.attributes import JUDGING, plain_name
from models.faithful import VIVID, load_faithful
from models.onnx.find_decoder import find_blend, find_decoder
from models.weights_file import check_weights

if TYPE_CHECKING:  # torch takes two seconds to import, which a first visitor need not wait for
    from models.latent_model import LatentModel
    from models.networks import Autoencoder

_log = logging.getLogger(__name__)
OPENING = N_("Opening the model …")


def offered(attributes: Sequence[str]) -> dict[str, str]:
    """The plain names of the attributes that get sliders, CelebA's or the viewer's own.

    A slider that makes people more "attractive" would teach a judgement, not a fact.
    """
    return {attribute: plain_name(attribute) for attribute in attributes if attribute not in JUDGING}


@dataclass(frozen=True)
class OpenModel:
    """A checkpoint ready to explore.

    Attributes:
        files: where it lies, its configuration and the hash that names its weights.
        atlas, posterior, percentiles: the encoded pictures and their statistics, or None without an atlas.
        draw_percentiles: of draws from the held-out faces' posteriors, by which samples are judged.
        banks: the directions to drag, empty without an atlas.
        axes: each attribute's direction with its held-out AUC, by name; empty without an atlas.
        atlas_problem: one sentence where the atlas cannot be used.
        vivid: how its faces are drawn, from 0, by its faithful decoder, to 1, by its own, vivid one; between them by a
            blend of both. A model without a faithful decoder has 1.
    """

    files: CheckpointFiles
    atlas: Atlas | None = None
    posterior: AggregatePosterior | None = None
    percentiles: NDArray[np.float32] | None = None
    draw_percentiles: NDArray[np.float32] | None = None
    banks: tuple[Bank, ...] = ()
    axes: Mapping[str, AttributeAxis] = field(default_factory=dict)
    atlas_problem: str | None = None
    vivid: float = VIVID

    def drawn_at(self, vivid: float) -> OpenModel:
        """The same model, its faces drawn so vividly; itself where it has no faithful decoder."""
        return replace(self, vivid=round(vivid, 1)) if self.files.faithful_sha256 else self

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.files.name

    @property
    def config(self) -> LatentConfig:
        """Its configuration."""
        return self.files.config

    @property
    def sha256(self) -> str:
        """Names its weights."""
        return self.files.sha256

    @property
    def identity(self) -> str:
        """Names its weights, how they are read, and its atlas: the key for whatever is worked out from it."""
        return self.files.identity

    @property
    def drawing(self) -> str:
        """The same for pictures: it names how vividly they are drawn, too."""
        return f"{self.identity} {self.vivid:g}"

    @property
    def network(self) -> LatentModel:
        """The weights, in eval mode. Opened when first asked for: a browser that decodes by itself never asks.

        Raises:
            CheckpointError: the weights cannot be used.
        """
        return _network(self.identity, self.files)

    @property
    def own_config(self) -> ModelConfig:
        """The same of a network that was trained here; one from elsewhere has no layers and no loss to speak of."""
        return self.files.own_config

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


def open_model(files: CheckpointFiles) -> OpenModel:
    """Open a checkpoint with its atlas; opened again only when its files change.

    Raises:
        CheckpointError: the weights cannot be used. (A bad atlas is reported in `atlas_problem`.)
    """
    return _open_model(files.folder, files.identity, file_stamp(files.reach_path), files)


@st.cache_resource(show_spinner=Later(OPENING), max_entries=32)
def _network(identity: str, _files: CheckpointFiles) -> LatentModel:
    return load_checkpoint(_files)


# By its folder too: a copy of a checkpoint has another name. The marks on its sliders may be measured while it is open.
@st.cache_resource(show_spinner=Later(OPENING), max_entries=32)
def _open_model(folder: Path, identity: str, reach: Stamp, _files: CheckpointFiles) -> OpenModel:
    # Its decoder was made from exactly this checkpoint, so that opens; torch can wait.
    if find_decoder(_files) and (find_blend(_files) or not _files.faithful_sha256):
        check_weights(_files)
    else:
        network = _network(identity, _files)
        if _files.faithful_sha256:
            load_faithful(_files, network)  # type: ignore[arg-type]  # what has one is ours
    try:
        atlas = load_atlas(_files.atlas_path, _files.sha256, _files.config.latent_dim)
    except AtlasError as error:
        return OpenModel(_files, atlas_problem=str(error))
    axes = with_reach(_axes(_files, atlas), measured_reach(_files))
    posterior, percentiles, of_draws = _statistics(_files, atlas)
    return OpenModel(
        files=_files,
        atlas=atlas,
        posterior=posterior,
        percentiles=percentiles,
        draw_percentiles=of_draws,
        banks=_banks(_files.config, atlas, posterior, axes),
        axes=axes,
    )


def _statistics(
    files: CheckpointFiles, atlas: Atlas
) -> tuple[AggregatePosterior, NDArray[np.float32], NDArray[np.float32]]:
    """The aggregate posterior, and the percentiles of distances of faces and of draws."""

    def work_out() -> Mapping[str, object]:
        found = aggregate_posterior(atlas)
        percentiles = distance_percentiles(atlas, found), draw_percentiles(atlas, found)
        return {
            "mean": found.mean,
            "covariance": found.covariance,
            "kl": found.kl,
            "percentiles": np.stack(percentiles),
        }

    found = beforehand(files, "posterior", (), work_out)
    posterior = AggregatePosterior(found["mean"], found["covariance"], found.get("kl"))
    return posterior, found["percentiles"][0], found["percentiles"][1]


def _axes(files: CheckpointFiles, atlas: Atlas) -> dict[str, AttributeAxis]:
    def work_out() -> Mapping[str, object]:
        return axes_as_arrays(attribute_axes(atlas))

    return axes_from_arrays(beforehand(files, "axes", (), work_out))


def _banks(
    config: LatentConfig, atlas: Atlas, posterior: AggregatePosterior, axes: Mapping[str, AttributeAxis]
) -> tuple[Bank, ...]:
    """The sliders of a model: the bank that needs no explanation leads, where there is one.

    One number of a latent that is a map is one spot of it, so there the components come first.
    """
    dimensions, components = dimension_bank(posterior, atlas.effect), principal_bank(posterior)
    attributes = attribute_bank(axes, offered(atlas.attributes))
    if isinstance(config, ForeignConfig) and config.latent_shape and max(config.latent_shape) < config.latent_dim:
        return components, attributes, dimensions
    known = bool(attributes.directions)
    return (attributes, dimensions, components) if known else (dimensions, components, attributes)


def open_all() -> tuple[dict[str, OpenModel], list[str]]:
    """Every checkpoint that can be opened, by name, and a sentence for each that cannot."""
    found, problems = find_checkpoints()
    opened: dict[str, OpenModel] = {}
    for name, files in found.items():
        try:
            opened[name] = open_model(files)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        except Exception:  # one that is bad in a way nobody thought of takes nothing from the others
            _log.warning("%s cannot be opened", files.folder, exc_info=True)
            problems.append(
                _("{folder} cannot be opened: its files hold something unexpected. Copy it again.").format(
                    folder=files.folder
                )
            )
            continue
        if opened[name].atlas_problem:
            problems.append(
                _("{model} has no map. {problem}").format(model=opened[name].title, problem=opened[name].atlas_problem)
            )
    return opened, problems
