"""The way from noise to a face, for a model that has a learned prior."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.for_browsers import decoder_url
from app.checkpoints.learned_prior import learned_prior, wish_of
from app.checkpoints.opening import OpenModel
from app.components.noise_path import NoisePath, noise_path
from app.texts import N_, _
from latent.projection import place_many
from latent.samplers import noise

DRAWS, MOMENTS = 8, 24
PURE_NOISE = N_("Pure noise: numbers from the bell curve, decoded as they are.")
ARRIVED = N_("Arrived: faces as the learned prior draws them.")


def noise_to_face(model: OpenModel, sampler: str, seed: int, temperature: float) -> None:
    """The first draws of a seed on their way, under a slider over time.

    Args:
        model: one that has an atlas and a learned prior.
        sampler: the learned prior's key, with a wish or without.
        seed, temperature: of the draws, as in the grid.
    """
    decoder = decoder_url(model)
    if decoder is None:
        return
    st.markdown(
        _("**From noise to a face: the {model}'s first {count} samples**").format(model=model.title, count=DRAWS)
    )
    noise_path(
        key=f"noise to face {model.name}",
        path=replace(_path(model.identity, sampler, seed, temperature, model), noise=_(PURE_NOISE), face=_(ARRIVED)),
        decoder=decoder,
        label=_("The {model}'s first {count} samples between noise and face").format(model=model.title, count=DRAWS),
    )
    st.caption(
        _(
            "On the left end each sample is nothing but noise of the bell curve; the network that learned the prior "
            "moves it, a little at a time, to where faces lie. Drag, or press Play; orange dots show where the "
            "samples are."
        )
    )


@st.cache_data(show_spinner=False, max_entries=64)
def _path(identity: str, sampler: str, seed: int, temperature: float, _model: OpenModel) -> NoisePath:
    flow = learned_prior(_model)
    eps = noise(DRAWS, seed, temperature, _model.config.latent_dim)
    points = flow.path(eps, flow.told(DRAWS, seed, wish_of(sampler)), MOMENTS)
    return placed(_model, points)


def placed(
    model: OpenModel, points: NDArray[np.float32], start: str = "", end: str = "", *, private: bool = False
) -> NoisePath:
    """A way from noise to faces with its places on the model's map.

    Args:
        model: one that has an atlas.
        points: float32 [T, N, D], from noise to faces.
        start, end: what is said at the two ends.
        private: whether the points lead to a photo.
    """
    atlas = model.atlas
    assert atlas is not None
    places = place_many(points.reshape(-1, points.shape[-1]), atlas.mu, atlas.xy)
    return NoisePath(
        points=points,
        places=places.reshape(*points.shape[:2], 2).astype(np.float32),
        map=atlas.xy,
        side=model.config.image_size,
        noise=start,
        face=end,
        private=private,
    )
