"""What the chapters work out once for all visitors, keyed by the model's identity."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.celeba import celeba, true_labels
from app.checkpoints.decoding import decode, drawn
from app.checkpoints.layers import layers_of
from app.checkpoints.opening import OpenModel
from app.texts import _
from latent.associations import Associations, associations
from latent.attribute_axes import PRESENT
from latent.bottleneck import Components, components, principal_axes, typical_steps
from latent.map_quality import neighbour_purity, neighbours_kept
from latent.probes import parts
from latent.samplers import posterior_draws
from models.faithful import VIVID
from models.images import read_crops
from models.layer import Layer

DRAWS = 6000
MAP_FACES = 6000
PIXEL_FACES = 500


@dataclass(frozen=True, eq=False)
class PixelComponents:
    """PCA of pictures.

    Attributes:
        mean: float32 [P], P = 3 S S, in [0, 1].
        axes: float32 [K, P], orthonormal rows, the greatest variance first.
        faces: how many pictures it was fitted to.
        real: whether these were CelebA's own; else faces that the model decoded.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    faces: int
    real: bool

    def rebuild(self, picture: NDArray[np.uint8], kept: int) -> NDArray[np.uint8]:
        """A picture uint8 [S, S, 3] from its first components alone."""
        offset = picture.reshape(-1).astype(np.float32) / 255 - self.mean
        first = self.axes[:kept]
        back = self.mean + (first @ offset) @ first
        return np.clip(np.round(back * 255), 0, 255).astype(np.uint8).reshape(picture.shape)


def network_layers(model: OpenModel) -> tuple[tuple[Layer, ...], int]:
    """The layers of a model's network with their shapes, and how many weights it has."""
    return layers_of(model.files, lambda: model.own_network)


@st.cache_resource(show_spinner=False, max_entries=32)
def _axes(identity: str, _covariance: NDArray[np.float32]) -> NDArray[np.float64]:
    return principal_axes(_covariance)


def latent_axes(model: OpenModel) -> NDArray[np.float64]:
    """Principal axes of a model's latents as rows, float64 [D, D]."""
    assert model.posterior is not None
    return _axes(model.identity, model.posterior.covariance)


@st.cache_resource(show_spinner=False, max_entries=16)
def _components(identity: str, _model: OpenModel) -> Components:
    posterior = _model.posterior
    assert posterior is not None

    def work_out() -> dict[str, NDArray[np.float64]]:
        steps = np.concatenate([np.zeros((1, len(posterior.mean))), typical_steps(posterior.covariance)])
        pictures = drawn(_model.drawn_at(VIVID), posterior.mean + steps)
        changes = pictures[1:].reshape(len(steps) - 1, -1) - pictures[0].reshape(-1)
        return vars(components(posterior.covariance, changes @ changes.T))

    return Components(**beforehand(_model.files, "components", (), work_out))


def picture_components(model: OpenModel) -> Components:
    """Uncorrelated components of a model's latents, those that change the picture of the average face most first."""
    with st.spinner(_("Finding what changes the picture most, once for each model …")):
        return _components(model.identity, model)


@st.cache_resource(show_spinner=False, max_entries=8)
def _draws(identity: str, _model: OpenModel) -> NDArray[np.float32]:
    atlas = _model.atlas
    assert atlas is not None
    rows = np.sort(np.random.default_rng(0).permutation(len(atlas))[:DRAWS])
    return posterior_draws(atlas.mu[rows], None if atlas.logvar is None else atlas.logvar[rows], seed=0)


def aggregate_draws(model: OpenModel) -> NDArray[np.float32]:
    """Draws of the aggregate posterior: one for each of up to 6,000 faces, float32 [N, D]."""
    return _draws(model.identity, model)


@st.cache_resource(show_spinner=False, max_entries=4)
def _pixel_components(identity: str, root: str | None, _model: OpenModel) -> PixelComponents:
    atlas, view = _model.atlas, _model.config.view
    assert atlas is not None
    folder = celeba()[0]
    real = folder is not None and len(folder.paths) >= PIXEL_FACES
    if folder is not None and real:  # training pictures, as the networks had
        rows = np.random.default_rng(0).permutation(parts(folder.partition)[0])[:PIXEL_FACES]
        pictures = np.concatenate(
            [crops for first, crops, problem in read_crops([folder.paths[row] for row in rows], *view)]
        )
    else:
        rows = np.random.default_rng(0).permutation(parts(atlas.partition)[0])[:PIXEL_FACES]
        blocks = np.array_split(atlas.mu[rows].astype(np.float32), max(1, len(rows) // 50))
        pictures = np.concatenate([decode(_model, block) for block in blocks])
    flat = pictures.reshape(len(pictures), -1).astype(np.float32) / 255
    mean = flat.mean(0)
    flat -= mean
    values, vectors = np.linalg.eigh((flat @ flat.T).astype(np.float64))
    order = np.argsort(-values)[: min(_model.config.latent_dim, len(flat) - 1)]
    axes = vectors[:, order].T.astype(np.float32) @ flat
    axes = (axes / np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return PixelComponents(mean, axes, len(pictures), real)


def pixel_components(model: OpenModel) -> PixelComponents:
    """PCA on pixels with as many components as the model has latent dimensions.

    Fitted to the viewer's CelebA pictures where there are some, else to faces that the model decoded.
    """
    with st.spinner(_("Fitting PCA to the pixels of faces, once for each model …")):
        return _pixel_components(model.identity, os.environ.get("FACESPACE_CELEBA") or None, model)


def labels(model: OpenModel) -> tuple[NDArray[np.int8], bool]:
    """Attributes of the atlas' faces, int8 [M, A] (1, 0, -1 unknown), and whether they are CelebA's own labels."""
    assert model.atlas is not None
    truth = true_labels(model)
    return ((model.atlas.scores > PRESENT).astype(np.int8), False) if truth is None else (truth, True)


@st.cache_resource(show_spinner=False, max_entries=8)
def _associations(identity: str, root: str | None, _labels: NDArray[np.int8]) -> Associations:
    return associations(_labels)


def attribute_associations(model: OpenModel) -> tuple[Associations, bool]:
    """Shares and correlations of the attributes, and whether they come from CelebA's own labels."""
    found, true = labels(model)
    return _associations(model.identity, os.environ.get("FACESPACE_CELEBA") or None, found), true


@dataclass(frozen=True, eq=False)
class Maps:
    """Some faces on two flat maps.

    Attributes:
        rows: int64 [N], rows of the atlas.
        umap, pca: float32 [N, 2].
        explained: share of the variance that the two principal components hold.
        umap_keeps, pca_keeps: of a face's ten nearest in the latent space, the share that are so on the map too.
    """

    rows: NDArray[np.int64]
    umap: NDArray[np.float32]
    pca: NDArray[np.float32]
    explained: float
    umap_keeps: float
    pca_keeps: float


@st.cache_resource(show_spinner=False, max_entries=8)
def _maps(identity: str, _model: OpenModel) -> Maps:
    atlas, posterior = _model.atlas, _model.posterior
    assert atlas is not None
    assert posterior is not None
    rows = np.sort(np.random.default_rng(0).permutation(len(atlas))[:MAP_FACES])
    centred = atlas.mu[rows].astype(np.float32) - posterior.mean
    flat = centred @ latent_axes(_model)[:2].T
    share = float(flat.var(0).sum() / max(float(centred.var(0).sum()), 1e-12))
    keeps = (neighbours_kept(centred, xy, seed=0) for xy in (atlas.xy[rows], flat))
    return Maps(rows, atlas.xy[rows], flat.astype(np.float32), share, *keeps)


def two_maps(model: OpenModel) -> Maps:
    """Up to 6,000 faces on the UMAP map and on the first two principal components."""
    return _maps(model.identity, model)


@st.cache_data(show_spinner=False, max_entries=64)
def _purities(identity: str, attribute: int, root: str | None, _model: OpenModel) -> dict[str, tuple[float, float]]:
    maps, found = two_maps(_model), labels(_model)[0]
    column = found[maps.rows][:, attribute : attribute + 1]
    purities = {name: neighbour_purity(xy, column, seed=0) for name, xy in (("UMAP", maps.umap), ("PCA", maps.pca))}
    return {name: (float(purity.share[0]), float(purity.shuffled[0])) for name, purity in purities.items()}


def purities(model: OpenModel, attribute: int) -> dict[str, tuple[float, float]]:
    """For each map the share of same-label neighbours of the faces that have an attribute, real and shuffled."""
    with st.spinner(_("Comparing neighbours on the maps …")):
        return _purities(model.identity, attribute, os.environ.get("FACESPACE_CELEBA") or None, model)


@st.cache_data(show_spinner=False, max_entries=400)
def _map_purity(
    name: str, labels_key: bytes, _xy: NDArray[np.floating], _labels: NDArray[np.int8], _model: OpenModel
) -> tuple[float, float]:
    def work_out() -> dict[str, NDArray[np.floating]]:
        found = neighbour_purity(_xy, _labels[:, None], seed=0)
        return {"share": found.share[0], "shuffled": found.shuffled[0]}

    found = beforehand(_model.files, "purity", (_xy.tobytes(), labels_key), work_out)
    return float(found["share"]), float(found["shuffled"])


def map_purity(model: OpenModel, name: str, xy: NDArray[np.floating], known: NDArray[np.int8]) -> tuple[float, float]:
    """The share of same-label neighbours of the faces that have an attribute, real and shuffled.

    Args:
        model: whose faces they are.
        name: of the map.
        xy: places [N, 2].
        known: labels [N]: 1 present, 0 absent, -1 unknown.
    """
    return _map_purity(f"{model.identity} {name}", known.tobytes(), xy, known, model)
