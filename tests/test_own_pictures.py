"""Somebody's own portraits, without any list, through every door: aligned, trained, mapped, measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import align_faces
import build_atlas
import evaluate
import train
from latent.atlas import load_atlas
from models.checkpoints import save_checkpoint
from models.data.celeba import read_celeba
from tests.conftest import tiny_network, write_celeba

ROOT = Path(__file__).parents[1]
TINY = ["--width", "2", "--epochs", "1", "--batch-size", "8", "--latent-dim", "5"]
CLASSIFIER = ["--classifier", str(ROOT / "checkpoints" / "classifier")]
MEASURE = ["--measure", str(ROOT / "checkpoints" / "classifier"), "--samples", "30"]


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """80 pictures that are named as a camera does."""
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    place = tmp_path / "photos"
    place.mkdir()
    celeba = write_celeba(tmp_path / "celeba", 80, lists=False, seed=3) / "img_align_celeba"
    for path in sorted(celeba.iterdir()):
        path.rename(place / f"IMG_{path.name}")
    return place


@pytest.mark.slow
def test_ones_own_pictures_are_trained_mapped_and_measured_without_any_list(photos, tmp_path, capsys):
    data, mine = ["--data", str(photos)], tmp_path / "mine"
    assert train.main([*data, "--kind", "vae", "--out", str(mine), *TINY]) == 0
    assert "split by chance (seed 0)" in capsys.readouterr().err
    rows = "".join(f"IMG_{i:06d}.jpg;{i % 2}\n" for i in range(1, 81))
    (photos / "mine.csv").write_text("photo;Has freckles\n" + rows)
    assert build_atlas.main([str(mine), *data, *CLASSIFIER]) == 0
    atlas, folder = load_atlas(mine / "atlas.npz"), read_celeba(photos)
    assert len(atlas) == 80
    assert set(atlas.partition) == {0, 1, 2}
    assert atlas.attributes[40:] == ("Has freckles",)
    files = [folder.paths[row] for row in folder.rows_of(atlas.image)]
    assert [value > 0 for value in atlas.scores[:, 40]] == [int(path.stem[4:]) % 2 > 0 for path in files]
    assert evaluate.main([str(mine), *data, *MEASURE]) == 0
    assert "Has freckles" in json.loads((mine / "metrics.json").read_text())["probes"]["auc"]
    assert train.main([*data, "--kind", "classifier", "--out", str(tmp_path / "c"), *TINY]) == 2
    assert "learns from CelebA's labels" in capsys.readouterr().err


def test_three_pictures_make_a_map(tmp_path):
    save_checkpoint(tiny_network("vae"), tmp_path / "vae", {})
    data = write_celeba(tmp_path / "faces", 3, lists=False)
    assert build_atlas.main([str(tmp_path / "vae"), "--data", str(data), *CLASSIFIER]) == 0
    assert np.isfinite(load_atlas(tmp_path / "vae" / "atlas.npz").xy).all()


def test_photos_are_aligned_once_and_found_by_everything_afterwards(tmp_path, capsys):
    portrait = Image.open(ROOT / "assets" / "portrait.jpg").convert("RGB")
    for i in range(3):
        portrait.rotate(5 * i, fillcolor="white").save(tmp_path / f"photo {i}.jpg")
    Image.new("RGB", (300, 300), "green").save(tmp_path / "meadow.jpg")
    heic = (ROOT / "tests" / "faces" / "portrait.heic").read_bytes()
    (tmp_path / "IMG_1.HEIC").write_bytes(heic)
    save_checkpoint(tiny_network("vae"), tmp_path / "model" / "vae", {})
    arguments = [str(tmp_path / "model" / "vae"), "--data", str(tmp_path), *CLASSIFIER]
    assert build_atlas.main([*arguments, "--align"]) == 0
    said = capsys.readouterr().err
    assert "4 of 5 faces are in" in said
    assert "meadow.jpg: No face was found" in said
    folder = read_celeba(tmp_path)
    assert [path.name for path in folder.paths] == ["IMG_1.jpg", "photo 0.jpg", "photo 1.jpg", "photo 2.jpg"]
    assert {Image.open(path).size for path in folder.paths} == {(178, 218)}
    before = [path.stat().st_mtime_ns for path in folder.paths]
    assert align_faces.main([str(tmp_path)]) == 0  # goes on from what is there
    assert [path.stat().st_mtime_ns for path in folder.paths] == before
    assert load_atlas(tmp_path / "model" / "vae" / "atlas.npz").image.tolist() == folder.numbers.tolist()


def test_what_cannot_be_aligned_is_said(tmp_path, capsys):
    assert align_faces.main([str(tmp_path)]) == 2
    assert "holds no" in capsys.readouterr().err
    celeba = write_celeba(tmp_path / "celeba", 3)
    assert align_faces.main([str(celeba)]) == 2
    assert "aligned already" in capsys.readouterr().err
