"""Probabilistic PCA as a starting point: before its first step a network with linear paths is the best linear one.

Training then spends its time on what a linear map cannot draw, rather than on finding PCA by gradient descent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.images import to_tensor
from models.networks import LINEAR_SHRINK, Autoencoder, shrink


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """PCA of pictures shrunk to a quarter of their side S, in the full picture's sum convention.

    Attributes:
        mean: float32 [P], of the shrunk pictures; P = 3 (S/4)^2.
        components: float32 [D, P], orthonormal rows.
        variances: float32 [D], of the full picture along each component (its blocks of equal pixels summed).
    """

    mean: NDArray[np.float32]
    components: NDArray[np.float32]
    variances: NDArray[np.float32]


def fit_components(
    images: NDArray[np.uint8], rows: NDArray[np.integer], count: int, seed: int = 0
) -> PrincipalComponents:
    """PCA of some rows of uint8 [M, S, S, 3], which may lie on disk, by a seeded solver (4 power iterations)."""
    from sklearn.utils.extmath import randomized_svd  # late: a second that the app should not pay

    batches = range(0, len(rows), 500)
    small = np.concatenate([shrink(to_tensor(images[rows[i : i + 500]])).flatten(1).numpy() for i in batches])
    mean = small.mean(0)
    small -= mean
    _, singular, components = randomized_svd(small, count, n_iter=4, random_state=seed)
    return PrincipalComponents(mean, components, singular**2 / len(small) * LINEAR_SHRINK**2)


@torch.no_grad()
def start_from_components(network: Autoencoder, pca: PrincipalComponents) -> None:
    """Set the linear paths (and a VAE's `logvar`) so that the untrained network is (probabilistic) PCA.

    An AE's codes become PCA's, scaled to unit variance. A VAE becomes the linear VAE of the greatest evidence lower
    bound for its `decoder_sigma`: with lambda a component's variance and s^2 the decoder's variance times `beta`
    (weighing the KL by beta is the same as a decoder that is so much less sure),
    mu = sqrt(lambda - s^2) / lambda * u^T (x - mean) and sigma^2 = s^2 / lambda; components below s^2 stay unused.

    Source: Tipping and Bishop 1999, "Probabilistic Principal Component Analysis", equations 6 to 9, without rotation.
    """
    encoder, decoder, config = network.encoder.linear, network.decoder.linear, network.config
    assert encoder is not None
    assert decoder is not None
    noise = config.beta * config.decoder_sigma**2 if network.is_variational else 0.0
    gain = np.sqrt(np.maximum(pca.variances - noise, 0))  # [D], length of each decoder direction in the full picture
    into = (gain / pca.variances)[:, None] * pca.components * LINEAR_SHRINK  # [D, P]
    out = pca.components * gain[:, None] / LINEAR_SHRINK  # [D, P]
    encoder.weight.copy_(torch.from_numpy(into))
    encoder.bias.copy_(torch.from_numpy(-into @ pca.mean))
    decoder.weight.copy_(torch.from_numpy(out.T.copy()))
    decoder.bias.copy_(torch.from_numpy(pca.mean))
    if network.is_variational:
        share = np.clip(noise / pca.variances, 1e-6, 1).astype(np.float32)  # beta 0 leaves no noise at all
        network.encoder.head.bias[config.latent_dim :] = torch.from_numpy(np.log(share))
