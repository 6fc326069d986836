"""A tiny checkpoint with a map in a folder, and the folder without a server that is made of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.checkpoints.opening import OpenModel, open_model
from latent.atlas import save_atlas
from models.checkpoint_files import open_files
from models.checkpoints import checkpoint_hash, save_checkpoint
from tests.conftest import tiny_network
from tests.latent.test_atlas import small_atlas


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> OpenModel:
    """A VAE of 6 dimensions with 1,200 faces, whose two attributes follow the first two dimensions."""
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    save_checkpoint(tiny_network("vae", latent_dim=6), folder, {})
    atlas = small_atlas(rows=1200, dimensions=6)
    scores = np.where(atlas.mu[:, :2] > 0.3, 250, 5).astype(np.uint8)
    atlas = replace(atlas, checkpoint_sha256=checkpoint_hash(folder), scores=scores)
    save_atlas(atlas, folder / "atlas.npz")
    return open_model(open_files(folder))
