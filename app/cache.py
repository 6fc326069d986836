"""Everything that is opened once and shared by all visitors: each `st.cache_*` of the app is here."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components.atlas_map import AtlasSource, publish_atlas
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.directions import Bank, attribute_bank, dimension_bank, principal_bank
from latent.posterior import AggregatePosterior, aggregate_posterior, distance_percentiles
from models.attributes import ATTRIBUTES, plain_name
from models.celeba import UNLABELLED, CelebAFolder, DataError, read_celeba
from models.checkpoints import CheckpointError, checkpoint_hash, load_checkpoint, read_config
from models.config import ModelConfig
from models.networks import Autoencoder

_log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[1]
# A slider that makes people more "attractive" would teach a judgement, not a fact.
OFFERED = {attribute: plain_name(attribute) for attribute in ATTRIBUTES if attribute != "Attractive"}
FIRST = ("ae", "vae")  # the shipped pair leads the list


@dataclass(frozen=True)
class OpenModel:
    """A checkpoint ready to explore.

    Attributes:
        name: its folder's name.
        folder: where it lies.
        config: its configuration.
        network: weights, in eval mode.
        sha256: names its weights.
        atlas, posterior, percentiles: the encoded pictures and their statistics, or None without an atlas.
        banks: the directions to drag, empty without an atlas.
        atlas_problem: one sentence where the atlas cannot be used.
        stamp: changes when one of its files does.
    """

    name: str
    folder: Path
    config: ModelConfig
    network: Autoencoder
    sha256: str
    atlas: Atlas | None
    posterior: AggregatePosterior | None
    percentiles: NDArray[np.float32] | None
    banks: tuple[Bank, ...]
    atlas_problem: str | None
    stamp: tuple[tuple[int, int], ...]

    @property
    def title(self) -> str:
        """What the model switch says: "AE", "VAE", or the folder's name for others."""
        return self.name.upper() if self.name in FIRST else self.name


def find_checkpoints() -> tuple[dict[str, Path], list[str]]:
    """Autoencoder folders under `checkpoints/` and `FACESPACE_CHECKPOINTS`, the shipped pair first.

    Returns:
        Name to folder, and a sentence for each folder that had to be left out.
    """
    found: dict[str, Path] = {}
    problems: list[str] = []
    places = [ROOT / "checkpoints"]
    places += [Path(place) for place in os.environ.get("FACESPACE_CHECKPOINTS", "").split(os.pathsep) if place]
    for place in places:
        try:
            folders = sorted(path for path in place.iterdir() if path.is_dir())
        except OSError as error:
            problems.append(f"The checkpoint folder {place} cannot be read: {error.strerror}.")
            continue
        if (place / "config.json").is_file():  # the variable may also name one checkpoint
            folders = [place]
        for folder in folders:
            try:
                config, _ = read_config(folder)
            except CheckpointError as error:
                problems.append(str(error))
                continue
            if config.kind == "classifier":
                continue
            if folder.name in found:
                problems.append(f"{folder} is left out: another checkpoint is called {folder.name!r}. Rename one.")
                continue
            found[folder.name] = folder
    ordered = sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return {name: found[name] for name in ordered}, problems


def open_model(folder: Path) -> OpenModel:
    """Open a checkpoint with its atlas; opened again only when its files change.

    Raises:
        CheckpointError: the weights cannot be used. (A bad atlas is reported in `atlas_problem`.)
    """
    stamps = tuple(_stamp(folder / name) for name in ("config.json", "model.safetensors", "atlas.npz"))
    return _open_model(folder, stamps)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


@st.cache_resource(show_spinner="Opening the model …", max_entries=32)
def _open_model(folder: Path, stamps: tuple[tuple[int, int], ...]) -> OpenModel:
    network = load_checkpoint(folder)
    config, sha256 = network.config, checkpoint_hash(folder)
    try:
        atlas = load_atlas(folder / "atlas.npz", sha256, config.latent_dim)
    except AtlasError as error:
        return OpenModel(folder.name, folder, config, network, sha256, None, None, None, (), str(error), stamps)
    posterior = aggregate_posterior(atlas)
    return OpenModel(
        name=folder.name,
        folder=folder,
        config=config,
        network=network,
        sha256=sha256,
        atlas=atlas,
        posterior=posterior,
        percentiles=distance_percentiles(atlas, posterior),
        banks=(dimension_bank(posterior, atlas.effect), principal_bank(posterior), attribute_bank(atlas, OFFERED)),
        atlas_problem=None,
        stamp=stamps,
    )


def decoder_file(model: OpenModel) -> Path | None:
    """The model's `decoder.onnx` for the browser, made on first use; None where it cannot be made."""
    return _decoder_file(model.folder, model.sha256)


@st.cache_resource(show_spinner="Preparing the decoder for your browser, once for each model …", max_entries=32)
def _decoder_file(folder: Path, sha256: str) -> Path | None:
    from models.export import ExportError, ensure_decoder  # late: onnx is needed for this alone

    try:
        return ensure_decoder(folder)
    except (CheckpointError, ExportError) as error:
        _log.warning("%s", error)
        return None


@st.cache_resource(show_spinner="Reading your CelebA folder …")
def _read_celeba(root: str) -> tuple[CelebAFolder | None, str | None]:
    try:
        return read_celeba(root), None
    except DataError as error:
        return None, f"FACESPACE_CELEBA: {error}"


def celeba() -> tuple[CelebAFolder | None, str | None]:
    """The viewer's own CelebA folder, if `FACESPACE_CELEBA` names one, and a sentence if it cannot be used."""
    root = os.environ.get("FACESPACE_CELEBA")
    return _read_celeba(root) if root else (None, None)


@st.cache_resource(show_spinner=False, max_entries=8)
def _true_labels(root: str, atlas_name: str, _images: NDArray[np.int32]) -> NDArray[np.int8] | None:
    folder, _ = _read_celeba(root)
    if folder is None or folder.labels is None:
        return None
    rows = np.searchsorted(folder.numbers, _images).clip(0, len(folder.numbers) - 1)
    known = folder.numbers[rows] == _images
    return np.where(known[:, None], folder.labels[rows], UNLABELLED).astype(np.int8)


def true_labels(model: OpenModel) -> NDArray[np.int8] | None:
    """CelebA's own labels for a model's atlas: int8 [M, 40], 1 present, 0 absent, -1 not listed.

    None where the viewer has no CelebA folder or it has no list.
    """
    root = os.environ.get("FACESPACE_CELEBA")
    if not root or model.atlas is None:
        return None
    return _true_labels(root, f"{model.name} {model.sha256}", model.atlas.image)


@st.cache_resource(show_spinner=False, max_entries=32)
def _atlas_source(name: str, _atlas: Atlas) -> AtlasSource:
    return publish_atlas(
        xy=_atlas.xy, mu=_atlas.mu, image=_atlas.image, partition=_atlas.partition, scores=_atlas.scores
    )


def atlas_source(model: OpenModel) -> AtlasSource:
    """Where a browser gets the atlas of a model that has one."""
    assert model.atlas is not None
    return _atlas_source(f"{model.folder} {model.sha256} {model.stamp}", model.atlas)


def original(image: int) -> Path | None:
    """The file of an image number in the viewer's CelebA folder, or None."""
    folder, _ = celeba()
    if folder is None:
        return None
    row = int(np.searchsorted(folder.numbers, image))
    return folder.paths[row] if row < len(folder.numbers) and folder.numbers[row] == image else None
