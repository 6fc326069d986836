import pytest

from app import paths
from models.checkpoints import save_checkpoint
from models.config import ModelConfig
from models.networks import build_network
from tests.conftest import tiny_network


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An app whose own checkpoints folder is empty, with two places of the viewer's."""
    (tmp_path / "app" / "checkpoints").mkdir(parents=True)
    monkeypatch.setattr(paths, "ROOT", tmp_path / "app")
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    for place, name, kind in (("one", "zoe", "ae"), ("one", "vae", "vae"), ("two", "zoe", "vae"), ("two", "b", "ae")):
        save_checkpoint(tiny_network(kind), tmp_path / place / name, {})
    save_checkpoint(build_network(ModelConfig("classifier", latent_dim=40, width=2)), tmp_path / "one" / "reader", {})
    return tmp_path
