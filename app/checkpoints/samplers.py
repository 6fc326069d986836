"""The samplers that the app offers, the same ones for every model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.learned_prior import LEARNED, WishedFor, learned_prior, wish_of
from app.checkpoints.opening import OpenModel
from app.texts import N_
from latent.atlas import Atlas, AtlasError
from latent.fitted_samplers import FITTED
from latent.flow import Wish
from latent.mixture_file import fit_to_atlas, load_mixture
from latent.samplers import Mixture, Sampler
from latent.velocity import PriorError
from models.checkpoint_files import CheckpointFiles, file_stamp

LOOK = 0.5  # seconds between two looks at how far somebody else has come


@dataclass(frozen=True)
class Offer:
    """A sampler to choose.

    Attributes:
        name: what people choose.
        explanation: what it does, for someone who never heard of it.
        make: from a model that has an atlas to the sampler.
    """

    name: str
    explanation: str
    make: Callable[[OpenModel], Sampler]


def _fitted(key: str) -> Callable[[OpenModel], Sampler]:
    def make(model: OpenModel) -> Sampler:
        assert model.atlas is not None
        assert model.posterior is not None
        return FITTED[key](model.atlas, model.posterior)

    return make


@dataclass
class _Fit:
    """The ten Gaussians of one model, for all visitors: who comes first fits them, the others see how far that is."""

    made: Mixture | None = None
    share: float = 0.0
    lock: Lock = field(default_factory=Lock)


@st.cache_resource(show_spinner=False, max_entries=32)
def _fit(identity: str, stamp: object, _files: CheckpointFiles, _atlas: Atlas) -> _Fit:
    try:
        return _Fit(load_mixture(_files.mixture_path, _atlas))
    except (FileNotFoundError, AtlasError):  # it is only there to save the wait
        return _Fit()


def _fit_of(model: OpenModel) -> _Fit:
    assert model.atlas is not None
    return _fit(model.identity, file_stamp(model.files.mixture_path), model.files, model.atlas)


def mixture_waits(model: OpenModel) -> bool:
    """Whether the ten Gaussians of a model that has an atlas are still to be fitted, which takes up to a minute."""
    return _fit_of(model).made is None


def mixture(model: OpenModel, progress: Callable[[float], None] = lambda share: None) -> Mixture:
    """Ten Gaussians fitted to draws of the aggregate posterior of a model that has an atlas: read, else fitted once.

    Args:
        model: the model.
        progress: told now and then how far it is, 0 to 1, whoever fits them. It may raise, to stop waiting.
    """
    assert model.atlas is not None
    fit = _fit_of(model)
    while not fit.lock.acquire(timeout=LOOK):
        progress(fit.share)
    try:
        if fit.made is None:

            def tell(share: float) -> None:
                fit.share = share
                progress(share)

            fit.made = fit_to_atlas(model.atlas, tell)
        return fit.made
    finally:
        fit.lock.release()


def _learned(model: OpenModel) -> Sampler:
    return learned_prior(model)


OFFERS: dict[str, Offer] = {
    "standard": Offer(
        N_("Standard normal"),
        N_(
            "Every one of the numbers is drawn for itself from the bell curve around 0 with width 1: the prior, "
            "which a VAE is trained to fill with faces. An AE never heard of it."
        ),
        _fitted("standard"),
    ),
    "scaled": Offer(
        N_("Standard normal, scaled"),
        N_(
            "The bell curve of each number is moved and widened to fit the encoded faces: the fair comparison for an "
            "AE. How the numbers go together is still ignored."
        ),
        _fitted("scaled"),
    ),
    "gaussian": Offer(
        N_("Gaussian fitted to the faces"),
        N_(
            "One bell curve over all numbers at once that also knows which of them rise and fall together (full "
            "covariance), fitted to the encoded faces."
        ),
        _fitted("gaussian"),
    ),
    "mixture": Offer(
        N_("Ten Gaussians fitted to the faces"),
        N_("Ten such bell curves, each for a part of the faces (a mixture, fitted to 8,000 of them)."),
        mixture,
    ),
    LEARNED: Offer(
        N_("Learned prior"),
        N_(
            "A small network has learned to carry the noise of the bell curve, step by step, to where the encoded "
            "faces lie. You can ask it for faces with or without an attribute."
        ),
        _learned,
    ),
    "jitter": Offer(
        N_("Encode, then jitter"),
        N_(
            "A held-out face of the map is taken and moved a little: by its own posterior's width in a VAE, by 0.3 "
            "standard deviations in an AE."
        ),
        _fitted("jitter"),
    ),
}


def offer(key: str) -> Offer | None:
    """What a sampler's key names, if it names one: a key of `OFFERS`, or that of the learned prior with a wish."""
    return OFFERS[LEARNED] if wish_of(key) is not None else OFFERS.get(key)


def measured_as(model: OpenModel, key: str) -> str:
    """The name of a sampler in evaluate.py's figures: there "standard_normal" is the fair one of the two normals."""
    fair, other = ("standard", "scaled") if model.config.kind == "vae" else ("scaled", "standard")
    return {fair: "standard_normal", other: "scaled_normal" if other == "scaled" else "raw_normal"}.get(key, key)


def draw(model: OpenModel, key: str, count: int, seed: int, temperature: float) -> NDArray[np.float32]:
    """Samples float32 [count, D] of a model that has an atlas; sample i depends on seed and i alone.

    Raises:
        PriorError: the learned prior is asked for, but this model has none, or it does not know an attribute.
    """
    wish = wish_of(key)
    if wish is not None and wish != Wish():
        return WishedFor(learned_prior(model), wish).sample(count, seed, temperature)
    return OFFERS[key].make(model).sample(count, seed, temperature)


def can_draw(model: OpenModel, key: str) -> bool:
    """Whether a model has this sampler: all have all but the learned prior, which has to be made."""
    wish = wish_of(key)
    if wish is None:
        return key in OFFERS
    try:
        return set(wish.attributes) <= set(learned_prior(model).attributes)
    except PriorError:
        return False
