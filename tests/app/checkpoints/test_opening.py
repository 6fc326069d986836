import subprocess
import sys
from pathlib import Path

import pytest

from app.checkpoints import opening
from models.checkpoint_files import CheckpointError, open_files
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from tests.conftest import tiny_network

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
