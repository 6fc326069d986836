"""Everything that is opened once and shared by all visitors."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import paths
from app.components.atlas_map import AtlasSource, publish_atlas
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.attribute_axes import PRESENT, AttributeAxis, attribute_axes, attribute_bank
from latent.directions import Bank, dimension_bank, principal_bank
from latent.posterior import AggregatePosterior, aggregate_posterior, distance_percentiles
from latent.probes import Probes, fit_probes, parts
from latent.samplers import Mixture, fit_mixture, posterior_draws
from models.checkpoints import (
    CheckpointError,
    check_weights,
    checkpoint_hash,
    load_checkpoint,
    load_classifier,
    read_config,
)
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from models.data.celeba import UNLABELLED, CelebAFolder, DataError, read_celeba
from models.onnx.decoder_file import find_decoder

if TYPE_CHECKING:  # torch takes two seconds to import, which a first visitor need not wait for
    from models.classifier import AttributeClassifier
    from models.networks import Autoencoder

_log = logging.getLogger(__name__)
# A slider that makes people more "attractive" would teach a judgement, not a fact.
OFFERED = {attribute: plain_name(attribute) for attribute in ATTRIBUTES if attribute not in JUDGING}
FIRST = ("ae", "vae")  # the shipped pair leads the list
FAMILY = "family"  # a folder of small checkpoints beside the others, for comparing and for the lesson


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
    config: ModelConfig
    sha256: str
    atlas: Atlas | None
    posterior: AggregatePosterior | None
    percentiles: NDArray[np.float32] | None
    banks: tuple[Bank, ...]
    axes: Mapping[str, AttributeAxis]
    atlas_problem: str | None
    stamp: tuple[tuple[int, int], ...]

    @property
    def network(self) -> Autoencoder:
        """The weights, in eval mode. Opened when first asked for: a browser that decodes by itself never asks.

        Raises:
            CheckpointError: the weights cannot be used.
        """
        return _network(self.folder, self.stamp)

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
    for place in _places():
        folders = _folders(place, problems)
        if os.path.isfile(place / "config.json"):  # the variable may also name one checkpoint
            folders = [place]
        _take([path for path in folders if not _is_family(path)], found, problems)
    ordered = sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return {name: found[name] for name in ordered}, problems


def find_family() -> tuple[dict[str, Path], list[str]]:
    """The lesson's family: small models that differ in beta, in `family/` under the places of checkpoints.

    Returns:
        Name to folder, by growing beta (an AE's is 0), what else differs last; and a sentence for each folder that had
        to be left out. Both are empty where there is no family. `open_model` opens one of them.
    """
    found: dict[str, Path] = {}
    problems: list[str] = []
    for place in _places():
        if _is_family(place / FAMILY):
            _take(_folders(place / FAMILY, problems), found, problems)

    def order(name: str) -> tuple[int, bool, float, str]:
        config = read_config(found[name])[0]
        return -config.latent_dim, config.perceptual_weight > 0, config.beta if config.kind == "vae" else 0.0, name

    return {name: found[name] for name in sorted(found, key=order)}, problems


def find_classifiers() -> dict[str, Path]:
    """Folders of attribute classifiers beside the autoencoders, by name; what is damaged is named elsewhere."""
    found: dict[str, Path] = {}
    for place in _places():
        _take(_folders(place, []), found, [], classifiers=True)
    return found


def _is_family(folder: Path) -> bool:
    # Not Path.is_dir, which raises where a folder may not be looked into.
    return folder.name == FAMILY and os.path.isdir(folder) and not os.path.exists(folder / "config.json")


def _places() -> list[Path]:
    """Folders of checkpoints: our own, then the viewer's."""
    own = [Path(place) for place in os.environ.get("FACESPACE_CHECKPOINTS", "").split(os.pathsep) if place]
    return [paths.ROOT / "checkpoints", *own]


def _folders(place: Path, problems: list[str]) -> list[Path]:
    try:
        # A hidden folder is a checkpoint that is being written.
        return sorted(path for path in place.iterdir() if os.path.isdir(path) and not path.name.startswith("."))
    except OSError as error:
        problems.append(f"The checkpoint folder {place} cannot be read: {error.strerror}.")
        return []


def _take(folders: list[Path], found: dict[str, Path], problems: list[str], classifiers: bool = False) -> None:
    """Add each folder that holds an autoencoder (or a classifier) to `found`, or a sentence to `problems`."""
    for folder in folders:
        try:
            config, _ = read_config(folder)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        if (config.kind == "classifier") != classifiers:
            continue
        if folder.name in found:
            problems.append(f"{folder} is left out: another checkpoint is called {folder.name!r}. Rename one.")
            continue
        found[folder.name] = folder


def open_model(folder: Path) -> OpenModel:
    """Open a checkpoint with its atlas; opened again only when its files change.

    Raises:
        CheckpointError: the weights cannot be used. (A bad atlas is reported in `atlas_problem`.)
    """
    files = ["config.json", "model.safetensors", "atlas.npz"]
    if os.path.exists(folder / "encoder.onnx"):  # brought from elsewhere; beside ours, decoder.onnx is made from them
        files += ["encoder.onnx", "decoder.onnx"]
    return _open_model(folder, tuple(stamp(folder / name) for name in files))


def stamp(path: Path) -> tuple[int, int]:
    """What changes when a file does; zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


@st.cache_resource(show_spinner="Opening the model …", max_entries=32)
def _network(folder: Path, stamps: tuple[tuple[int, int], ...]) -> Autoencoder:
    return load_checkpoint(folder)


@st.cache_resource(show_spinner="Opening the model …", max_entries=32)
def _open_model(folder: Path, stamps: tuple[tuple[int, int], ...]) -> OpenModel:
    config, sha256 = read_config(folder)[0], checkpoint_hash(folder)
    if find_decoder(folder):  # its decoder was made from exactly this checkpoint, so that opens; torch can wait
        check_weights(folder)
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


def decoder_file(model: OpenModel) -> Path | None:
    """The model's `decoder.onnx` for the browser, made on first use; None where it cannot be made."""
    return _decoder_file(model.folder, model.sha256)


@st.cache_resource(show_spinner="Preparing the decoder for your browser, once for each model …", max_entries=32)
def _decoder_file(folder: Path, sha256: str) -> Path | None:
    if found := find_decoder(folder):
        return found
    from models.onnx.export_decoder import ExportError, ensure_decoder  # late: onnx and torch are needed for this alone

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
def _true_labels(root: str, atlas_name: str, _atlas: Atlas) -> NDArray[np.int8] | None:
    folder, _ = _read_celeba(root)
    known = None if folder is None else folder.labels_of(_atlas.image)
    if known is None or not (known != UNLABELLED).any():
        return None
    labels = np.full((len(_atlas), len(_atlas.attributes)), UNLABELLED, np.int8)
    for column, attribute in enumerate(_atlas.attributes):  # an atlas may list others than CelebA does
        if attribute in ATTRIBUTES:
            labels[:, column] = known[:, ATTRIBUTES.index(attribute)]
    return labels


def true_labels(model: OpenModel) -> NDArray[np.int8] | None:
    """CelebA's own labels for a model's atlas: int8 [M, A], 1 present, 0 absent, -1 not listed.

    None where the viewer has no CelebA folder, it has no list, or it lists none of these pictures.
    """
    root = os.environ.get("FACESPACE_CELEBA")
    if not root or model.atlas is None:
        return None
    return _true_labels(root, f"{model.name} {model.sha256} {model.stamp}", model.atlas)


@st.cache_resource(show_spinner=False, max_entries=32)
def _probes(name: str, truth_from: str | None, _model: OpenModel) -> Probes:
    atlas = _model.atlas
    assert atlas is not None
    labels = (atlas.scores > PRESENT).astype(np.int8)
    truth = true_labels(_model)
    if truth is not None:
        labels = np.where(truth == UNLABELLED, labels, truth)
    return fit_probes(atlas.mu, labels, atlas.partition, atlas.attributes)


def probes(model: OpenModel) -> Probes:
    """Linear probes on the codes of a model that has an atlas, each with its held-out AUC.

    They learn what our classifier reads off the pictures; CelebA's own labels where the viewer has them.
    """
    truth_from = os.environ.get("FACESPACE_CELEBA") or None
    return _probes(f"{model.folder} {model.sha256} {model.stamp}", truth_from, model)


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
    row = int(folder.rows_of(np.array([image]))[0])
    return folder.paths[row] if row >= 0 else None


MIXTURE_FACES = 8000
"""Faces that the mixture of Gaussians is fitted to: enough for its covariances, and a few seconds of work."""


@st.cache_resource(show_spinner="Fitting ten Gaussians to the encoded faces, once for each model …", max_entries=32)
def _mixture(name: str, _atlas: Atlas) -> Mixture:
    rows = parts(_atlas.partition)[0][:MIXTURE_FACES]
    logvar = None if _atlas.logvar is None else _atlas.logvar[rows]
    return fit_mixture(posterior_draws(_atlas.mu[rows], logvar, seed=0))


def mixture(model: OpenModel) -> Mixture:
    """Ten Gaussians fitted to draws of the aggregate posterior of a model that has an atlas, on first use."""
    assert model.atlas is not None
    return _mixture(f"{model.folder} {model.sha256} {model.stamp}", model.atlas)


@st.cache_data(show_spinner=False, max_entries=64)
def _json_file(path: Path, stamp: tuple[int, int], sha256: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    belongs = isinstance(content, dict) and content.get("checkpoint_sha256") == sha256
    return content if belongs else {}


def measured(model: OpenModel, file: str) -> dict[str, Any]:
    """What evaluate.py wrote about these weights, in "metrics.json" or "leakage.json"; empty where it did not."""
    return measured_in(model.folder, model.sha256, file)


def measured_in(folder: Path, sha256: str, file: str) -> dict[str, Any]:
    """The same for a checkpoint that is not open."""
    return _json_file(folder / file, stamp(folder / file), sha256)


CLASSIFIERS = ("measure", "classifier")
"""Folders beside the shipped models: the classifier that only measures, else the one that models are trained with."""


@st.cache_resource(show_spinner=False, max_entries=4)
def _classifier(folder: Path, stamp: tuple[int, int]) -> AttributeClassifier | None:
    try:
        return load_classifier(folder)
    except CheckpointError as error:
        _log.warning("%s", error)
        return None


def open_classifier(folder: Path) -> AttributeClassifier | None:
    """A classifier, ready to read; None, with a word in the log, where it cannot be used."""
    return _classifier(folder, stamp(folder / "model.safetensors"))


def classifier() -> AttributeClassifier | None:
    """The classifier that reads decoded faces, or None where it is not there."""
    folders = [paths.ROOT / "checkpoints" / name for name in CLASSIFIERS]
    found = (open_classifier(path) for path in folders if (path / "config.json").is_file())
    return next((network for network in found if network is not None), None)
