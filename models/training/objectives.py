"""What training lowers: a network and its loss in one module, so that data-parallel engines see one forward pass."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.classifier import AttributeClassifier
from models.losses import attribute_nats, kl_nats, reconstruction_nats
from models.networks import Autoencoder
from models.training.perceptual import PerceptualDistance

BETA_STEP = 0.01
"""The most that the weight of the KL term changes in one step, as a share of itself, where a rate is aimed at."""

PERCEPTUAL_SHARE = 2
"""One picture in so many is compared in features: the same gradient on average, at half the cost of the features."""

AS_ENCODED = 4
"""One code in so many is left uncorrected: else nothing holds the decoder where the encoder's codes are, and it drifts
away until no correction reaches it."""


class AutoencoderObjective(nn.Module):
    """An AE or a VAE under the negative ELBO, with a perceptual term beside it where one is given.

    With a `kl_target` above 0 the weight `beta` of the KL term is no longer fixed: it grows while a VAE spends more
    nats than that on a picture and shrinks while it spends fewer, so that training ends at the rate asked for.
    Source: Rezende and Viola 2018, "Taming VAEs" (GECO), here with the constraint on the rate.

    With `centres` a VAE's pictures are decoded from the means of their posteriors instead of from draws. With a
    `corrector`, which shares `network`'s encoder and decoder, an AE's are decoded from the codes that it corrects.
    """

    beta: Tensor

    def __init__(
        self,
        network: Autoencoder,
        perceptual: PerceptualDistance | None = None,
        kl_target: float = 0.0,
        centres: bool = False,
        corrector: Autoencoder | None = None,
    ) -> None:
        super().__init__()
        self.network, self.perceptual, self.kl_target, self.centres = network, perceptual, kl_target, centres
        self.corrector = corrector
        self.register_buffer("beta", torch.tensor(network.config.beta))  # a buffer, so that all processes agree

    def forward(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """The negative ELBO with `beta` on the KL, plus the perceptual term if there is one; all in nats an image."""
        config = self.network.config
        if self.centres or self.corrector is not None:
            mu, logvar = self.network.posterior(x)
            if self.corrector is not None:
                some = max(1, len(x) // AS_ENCODED)
                mu = torch.cat([mu[:some], self.corrector.encode(x[some:])])
            reconstruction = self.network.decoder(mu).float()
        else:
            reconstruction, mu, logvar = self.network(x, generator)
        terms = {"distortion": reconstruction_nats(reconstruction, x, config.decoder_sigma)}
        loss = terms["distortion"]
        if self.perceptual is not None:
            some = max(1, len(x) // PERCEPTUAL_SHARE)
            distance = self.perceptual(reconstruction[:some], x[:some], generator)
            terms["perceptual"] = config.perceptual_weight * distance
            loss = loss + terms["perceptual"]
        if logvar is not None:
            kl = terms["kl"] = kl_nats(mu, logvar).sum(1).mean()
            loss = loss + self.beta.clone() * kl
            if self.kl_target:
                terms["beta"] = self.beta.clone()
                excess = (kl.detach() / self.kl_target - 1).clamp(-1, 1)
                self.beta.mul_(torch.exp(BETA_STEP * excess))
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
