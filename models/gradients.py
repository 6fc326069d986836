"""Gradients of a VAE's loss for one face: through the draw, and without going through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.losses import kl_nats, reconstruction_nats
from models.networks import Autoencoder


@dataclass(frozen=True, eq=False)
class FaceGradients:
    """The two terms of the loss for one face and one draw, and their gradients. Each gradient is float32 [D].

    Attributes:
        distortion: squared error over 2 decoder_sigma^2, nats, without its constant.
        kl: KL from the posterior to N(0, I), nats.
        z: gradient of the distortion with respect to the draw.
        mu: gradient of distortion + beta * kl with respect to mu.
        sigma: the same with respect to sigma.
    """

    distortion: float
    kl: float
    z: NDArray[np.float32]
    mu: NDArray[np.float32]
    sigma: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DrawnGradients:
    """Estimates of the distortion's gradient with respect to one entry of mu, one a draw, float64 [N].

    Attributes:
        pathwise: by differentiating through z = mu + sigma * eps.
        score: by the score function, distortion * eps / sigma, which needs no gradient of the decoder.
    """

    pathwise: NDArray[np.float64]
    score: NDArray[np.float64]


def face_gradients(
    network: Autoencoder, x: Tensor, mu: NDArray[np.floating], sigma: NDArray[np.floating], eps: NDArray[np.floating]
) -> FaceGradients:
    """Differentiate the negative ELBO of one picture through z = mu + sigma * eps, by autograd.

    Args:
        network: a VAE in eval mode.
        x: float32 [1, 3, S, S] in [0, 1].
        mu, sigma, eps: [D].

    Source: Kingma and Welling 2014, equations 7 and 10.
    """
    with torch.enable_grad():
        centre, width = _leaf(mu), _leaf(sigma)
        z = centre + width * torch.from_numpy(np.asarray(eps, np.float32))  # [D]
        distortion = reconstruction_nats(network.decoder(z[None]).float(), x, network.config.decoder_sigma)
        kl = kl_nats(centre, 2 * width.log()).sum()
        (through,) = torch.autograd.grad(distortion, z, retain_graph=True)
        loss = distortion + network.config.beta * kl
        to_mu, to_sigma = torch.autograd.grad(loss, (centre, width))
    return FaceGradients(distortion.item(), kl.item(), through.numpy(), to_mu.numpy(), to_sigma.numpy())


def drawn_gradients(
    network: Autoencoder,
    x: Tensor,
    mu: NDArray[np.floating],
    sigma: NDArray[np.floating],
    eps: NDArray[np.floating],
    dimension: int,
) -> DrawnGradients:
    """Both estimators of d distortion / d mu[dimension] for each of N draws eps [N, D]; the rest as above.

    Source: Williams 1992 (REINFORCE) for the score function; Kingma and Welling 2014, section 2.2, on its variance.
    """
    noise = np.asarray(eps, np.float32)
    pathwise, score = [], []
    for row in noise:
        with torch.enable_grad():
            z = _leaf(np.asarray(mu) + np.asarray(sigma) * row)
            distortion = reconstruction_nats(network.decoder(z[None]).float(), x, network.config.decoder_sigma)
            (through,) = torch.autograd.grad(distortion, z)
        pathwise.append(float(through[dimension]))
        score.append(distortion.item() * float(row[dimension]) / float(sigma[dimension]))
    return DrawnGradients(np.array(pathwise), np.array(score))


def _leaf(values: NDArray[np.floating]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32)).requires_grad_()
