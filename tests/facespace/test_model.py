"""`import facespace` on tiny models and on the shipped VAE."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import facespace
from faces import NoFaceError
from models.checkpoints import save_checkpoint
from tests.conftest import tiny_network, vivid_checkpoint, write_celeba

ROOT = Path(__file__).parents[2]
PORTRAIT = ROOT / "assets" / "portrait.jpg"


@pytest.fixture
def tiny(tmp_path):
    save_checkpoint(tiny_network("vae"), tmp_path / "tiny", {})
    return facespace.open_model(tmp_path / "tiny")


def test_a_folder_is_encoded_in_order_and_what_has_no_code_is_named(tiny, tmp_path):
    folder = write_celeba(tmp_path / "celeba", 5, lists=False) / "img_align_celeba"
    (folder / "000003.jpg").write_bytes(b"no picture")
    codes = tiny.encode_folder(folder, progress=False)
    assert [path.name for path in codes.paths] == ["000001.jpg", "000002.jpg", "000004.jpg", "000005.jpg"]
    assert [path.name for path in codes.left_out] == ["000003.jpg"]
    assert codes.logvar.shape == codes.z.shape == (4, 6)
    np.testing.assert_allclose(codes.z[1:2], tiny.encode(folder / "000002.jpg"), atol=1e-5)
    for name, read in (("codes.csv", pd.read_csv), ("codes.parquet", pd.read_parquet)):
        codes.save(tmp_path / name)
        table = read(tmp_path / name)
        assert list(table["file"]) == [path.name for path in codes.paths]
        assert (table[[f"z{i}" for i in range(6)]].to_numpy(np.float32) == codes.z).all()
    with pytest.raises(ValueError, match=r"\.csv, \.parquet or \.npy"):
        codes.save(tmp_path / "codes.xlsx")


def test_faces_are_found_in_a_folder_of_photos_on_request_and_nothing_is_written_there(vae, tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "holiday.jpg").write_bytes(PORTRAIT.read_bytes())
    Image.new("RGB", (300, 300), "white").save(photos / "wall.png")
    codes = vae.encode_folder(photos, align=True, progress=False)
    assert [path.name for path in codes.paths] == ["holiday.jpg"]
    assert "face" in codes.left_out[photos / "wall.png"]
    # Sums of the detector's networks differ in their last digits from run to run, and a pixel of the crop by 1/255.
    np.testing.assert_allclose(codes.z, vae.encode(PORTRAIT, align=True), atol=0.05)
    assert abs(codes.z - vae.encode(PORTRAIT)).max() > 0.5  # as it is, it is another crop
    assert sorted(path.name for path in photos.iterdir()) == ["holiday.jpg", "wall.png"]
    with pytest.raises(NoFaceError):
        vae.encode(photos / "wall.png", align=True)


def test_a_direction_that_was_saved_and_loaded_moves_the_same_pixels(vae, tmp_path):
    z = vae.sample(2, seed=3)
    vae.save_direction("Smiling", tmp_path / "smile.json")
    np.save(tmp_path / "plain.npy", vae.direction("Smiling").vector)
    before = vae.decode(vae.edit(z, {"Smiling": 1.3}))
    assert (before != vae.decode(z)).any()
    for name in ("smile.json", "plain.npy"):
        assert (vae.decode(vae.edit(z, {vae.load_direction(tmp_path / name): 1.3})) == before).all()
    with pytest.raises(facespace.errors, match="belongs to other weights"):
        facespace.open_model("ae").load_direction(tmp_path / "smile.json")


def test_unnamed_directions_are_ranked_by_how_much_they_change(vae):
    found = vae.find_directions("independent", 3)
    changes = [one.change for one in found]
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] > 1
    for one in found:
        assert all(abs(change) >= 0.1 for change in one.moved.values())
        assert "Attractive" not in one.moved
    assert vae.edit(vae.sample(1), {found[0].direction: 1.0}).shape == (1, 128)
    purest = vae.find_directions("independent", 3, first="purest")
    assert [(len(one.moved), -one.change) for one in purest] == sorted((len(one.moved), -one.change) for one in found)


def test_directions_between_groups_arrive_at_the_others_mean(vae):
    a, b = vae.sample(20, seed=1), vae.sample(30, seed=2)
    moved = vae.edit(a.mean(0), {vae.direction_between(a, b): 1.0})
    np.testing.assert_allclose(moved[0], b.mean(0), atol=1e-5)


@pytest.mark.parametrize("sampler", facespace.SAMPLERS)
def test_every_sampler_draws_as_the_page_does(vae, sampler):
    from app.checkpoints.opening import open_model
    from app.checkpoints.samplers import draw

    assert (vae.sample(3, sampler, seed=5) == draw(open_model(vae.files), sampler, 3, 5, 1.0)).all()


def test_faces_are_drawn_between_faithful_and_vivid(tmp_path):
    model = facespace.open_model(vivid_checkpoint(tmp_path))
    z = np.random.default_rng(0).standard_normal((2, 6))
    drawn = [model.decode(z, vivid=share).astype(int) for share in (0, 0.5, 1)]
    assert (drawn[0] != drawn[1]).any()
    assert (drawn[1] != drawn[2]).any()
    assert (drawn[2] == model.decode(z)).all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        model.decode(z, vivid=2)


def test_a_model_is_measured_as_evaluate_does(tiny, celeba_folder):
    figures = tiny.evaluate(celeba_folder, samples=30)
    assert figures["pca_components"] == 6
    assert set(figures["generation"]["samplers"]) >= {"standard_normal", "mixture"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda model: model.edit(np.zeros(5), {}), r"expected codes \[N, 128\]"),
        (lambda model: model.direction("Happiness"), "no direction 'Happiness'"),
        (lambda model: model.find_directions(first="best"), "no order 'best'"),
        (lambda model: model.sample(1, "magic"), "There are: standard"),
        (lambda model: model.edit(model.sample(1), {"Smiling": 1}, hold=["Smiling"]), "cannot be told"),
        (lambda model: facespace.open_model("classifier"), "is a classifier"),
        (lambda model: facespace.open_model("nowhere"), "is missing"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(vae, wrong, said):
    with pytest.raises(facespace.errors, match=said):
        wrong(vae)


def test_a_module_of_the_readers_with_one_of_our_names_is_named(tmp_path):
    (tmp_path / "models.py").write_text("")
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.append({str(ROOT)!r}); import facespace"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "Python finds another one first: models (" in told.stderr.splitlines()[-1]
