import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app import paths
from app.checkpoints import opening as cache
from latent.atlas import Atlas
from models.checkpoints import CheckpointError, save_checkpoint
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.data.celeba import read_celeba
from models.networks import build_network
from models.onnx.export_decoder import ensure_decoder
from tests.conftest import tiny_network

ROOT = Path(__file__).parents[3]


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


def test_the_family_stands_apart_from_the_others_and_is_sorted_by_beta(shelf, monkeypatch):
    assert cache.find_family() == ({}, [])
    family = shelf / "one" / "family"
    for name, kind, more in (
        ("beta-10", "vae", {"beta": 10.0}),
        ("beta-0", "ae", {"beta": 0.0}),
        ("two-dimensions", "vae", {"latent_dim": 2}),
        ("perceptual", "vae", {"beta": 1.0, "perceptual_weight": 5.0}),
        ("beta-0.3", "vae", {"beta": 0.3}),
    ):
        save_checkpoint(tiny_network(kind, **more), family / name, {})
    (family / "notes").mkdir()
    found, problems = cache.find_family()
    assert list(found) == ["beta-0", "beta-0.3", "beta-10", "perceptual", "two-dimensions"]
    assert len(problems) == 1
    assert "notes" in problems[0]
    others, problems = cache.find_checkpoints()
    assert list(others) == ["vae", "b", "zoe"]
    assert not any(str(family) in problem for problem in problems)


def test_a_checkpoint_may_be_called_family(shelf):
    save_checkpoint(tiny_network("ae"), shelf / "one" / "family", {})
    assert "family" in cache.find_checkpoints()[0]
    assert cache.find_family()[0] == {}


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


def test_weights_whose_decoder_is_there_wait_until_the_server_must_decode(shelf, monkeypatch):
    folder = shelf / "two" / "zoe"
    ensure_decoder(folder)
    monkeypatch.setattr(cache, "load_checkpoint", lambda folder: pytest.fail("opened too early"))
    model = cache.open_model(folder)
    monkeypatch.undo()
    assert model.network.is_variational
    assert model.network is cache.open_model(folder).network
    (folder / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="damaged"):
        cache.open_model(folder)


def test_the_first_page_needs_neither_torch_nor_the_face_detector():
    first = (
        "import sys, app.early_pad.page_head, app.server.routes, app.controls.common, app.controls.shelf_panel, "
        "app.session.address, app.views.explore;"
    )
    late = (
        "print([name for name in ('torch', 'torchvision', 'sklearn', 'onnx', 'umap', 'faces') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", first + late], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_probes_learn_the_viewers_labels_where_there_are_any(celeba_folder, monkeypatch):
    truth = read_celeba(celeba_folder).labels
    random = np.random.default_rng(0)
    smiling = ATTRIBUTES.index("Smiling")
    mu = random.normal(size=(60, 3))
    mu[:, 0] += 4 * truth[:, smiling]  # the codes follow the labels, the classifier's reading is noise
    atlas = Atlas(
        image=np.arange(1, 61, dtype=np.int32), partition=np.full(60, 255, np.uint8), mu=mu.astype(np.float16),
        scores=random.integers(0, 256, (60, 40)).astype(np.uint8), attributes=ATTRIBUTES, logvar=None,
        xy=np.zeros((60, 2), np.float32), effect=np.ones(3, np.float32), checkpoint_sha256="",
    )  # fmt: skip
    model = SimpleNamespace(name="it", folder=celeba_folder, sha256="1", stamp=(), atlas=atlas)
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    read_off = cache.probes(model)
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    told = cache.probes(model)
    assert told.auc[smiling] > 0.9
    assert not np.allclose(told.weights[smiling], read_off.weights[smiling])


def test_true_labels_follow_the_atlas_own_list_of_attributes(celeba_folder, monkeypatch):
    truth = read_celeba(celeba_folder).labels
    chosen = ("Smiling", "Wears a monocle", "Eyeglasses")
    atlas = Atlas(
        image=np.array([5, 999], np.int32), partition=np.zeros(2, np.uint8), scores=np.zeros((2, 3), np.uint8),
        attributes=chosen, mu=np.zeros((2, 4), np.float16), logvar=None, xy=np.zeros((2, 2), np.float32),
        effect=np.ones(4, np.float32), checkpoint_sha256="",
    )  # fmt: skip
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    labels = cache.true_labels(SimpleNamespace(name="few", sha256="2", stamp=(), atlas=atlas))
    expected = [truth[4, ATTRIBUTES.index("Smiling")], -1, truth[4, ATTRIBUTES.index("Eyeglasses")]]
    assert labels.tolist() == [expected, [-1, -1, -1]]
    unlisted = replace(atlas, image=np.array([998, 999], np.int32))
    assert cache.true_labels(SimpleNamespace(name="none", sha256="3", stamp=(), atlas=unlisted)) is None
