"""What the README tells somebody with pictures or a model of their own to do, done word by word on tiny ones.

The commands run in a folder that looks like a clone, in this process. Only the sizes are made small, by options behind
the README's own.
"""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
import torch

import latent.flow_training
import models
from faces import folder as faces_folder
from latent.atlas import load_atlas
from models import load_checkpoint
from models.checkpoint_files import open_files
from tests.conftest import write_celeba
from tests.models.their_vae import export_pair, trained

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = {
    "train.py": "--width 2 --epochs 1 --batch-size 8 --latent-dim 5",
    "build_atlas.py": "--limit 40",
    "train_prior.py": "--steps 3 --batch-size 8 --width 8 --blocks 1",
    "evaluate.py": f"--samples 30 --measure {ROOT / 'checkpoints' / 'classifier'}",
}


def fences(section: str, language: str = "") -> list[str]:
    """The fenced blocks of a section, in order."""
    text = README.split(f"## {section}\n")[1].split("\n## ")[0]
    return [body for kind, body in re.findall(r"```(\w*)\n(.*?)```", text, re.S) if kind == language]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder with the doors and the shipped checkpoints, in which further ones can be made."""
    place = tmp_path / "facespace"
    (place / "checkpoints").mkdir(parents=True)
    for door in ROOT.glob("*.py"):
        (place / door.name).symlink_to(door)
    (place / "assets").symlink_to(ROOT / "assets")
    for name in ("ae", "vae", "classifier", "family"):
        (place / "checkpoints" / name).symlink_to(ROOT / "checkpoints" / name)
    monkeypatch.chdir(place)
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    return place


def follow(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the commands of a block, each as a process of its own would be."""
    commands = [shlex.split(line, comments=True) for line in block.splitlines() if line.strip()]
    assert commands
    for program, door, *arguments in commands:
        assert program == "python"
        monkeypatch.setattr(sys, "argv", [door, *arguments, *shlex.split(SMALL.get(door, ""))])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(door, run_name="__main__")
        assert ended.value.code in (0, None), f"{door} {arguments}"


def test_ones_own_pictures_are_trained_on_as_the_readme_says(clone, monkeypatch, capsys):
    celeba = write_celeba(clone / "celeba", 80, lists=False, seed=3) / "img_align_celeba"
    (clone / "photos").mkdir()
    for path in celeba.iterdir():
        path.rename(clone / "photos" / f"IMG_{path.name}")
    monkeypatch.setattr(faces_folder, "align_face", lambda photo: photo)  # a disc is no face
    monkeypatch.setattr(latent.flow_training, "FEWEST_FACES", 20)
    first, more = fences("Train on your own pictures")
    follow(first, monkeypatch)
    assert len(list((clone / "photos" / "aligned").glob("*.jpg"))) == 80
    files = open_files("checkpoints/mine")
    assert files.config.kind == "vae"
    assert len(load_atlas(files.atlas_path, files.sha256)) == 40
    follow(more, monkeypatch)
    made = {path.name for path in (clone / "checkpoints" / "mine").iterdir()}
    assert {"maps.npz", "by_attributes.npz", "mixture.npz", "prior.json", "metrics.json", "README.md"} <= made
    assert "80 of 80 faces" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_model_of_ones_own_comes_in_as_the_readme_says(clone, monkeypatch, capsys):
    section = "Bring your own checkpoint"
    bring, in_python, notebook = fences(section, "python")
    mapped, imported = fences(section)
    vae, faces = trained()
    monkeypatch.setattr(models, "SHIPPED", clone / "checkpoints")
    monkeypatch.chdir(clone.parent)  # their program lies elsewhere
    exec(bring, {"vae": vae, "faces": faces})
    monkeypatch.chdir(clone)
    follow(mapped, monkeypatch)
    export_pair(vae, clone)
    (clone / "config.json").write_text(fences(section, "json")[0])
    follow(imported, monkeypatch)
    said = capsys.readouterr().out
    assert "belong together" not in said
    assert "The networks expect" not in said
    x = torch.rand(2, 3, 64, 64)
    mu, logvar = vae.eval().encode(x * 2 - 1)
    for name in ("theirs", "from-onnx"):
        files = open_files(f"checkpoints/{name}")
        m = load_checkpoint(files)
        for found, right in zip(m.posterior(x), (mu, logvar), strict=True):
            assert torch.allclose(found, right, atol=1e-3), name
        assert torch.allclose(m.decode(mu.detach()), vae.decode(mu) / 2 + 0.5, atol=1e-3)
        assert len(load_atlas(files.atlas_path, files.sha256)) == 40
        assert json.loads(files.config_path.read_text())["model"]["value_range"] == [-1, 1]
    values: dict = {}
    monkeypatch.chdir(clone.parent)
    exec(in_python, values)
    assert values["code"].shape == (1, 128)
    assert values["pictures"].shape == (1, 128, 128, 3)
    exec(notebook, values)
    assert values["z"].shape == (1, 128)
    assert values["y"].shape == values["x"].shape == (1, 3, 128, 128)
