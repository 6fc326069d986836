"""An atlas that is encoded in shards: interrupted and resumed, by several processes, and the same as in one go."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import build_atlas
from latent.atlas import Atlas, load_atlas
from latent.embedding import embed, embed_by_landmarks
from latent.map_quality import neighbours_kept
from models.checkpoints import save_checkpoint
from models.classifier import AttributeClassifier
from models.config import ModelConfig
from models.data import encoding, shards
from models.data.attributes import ATTRIBUTES
from tests.conftest import tiny_network, write_celeba

BATCH, COUNT = 4, 4
FOLDER = "atlas.shards"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BATCH", BATCH)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty, of which one cannot be read."""
    folder = write_celeba(tmp_path_factory.mktemp("many"), 30)
    (folder / "img_align_celeba" / "000009.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE and a classifier."""
    place = tmp_path_factory.mktemp("networks")
    save_checkpoint(tiny_network("vae", latent_dim=2), place / "vae", {})  # its map is its latent space: no UMAP
    torch.manual_seed(0)
    classifier = AttributeClassifier(ModelConfig("classifier", image_size=64, latent_dim=len(ATTRIBUTES), width=2))
    save_checkpoint(classifier.eval(), place / "classifier", {})
    return place


@pytest.fixture
def vae(networks: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(networks, tmp_path / "own")) / "vae"


def build(vae: Path, pictures: Path, *more: str) -> int:
    known = ["--data", str(pictures), "--classifier", str(vae.parent / "classifier"), "--n-neighbors", "5"]
    return build_atlas.main([str(vae), *known, *more])


@pytest.fixture(scope="module")
def in_one_go(networks: Path, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    vae = Path(shutil.copytree(networks, tmp_path_factory.mktemp("one") / "go")) / "vae"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoding, "BATCH", BATCH)
        assert build(vae, pictures) == 0
    return load_atlas(vae / "atlas.npz")


def assert_same(vae: Path, expected: Atlas) -> None:
    atlas = load_atlas(vae / "atlas.npz")
    for name in ("image", "partition", "scores", "mu", "logvar", "xy", "effect"):
        assert np.array_equal(getattr(atlas, name), getattr(expected, name)), name
    assert atlas.facts == expected.facts
    assert not (vae / FOLDER).exists()


def names(vae: Path) -> list[str]:
    return sorted(path.name.split("-", 1)[1] for path in (vae / FOLDER).iterdir())


def test_interrupted_in_shard_3_it_resumes_there_and_gives_the_same_atlas(
    vae: Path, pictures: Path, in_one_go: Atlas, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    encode, begun = shards.encode_folder, []

    def until_the_third(*given: Any) -> Any:
        begun.append(len(given[-1]))
        if len(begun) == 3:
            raise KeyboardInterrupt
        return encode(*given)

    monkeypatch.setattr(shards, "encode_folder", until_the_third)
    assert build(vae, pictures, "--shards", str(COUNT)) == 130
    assert "Shards that are done are kept" in capsys.readouterr().err
    assert names(vae) == ["00001-of-00004.npz", "00002-of-00004.npz"]
    assert not (vae / "atlas.npz").exists()
    assert build(vae, pictures, "--shards", str(COUNT)) == 0
    assert begun == [8, 8, 8, 8, 6], "the first two shards were encoded once, the third anew, the fourth once"
    assert_same(vae, in_one_go)


def test_each_process_makes_its_shards_and_the_first_one_joins_them(
    vae: Path, pictures: Path, in_one_go: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    assert build(vae, pictures, "--shards", str(COUNT)) == 0
    assert names(vae) == ["00002-of-00004.npz", "00004-of-00004.npz"]
    assert not (vae / "atlas.npz").exists()
    monkeypatch.setenv("RANK", "0")
    assert build(vae, pictures, "--shards", str(COUNT)) == 0
    assert_same(vae, in_one_go)


@pytest.mark.slow
def test_two_processes_of_torchrun_give_the_atlas_of_one(
    networks: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    many = write_celeba(tmp_path_factory.mktemp("torchrun"), 600)  # three batches, so three shards
    one, two = (Path(shutil.copytree(networks, tmp_path / name)) / "vae" for name in ("one", "two"))
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    said = [
        subprocess.run(
            [
                sys.executable,
                *by,
                "build_atlas.py",
                vae,
                "--data",
                many,
                "--classifier",
                vae.parent / "classifier",
                *more,
            ],
            cwd=Path(build_atlas.__file__).parent,
            env={
                **os.environ,
                "OMP_NUM_THREADS": "1",
            },  # torchrun's own choice; with more a sum may differ in its last bit
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for vae, by, more in ((one, [], []), (two, torchrun, ["--shards", "3"]))
    ]
    assert_same(two, load_atlas(one / "atlas.npz"))
    assert sorted(line for line in said[1].splitlines() if line.startswith("Shard")) == [
        "Shard 1 of 3: 256 pictures.",
        "Shard 2 of 3: 256 pictures.",
        "Shard 3 of 3: 88 pictures.",
    ]
    assert said[1].count("600 pictures, ") == 1, "one of the two processes joins the shards"


def test_one_shard_can_be_made_by_itself_more_shards_than_batches_are_empty_and_others_are_not_taken_for_these(
    vae: Path, pictures: Path, in_one_go: Atlas, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(vae, pictures, "--shards", "9", "--shard", "2", "--limit", "20") == 0
    assert len(names(vae)) == 1
    assert build(vae, pictures, "--shards", "9", "--shard", "9") == 0
    assert len(names(vae)) == 2
    for options in (("--shard", "1"), ("--shards", "9", "--shard", "10"), ("--shards", "9", "--shard", "0")):
        capsys.readouterr()
        assert build(vae, pictures, *options) in ((0,) if options == ("--shard", "1") else (2,))
    assert "there is no shard 0 of 9; they are counted from 1." in capsys.readouterr().err
    shutil.rmtree(vae / FOLDER)
    assert build(vae, pictures, "--shards", "9") == 0
    assert_same(vae, in_one_go)


def test_others_are_placed_among_landmarks_and_neighbours_stay_nearly_as_well_as_in_the_full_fit() -> None:
    random = np.random.default_rng(0)
    centres = random.standard_normal((12, 8)) * 4
    mu = (centres[random.integers(0, 12, 600)] + random.standard_normal((600, 8))).astype(np.float16)
    full, _ = embed(mu)
    xy, facts = embed_by_landmarks(mu, 300)
    assert facts["landmarks"] == 300
    assert np.isfinite(xy).all()
    kept, of_full = neighbours_kept(mu, xy, 0), neighbours_kept(mu, full, 0)
    assert kept > 0.6 * of_full
    assert kept > 5 * 10 / 599  # five times chance
