"""A tiny model as the app opens it, without a file."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.checkpoints.opening import OpenModel
from latent.attribute_axes import attribute_axes, attribute_bank
from latent.directions import dimension_bank
from latent.posterior import aggregate_posterior, distance_percentiles
from models.networks import Autoencoder
from tests.conftest import tiny_network
from tests.latent.test_atlas import small_atlas

NAMES = {"Eyeglasses": "Eyeglasses", "Smiling": "Smiling"}


@dataclass(frozen=True)
class SmallModel(OpenModel):
    """A model whose weights are in no file."""

    tiny: Autoencoder | None = None

    @property
    def network(self) -> Autoencoder:
        assert self.tiny is not None
        return self.tiny


def small_model(name: str = "vae", *, rows: int = 300, dimensions: int = 6) -> OpenModel:
    """Seeded: 300 faces of 6 dimensions, two attributes that follow the first two dimensions."""
    kind = "ae" if name == "ae" else "vae"
    network = tiny_network(kind, latent_dim=dimensions)
    atlas = small_atlas(variational=kind == "vae", rows=rows, dimensions=dimensions, seed=len(name))
    atlas = replace(atlas, scores=np.where(atlas.mu[:, :2] > 0.3, 250, 5).astype(np.uint8))
    posterior, axes = aggregate_posterior(atlas), attribute_axes(atlas)
    return SmallModel(
        name=name,
        folder=Path("nowhere"),
        config=network.config,
        tiny=network,
        sha256=(name.encode().hex() * 40)[:64],
        atlas=atlas,
        posterior=posterior,
        percentiles=distance_percentiles(atlas, posterior),
        banks=(dimension_bank(posterior, atlas.effect), attribute_bank(axes, NAMES)),
        axes=axes,
        atlas_problem=None,
        stamp=(),
    )
