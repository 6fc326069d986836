"""Seeded networks for the pad's page."""

from __future__ import annotations

import torch

from models.config import ModelConfig
from models.networks import Autoencoder
from tests.browser.parts_app.points import DIMENSIONS


def pad_network(kind: str) -> Autoencoder:
    """An "ae" or a "vae" whose pictures change visibly with z, in eval mode."""
    torch.manual_seed(("ae", "vae").index(kind))
    network = Autoencoder(ModelConfig(kind, 64, latent_dim=DIMENSIONS, width=8)).eval()  # type: ignore[arg-type]
    with torch.no_grad():
        logits = network.decode(torch.randn(8, DIMENSIONS)).logit()
        network.decoder.convolutions[-2].weight.div_((logits - logits.mean((0, 2, 3), keepdim=True)).std())
    return network
