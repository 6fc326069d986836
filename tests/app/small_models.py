"""A tiny model as the app opens it, without a file."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.checkpoints.opening import OpenModel, open_model
from latent.atlas import save_atlas
from latent.attribute_axes import attribute_axes, attribute_bank
from latent.directions import dimension_bank
from latent.posterior import aggregate_posterior, distance_percentiles, draw_percentiles
from models.checkpoint_files import ATLAS_FILE, CheckpointFiles, open_files
from models.config import LatentConfig
from models.networks import Autoencoder
from tests.conftest import tiny_network, vivid_checkpoint
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


def small_files(name: str, config: LatentConfig, folder: Path = Path("nowhere")) -> CheckpointFiles:
    """The files of a checkpoint that has none; `folder` is where figures and the like may lie."""
    sha256 = (name.encode().hex() * 40)[:64]
    return CheckpointFiles(folder / name, config, {}, sha256, (), f"identity of {name}")


def small_model(name: str = "vae", *, rows: int = 300, dimensions: int = 6) -> OpenModel:
    """Seeded: 300 faces of 6 dimensions, two attributes that follow the first two dimensions."""
    kind = "ae" if name == "ae" else "vae"
    network = tiny_network(kind, latent_dim=dimensions)
    atlas = small_atlas(variational=kind == "vae", rows=rows, dimensions=dimensions, seed=len(name))
    atlas = replace(atlas, scores=np.where(atlas.mu[:, :2] > 0.3, 250, 5).astype(np.uint8))
    posterior, axes = aggregate_posterior(atlas), attribute_axes(atlas)
    files = small_files(name, network.config)
    return SmallModel(
        files=replace(files, identity=f"{files.identity}, {rows} faces, {dimensions} dimensions"),
        tiny=network,
        atlas=atlas,
        posterior=posterior,
        percentiles=distance_percentiles(atlas, posterior),
        draw_percentiles=draw_percentiles(atlas, posterior),
        banks=(dimension_bank(posterior, atlas.effect), attribute_bank(axes, NAMES)),
        axes=axes,
    )


def vivid_model(place: Path, *, rows: int = 300) -> OpenModel:
    """A tiny VAE in `place`/vae that draws between a faithful and a vivid decoder, opened from its files."""
    folder = vivid_checkpoint(place)
    atlas = small_atlas(variational=True, rows=rows, dimensions=6, seed=1)
    save_atlas(replace(atlas, checkpoint_sha256=open_files(folder).sha256), folder / ATLAS_FILE)
    return open_model(open_files(folder))


def in_folder(model: OpenModel, folder: Path) -> OpenModel:
    """The model with its files in a folder, to give it figures or maps."""
    return replace(model, files=replace(model.files, folder=folder))
