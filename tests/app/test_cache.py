import numpy as np
import pytest

from app import cache
from models.checkpoints import CheckpointError, save_checkpoint
from models.config import ModelConfig
from models.networks import build_network
from tests.conftest import tiny_network


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An app whose own checkpoints folder is empty, with two places of the viewer's."""
    (tmp_path / "app" / "checkpoints").mkdir(parents=True)
    monkeypatch.setattr(cache, "ROOT", tmp_path / "app")
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    for place, name, kind in (("one", "zoe", "ae"), ("one", "vae", "vae"), ("two", "zoe", "vae"), ("two", "b", "ae")):
        save_checkpoint(tiny_network(kind), tmp_path / place / name, {})
    save_checkpoint(build_network(ModelConfig("classifier", latent_dim=40, width=2)), tmp_path / "one" / "reader", {})
    return tmp_path


def test_checkpoints_are_found_in_all_places_without_classifiers(shelf):
    found, problems = cache.find_checkpoints()
    assert list(found) == ["vae", "b", "zoe"]
    assert len(problems) == 1
    assert "another checkpoint is called 'zoe'" in problems[0]


def test_a_broken_config_and_a_missing_place_are_named_and_the_rest_is_found(shelf, monkeypatch):
    (shelf / "one" / "zoe" / "config.json").write_text("{")
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", f"{shelf / 'one'}:{shelf / 'nowhere'}")
    found, problems = cache.find_checkpoints()
    assert list(found) == ["vae"]
    assert any("not valid JSON" in problem for problem in problems)
    assert any("nowhere cannot be read" in problem for problem in problems)


def test_the_variable_may_name_one_checkpoint(shelf, monkeypatch):
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(shelf / "two" / "b"))
    assert list(cache.find_checkpoints()[0]) == ["b"]


def test_a_checkpoint_without_an_atlas_opens_and_says_so(shelf):
    model = cache.open_model(shelf / "two" / "b")
    assert model.atlas is None
    assert model.banks == ()
    assert "build_atlas.py" in model.atlas_problem


def test_a_checkpoint_is_opened_again_when_its_files_change(shelf):
    folder = shelf / "two" / "b"
    first = cache.open_model(folder)
    assert cache.open_model(folder) is first
    save_checkpoint(tiny_network("ae", seed=5), folder, {})
    assert cache.open_model(folder).sha256 != first.sha256
    (folder / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="damaged"):
        cache.open_model(folder)


def test_originals_and_labels_come_from_the_viewers_folder(celeba_folder, monkeypatch):
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    assert cache.celeba() == (None, None)
    assert cache.original(3) is None
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    assert cache.original(3).name == "000003.jpg"
    assert cache.original(99) is None
    folder, problem = cache.celeba()
    assert problem is None
    assert np.array_equal(folder.numbers, np.arange(1, 61))
