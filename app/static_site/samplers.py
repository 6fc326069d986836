"""The samplers as a browser draws from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.learned_prior import LEARNED, learned_prior
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS
from app.components.site.message import PriorMessage, SamplerMessage
from app.controls.prior_wish import OFFERED
from app.server.published import publish_bytes
from app.texts import _
from app.texts.attributes import attribute_name
from app.views.generate import generation_quality
from latent.fitted_samplers import CODE_JITTER
from latent.prior_file import WEIGHTS_FILE
from latent.probes import parts
from latent.samplers import Gaussian, Mixture
from latent.velocity import PriorError

JITTER = "jitter"


def samplers(model: OpenModel) -> list[SamplerMessage]:
    """What the browser can draw from, for a model that has an atlas, in the order in which people choose."""
    has_prior = prior(model) is not None
    return [_message(model, key) for key in OFFERS if key != LEARNED or has_prior]


def prior(model: OpenModel) -> PriorMessage | None:
    """The learned prior of a model; None where it has none, or none that can be used."""
    try:
        config = learned_prior(model).prior.config
    except PriorError:
        return None
    return {
        "url": publish_bytes((model.files.folder / WEIGHTS_FILE).read_bytes(), WEIGHTS_FILE),
        "attributes": list(config.attributes),
        "offered": {name: attribute_name(name) for name in config.attributes if name in OFFERED},
        "guidance": float(config.guidance),
        "steps": config.steps,
        "blocks": config.blocks,
    }


def _message(model: OpenModel, key: str) -> SamplerMessage:
    message: SamplerMessage = {
        "key": key,
        "name": _(OFFERS[key].name),
        "explanation": _(OFFERS[key].explanation),
        "quality": generation_quality(model, key) or "",
        "weights": [],
        "url": None,
        "triangular": False,
    }
    if key == LEARNED:
        return message
    if key == JITTER:
        return message | {"url": publish_bytes(_held_out(model).astype("<f4").tobytes(), f"{key}.f32")}
    sampler = OFFERS[key].make(model)
    assert isinstance(sampler, Gaussian | Mixture)
    if isinstance(sampler, Mixture):
        weights, means, factors = sampler.weights, sampler.means, sampler.factors
    else:
        weights, means, factors = np.ones(1), sampler.mean[None], sampler.factor[None]
    content = np.concatenate([np.concatenate([m, _packed(f)]) for m, f in zip(means, factors, strict=True)])
    url = None if key == "standard" else publish_bytes(content.astype("<f4").tobytes(), f"{key}.f32")
    return message | {"weights": [float(weight) for weight in weights], "url": url, "triangular": factors.ndim == 3}


def _held_out(model: OpenModel) -> NDArray[np.float64]:
    """The rows of the faces that are moved, and for an AE by how much, which no posterior says."""
    assert model.atlas is not None
    assert model.posterior is not None
    rows = parts(model.atlas.partition)[1].astype(np.float64)
    return rows if model.atlas.logvar is not None else np.concatenate([rows, CODE_JITTER * model.posterior.sd])


def _packed(factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """A diagonal as it is, a lower triangle row by row."""
    return factor if factor.ndim == 1 else factor[np.tril_indices(len(factor))]
