import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.checkpoints import opening
from app.views.lesson.contents import CHAPTERS
from latent.atlas import save_atlas
from models.checkpoint_files import CheckpointError, open_files
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from models.onnx.import_pair import import_pair
from tests.conftest import tiny_network
from tests.latent.test_atlas import small_atlas
from tests.models.foreign_pair import foreign_pair

ROOT = Path(__file__).parents[3]


def test_a_checkpoint_without_an_atlas_opens_and_says_so(shelf):
    model = opening.open_model(open_files(shelf / "two" / "b"))
    assert model.atlas is None
    assert model.banks == ()
    assert "build_atlas.py" in model.atlas_problem


def test_a_checkpoint_is_opened_again_when_its_files_change(shelf):
    folder = shelf / "two" / "b"
    first = opening.open_model(open_files(folder))
    assert opening.open_model(open_files(folder)) is first
    save_checkpoint(tiny_network("ae", seed=5), folder, {})
    assert opening.open_model(open_files(folder)).sha256 != first.sha256
    (folder / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="damaged"):
        opening.open_model(open_files(folder))


def test_weights_whose_decoder_is_there_wait_until_the_server_must_decode(shelf, monkeypatch):
    folder = shelf / "two" / "zoe"
    ensure_decoder(folder)
    monkeypatch.setattr(opening, "load_checkpoint", lambda folder: pytest.fail("opened too early"))
    model = opening.open_model(open_files(folder))
    monkeypatch.undo()
    assert model.network.is_variational
    assert model.network is opening.open_model(open_files(folder)).network
    (folder / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="damaged"):
        opening.open_model(open_files(folder))


def test_the_first_page_needs_neither_torch_nor_the_face_detector():
    first = (
        "import sys, app.early_pad.page_head, app.server.routes, app.controls.pad, app.controls.shelf_panel, "
        "app.session.address, app.views.explore;"
    )
    late = (
        "print([name for name in ('torch', 'torchvision', 'sklearn', 'onnx', 'umap', 'faces') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", first + late], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_no_page_and_no_chapter_loads_torch_before_it_has_something_to_do_for_it():
    chapters = [f"lesson.chapters.{chapter.module}" for chapter in CHAPTERS]
    pages = "import sys, " + ", ".join(
        f"app.views.{name}"
        for name in ("generate", "edit.page", "morph.page", "your_face.page", "models.page", "lesson.page", *chapters)
    )
    late = ";print([name for name in ('torch', 'onnxruntime', 'scipy.linalg') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", pages + late], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_a_checkpoint_that_is_bad_in_an_unknown_way_takes_nothing_from_the_others(shelf, monkeypatch):
    right = opening.open_model

    def open_model(files):
        if files.name == "b":
            raise MemoryError
        return right(files)

    monkeypatch.setattr(opening, "open_model", open_model)
    models, problems = opening.open_all()
    assert "b" not in models
    assert "vae" in models
    assert any("b cannot be opened" in problem for problem in problems)


def test_latents_that_are_maps_are_moved_by_their_components_first(shelf, tmp_path):
    network = tiny_network("ae")
    habits = {"latent_map": (3, 2, 1)}
    told = {"kind": "ae", "image_size": 64, "latent_dim": 6}
    folder = import_pair(*foreign_pair(network, **habits), told, shelf / "two", "map")
    atlas = replace(small_atlas(variational=False, dimensions=6), checkpoint_sha256=open_files(folder).sha256)
    save_atlas(atlas, folder / "atlas.npz")
    banks = opening.open_model(open_files(folder)).banks
    assert [bank.key for bank in banks] == ["principal", "attributes", "dimensions"]
