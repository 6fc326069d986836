"""The door for checkpoints from elsewhere; the README's own example is followed in test_readme.py."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import import_checkpoint
from models import load_checkpoint
from tests.conftest import write_celeba
from tests.models.foreign_pair import foreign_pair

ROOT = Path(__file__).parents[1]
VAE = ROOT / "checkpoints" / "family" / "beta-1"  # the smallest that has faces to check with
ARGUMENTS = ["encoder.onnx", "decoder.onnx", "--config", "config.json", "--name", "their-vae"]


def test_a_wrong_declaration_is_named_and_mended_with_fix(tmp_path, capsys):
    vae = load_checkpoint(VAE)
    files = dict(zip(("encoder", "decoder"), foreign_pair(vae, channels="BGR"), strict=True))
    for name, content in files.items():
        (tmp_path / f"{name}.onnx").write_bytes(content)
    told = {"kind": "vae", "image_size": vae.config.image_size, "latent_dim": vae.config.latent_dim, "spread": "logvar"}
    (tmp_path / "config.json").write_text(json.dumps(told))
    paths = [str(tmp_path / name) for name in ("encoder.onnx", "decoder.onnx")]
    into = ["--config", str(tmp_path / "config.json"), "--name", "theirs", "--into", str(tmp_path), "--data", ""]
    assert import_checkpoint.main([*paths, *into]) == 1
    assert 'Change "channels" to "BGR".' in capsys.readouterr().out
    assert import_checkpoint.main(["--check", str(tmp_path / "theirs"), "--fix", "--data", ""]) == 0
    assert load_checkpoint(tmp_path / "theirs").config.channels == "BGR"
    assert import_checkpoint.main([*paths, *into]) == 2  # the name is taken now
    assert "There is a checkpoint called 'theirs' already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda place: (place / "encoder.onnx").write_bytes(b""), "is empty"),
        (lambda place: (place / "encoder.onnx").write_bytes(b"\x00" * 99), "not an ONNX file"),
        (lambda place: (place / "decoder.onnx").unlink(), "cannot be read"),
        (lambda place: (place / "config.json").write_text("{"), "not valid JSON"),
        (lambda place: (place / "config.json").write_text('{"kind": "vae", "colour": 1}'), "unknown key 'colour'"),
    ],
)
def test_bad_files_get_a_sentence_and_nothing_is_kept(tmp_path, tiny_pair, capsys, monkeypatch, spoil, said):
    shutil.copytree(tiny_pair, tmp_path / "in")
    spoil(tmp_path / "in")
    monkeypatch.chdir(tmp_path / "in")
    assert import_checkpoint.main([*ARGUMENTS, "--data", "", "--into", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_pictures_without_a_list_of_parts_keep_nobody_from_the_map(tmp_path, tiny_pair, capsys, monkeypatch):
    data = write_celeba(tmp_path / "celeba", 3, lists=False)  # numbers that CelebA's own list trains with: none to test
    monkeypatch.chdir(tiny_pair)
    into = ["--into", str(tmp_path / "out")]
    assert import_checkpoint.main([*ARGUMENTS, "--data", str(data), *into]) in (0, 1)
    assert f"build_atlas.py {tmp_path / 'out' / 'their-vae'} --decoded" in capsys.readouterr().out


@pytest.fixture(scope="module")
def tiny_pair(tmp_path_factory):
    from tests.conftest import tiny_network

    place, network = tmp_path_factory.mktemp("pair"), tiny_network("vae")
    for name, content in zip(("encoder", "decoder"), foreign_pair(network), strict=True):
        (place / f"{name}.onnx").write_bytes(content)
    told = {"kind": "vae", "image_size": 64, "latent_dim": network.config.latent_dim, "spread": "logvar"}
    (place / "config.json").write_text(json.dumps(told))
    return place
