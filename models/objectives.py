"""What training lowers: a network and its loss in one module, so that data-parallel engines see one forward pass."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.classifier import AttributeClassifier
from models.losses import attribute_nats, kl_nats, reconstruction_nats
from models.networks import Autoencoder
from models.perceptual import PerceptualDistance


class AutoencoderObjective(nn.Module):
    """An AE or a VAE under the negative ELBO, with a perceptual term beside it where one is given."""

    def __init__(self, network: Autoencoder, perceptual: PerceptualDistance | None = None) -> None:
        super().__init__()
        self.network, self.perceptual = network, perceptual

    def forward(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """The negative ELBO with `beta` on the KL, plus the perceptual term if there is one; all in nats an image."""
        config = self.network.config
        reconstruction, mu, logvar = self.network(x, generator)
        terms = {"distortion": reconstruction_nats(reconstruction, x, config.decoder_sigma)}
        loss = terms["distortion"]
        if self.perceptual is not None:
            terms["perceptual"] = config.perceptual_weight * self.perceptual(reconstruction, x, generator)
            loss = loss + terms["perceptual"]
        if logvar is not None:
            terms["kl"] = kl_nats(mu, logvar).sum(1).mean()
            loss = loss + config.beta * terms["kl"]
        return {"loss": loss, **terms}


class AttributeObjective(nn.Module):
    """The classifier and its cross-entropy."""

    def __init__(self, network: AttributeClassifier) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Cross-entropy in nats an image, summed over attributes."""
        assert labels is not None
        return {"loss": attribute_nats(self.network(x), labels)}
