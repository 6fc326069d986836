"""The samplers that need no more than an atlas: what the page *Generate* and Python draw from under the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from latent.atlas import Atlas
from latent.posterior import AggregatePosterior
from latent.probes import parts
from latent.samplers import Sampler, jitter, normal, scaled_normal, standard_normal

CODE_JITTER = 0.3
"""An AE has no posterior to say how far a face may move: this share of each dimension's standard deviation."""


def _jitter(atlas: Atlas, posterior: AggregatePosterior) -> Sampler:
    rows = parts(atlas.partition)[1]
    scale = CODE_JITTER * posterior.sd if atlas.logvar is None else np.exp(0.5 * atlas.logvar[rows])
    return jitter(atlas.mu[rows], scale)


FITTED: Mapping[str, Callable[[Atlas, AggregatePosterior], Sampler]] = {
    "standard": lambda atlas, posterior: standard_normal(len(posterior.mean)),
    "scaled": lambda atlas, posterior: scaled_normal(posterior.mean, posterior.sd),
    "gaussian": lambda atlas, posterior: normal(posterior.mean, posterior.covariance),
    "jitter": _jitter,
}
"""By key: from an atlas and its aggregate posterior to the sampler."""
