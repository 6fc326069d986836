"""A tiny checkpoint with a map in a folder, and the folder without a server that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from app.checkpoints.opening import OpenModel, open_model
from app.static_site.__main__ import main
from app.static_site.content import explore
from app.static_site.folder import write_site
from latent.atlas import save_atlas
from latent.prior_file import write_prior
from models.checkpoint_files import open_files
from models.checkpoints import checkpoint_hash, save_checkpoint
from tests.conftest import tiny_network
from tests.latent.test_atlas import small_atlas
from tests.latent.test_flow import SMALL, trainer_of


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], int]:
    """The door, which takes a variable away for the whole process; the test gives it back."""
    monkeypatch.setenv("FACESPACE_CELEBA", "")
    return main


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> OpenModel:
    """A VAE of 6 dimensions with 1,200 faces, whose two attributes follow the first two dimensions, and its prior."""
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    save_checkpoint(tiny_network("vae", latent_dim=6), folder, {})
    atlas = small_atlas(rows=1200, dimensions=6)
    scores = np.where(atlas.mu[:, :2] > 0.3, 250, 5).astype(np.uint8)
    atlas = replace(atlas, checkpoint_sha256=checkpoint_hash(folder), scores=scores)
    save_atlas(atlas, folder / "atlas.npz")
    trainer = trainer_of(replace(atlas, partition=np.zeros_like(atlas.partition)), guidance=1.3, **SMALL)
    random = torch.Generator().manual_seed(1)
    for value in trainer.average.values():
        value.copy_(torch.randn(value.shape, generator=random) * 0.1)  # nothing cancels out
    write_prior(trainer.prior({}), folder)
    return open_model(open_files(folder))


@pytest.fixture(scope="session")
def site(tiny: OpenModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is made of it."""
    out = tmp_path_factory.mktemp("site") / "deep" / "folder"
    write_site(explore(tiny), out)
    return out
