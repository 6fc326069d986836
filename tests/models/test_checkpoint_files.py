import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from latent.directions import UNUSED_NATS as IN_LATENT
from models import load_checkpoint
from models.checkpoint_files import ATLAS_FILE, CheckpointError, open_files
from models.checkpoints import save_checkpoint
from models.metrics import UNUSED_NATS as IN_MODELS
from models.weights_file import check_weights
from tests.conftest import tiny_network


@pytest.fixture
def folder(tmp_path):
    save_checkpoint(tiny_network("vae"), tmp_path / "vae", {"seed": 7})
    return tmp_path / "vae"


@pytest.fixture
def brought(tmp_path):
    """A pair as far as its files go: the networks themselves are not opened here."""
    model = {"kind": "ae", "image_size": 64, "latent_dim": 4}
    (tmp_path / "config.json").write_text(json.dumps({"format": "facespace-onnx-1", "model": model}))
    for name in ("encoder", "decoder"):
        (tmp_path / f"{name}.onnx").write_bytes(name.encode())
    return tmp_path


def test_a_folder_is_described_once_and_opens(folder):
    files = open_files(folder)
    assert (files.name, files.config.kind, files.training["seed"], files.is_brought) == ("vae", "vae", 7, False)
    assert files.weights_paths == (folder / "model.safetensors",)
    assert open_files(files) is files
    check_weights(files)
    assert load_checkpoint(files).config == files.config


def test_the_identity_changes_with_weights_reading_and_atlas_and_with_nothing_else(folder):
    def changed(seen):
        seen.add(open_files(folder).identity)
        return len(seen)

    seen = set()
    assert changed(seen) == 1
    (folder / "metrics.json").write_text("{}")
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(values | {"training": {"seed": 8}}))
    assert changed(seen) == 1
    (folder / ATLAS_FILE).write_bytes(b"one")
    assert changed(seen) == 2
    (folder / ATLAS_FILE).write_bytes(b"another")
    assert changed(seen) == 3
    save_checkpoint(tiny_network("vae", latent_dim=7), folder, {})
    assert changed(seen) == 4
    values = json.loads((folder / "config.json").read_text())
    values["model"]["beta"] = 2.0
    (folder / "config.json").write_text(json.dumps(values))
    assert changed(seen) == 5


def test_a_brought_pair_is_named_by_both_files_and_its_reading(brought):
    first = open_files(brought)
    assert first.is_brought
    assert [path.name for path in first.weights_paths] == ["encoder.onnx", "decoder.onnx"]
    assert first.decoder_paths[0].name == "browser.onnx"
    (brought / "decoder.onnx").write_bytes(b"another")
    second = open_files(brought)
    values = json.loads((brought / "config.json").read_text())
    values["model"]["channels"] = "BGR"
    (brought / "config.json").write_text(json.dumps(values))
    third = open_files(brought)
    assert len({files.sha256 for files in (first, second, third)}) == 3
    assert len({files.identity for files in (first, second, third)}) == 3
    (brought / "encoder.onnx").unlink()
    with pytest.raises(CheckpointError, match=r"encoder\.onnx cannot be read"):
        open_files(brought)


def test_a_copy_has_the_same_weights_by_name(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    one, other = open_files(folder), open_files(tmp_path / "copy")
    assert one.sha256 == other.sha256
    assert replace(one, folder=other.folder, stamps=other.stamps, identity=other.identity) == other


def test_neither_torch_nor_onnx_is_opened_to_look_into_a_folder(folder):
    program = (
        "import sys; from models.checkpoint_files import open_files; from models.onnx.find_decoder import find_decoder;"
        f"find_decoder(open_files({str(folder)!r})); print({{'torch', 'onnx', 'onnxruntime'}} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "HOME": "/"}
    )
    assert said.stdout.strip() == "set()"


def test_what_counts_as_unused_is_the_same_for_both_rooms():
    assert IN_LATENT == IN_MODELS  # `latent` and `models` do not know each other
