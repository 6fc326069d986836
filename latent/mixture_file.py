"""The file of ten Gaussians fitted to an atlas, which takes up to a minute: mixture.npz beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas, AtlasError, naming_damage
from latent.npz_file import read_npz, write_npz
from latent.probes import parts
from latent.samplers import Mixture, fit_mixture, posterior_draws

FORMAT = "facespace-mixture-1"
MAX_BYTES = 50_000_000
COMPONENTS = 10
MIXTURE_FACES = 8000
"""Faces that the mixture is fitted to: enough for its covariances."""
REMEDY = "Make it with build_atlas.py --mixture."


def fit_to_atlas(atlas: Atlas, progress: Callable[[float], None] = lambda share: None) -> Mixture:
    """Ten Gaussians fitted to one posterior draw of each of the first training faces of an atlas.

    Args:
        atlas: the atlas.
        progress: as for `fit_mixture`.

    Raises:
        ValueError: the atlas holds too few faces.
    """
    mu, logvar = _fitted(atlas)
    return fit_mixture(posterior_draws(mu, logvar, seed=0), COMPONENTS, progress=progress)


def save_mixture(mixture: Mixture, atlas: Atlas, path: Path) -> None:
    """Write a mixture of K Gaussians in D dimensions in float32, of each square root the half that is not 0."""
    below = np.tril_indices(mixture.means.shape[1])
    header = {"format": FORMAT, "latents_sha256": latents_stamp(atlas)}
    arrays: dict[str, NDArray[Any]] = {
        "weights": mixture.weights.astype(np.float32),
        "means": mixture.means.astype(np.float32),
        "factors": mixture.factors[:, below[0], below[1]].astype(np.float32),
    }
    write_npz(path, header, arrays)


def load_mixture(path: Path, atlas: Atlas) -> Mixture:
    """Read a mixture and check that it was fitted to the latents of an atlas.

    Raises:
        FileNotFoundError: there is none.
        AtlasError: damaged, or of other latents.
    """
    with naming_damage(path, REMEDY):
        header, arrays = read_npz(path, MAX_BYTES)
        weights, means, half = (arrays[name].astype(np.float64) for name in ("weights", "means", "factors"))
        dimensions = atlas.mu.shape[1]
        below = np.tril_indices(dimensions)
        factors = np.zeros((len(weights), dimensions, dimensions))
        factors[:, below[0], below[1]] = half
        right = means.shape == (len(weights), dimensions) and half.shape == (len(weights), len(below[0]))
        sound = right and all(np.isfinite(part).all() for part in (weights, means, half))
        if header["format"] != FORMAT or not sound or not (weights.min() >= 0 and weights.sum() > 0):
            raise ValueError
        made_from = header["latents_sha256"]
    if made_from != latents_stamp(atlas):
        raise AtlasError(f"{path} was fitted to other latents than the atlas beside it holds. {REMEDY}")
    return Mixture(weights / weights.sum(), means, factors)


def latents_stamp(atlas: Atlas) -> str:
    """Names what the mixture depends on, the latents it is fitted to, whatever weights decode them: SHA-256."""
    mu, logvar = _fitted(atlas)
    digest = hashlib.sha256(np.ascontiguousarray(mu, "<f2").tobytes())
    if logvar is not None:
        digest.update(np.ascontiguousarray(logvar, "<f4").tobytes())
    return digest.hexdigest()


def _fitted(atlas: Atlas) -> tuple[NDArray[np.float16], NDArray[np.float32] | None]:
    rows = parts(atlas.partition)[0][:MIXTURE_FACES]
    return atlas.mu[rows], None if atlas.logvar is None else atlas.logvar[rows]
