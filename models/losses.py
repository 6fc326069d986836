"""Losses in nats an image: summed over pixels and latent dimensions, averaged over the batch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def reconstruction_nats(reconstruction: Tensor, x: Tensor, decoder_sigma: float) -> Tensor:
    """Negative log-likelihood of `x` under N(reconstruction, decoder_sigma^2), without its constant.

    Args:
        reconstruction, x: float32 [N, 3, S, S] in [0, 1].
        decoder_sigma: standard deviation per pixel channel, in pixel range units.

    Returns:
        A scalar, nats an image. The constant 3 S^2 log(decoder_sigma sqrt(2 pi)) is left out.

    Source: Kingma and Welling 2014, appendix C.2, with a fixed variance.
    """
    return (reconstruction - x).square().flatten(1).sum(1).mean() / (2 * decoder_sigma**2)


def kl_nats(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, sigma^2) || N(0, 1)) of each dimension of each picture, in nats: [N, D].

    Source: Kingma and Welling 2014, appendix B: -1/2 (1 + log sigma^2 - mu^2 - sigma^2).
    """
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar)


def attribute_nats(logits: Tensor, labels: Tensor) -> Tensor:
    """Binary cross-entropy summed over attributes: a scalar, nats an image. Both [N, attributes], labels 0 or 1."""
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="none").sum(1).mean()
