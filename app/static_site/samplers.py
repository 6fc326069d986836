"""The samplers as a browser draws from them: those that are mixtures of normal distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS
from app.components.site.message import SamplerMessage
from app.server.published import publish_bytes
from app.texts import _
from app.views.generate import generation_quality
from latent.samplers import Gaussian, Mixture

KEYS = ("gaussian", "mixture", "scaled", "standard")
"""The others need every face's posterior, or a network of their own."""


def samplers(model: OpenModel) -> list[SamplerMessage]:
    """What the browser can draw from, for a model that has an atlas, in the order in which people choose."""
    return [_message(model, key) for key in OFFERS if key in KEYS]


def _message(model: OpenModel, key: str) -> SamplerMessage:
    sampler = OFFERS[key].make(model)
    assert isinstance(sampler, Gaussian | Mixture)
    if isinstance(sampler, Mixture):
        weights, means, factors = sampler.weights, sampler.means, sampler.factors
    else:
        weights, means, factors = np.ones(1), sampler.mean[None], sampler.factor[None]
    content = np.concatenate([np.concatenate([m, _packed(f)]) for m, f in zip(means, factors, strict=True)])
    url = publish_bytes(content.astype("<f4").tobytes(), f"{key}.f32")
    return {
        "key": key,
        "name": _(OFFERS[key].name),
        "explanation": _(OFFERS[key].explanation),
        "quality": generation_quality(model, key) or "",
        "weights": [float(weight) for weight in weights],
        "url": None if key == "standard" else url,
        "triangular": factors.ndim == 3,
    }


def _packed(factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """A diagonal as it is, a lower triangle row by row."""
    return factor if factor.ndim == 1 else factor[np.tril_indices(len(factor))]
