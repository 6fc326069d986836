import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from app.session.photos import Photo
from app.views.your_face.judgement import Judgement, closeness, draws, judge, psnr_percentiles, share_below, warning
from tests.app.small_models import small_files
from tests.conftest import tiny_network


def model_in(folder, kind="vae"):
    network = tiny_network(kind)
    files = replace(small_files("m", network.config), folder=folder, sha256="abc")
    return SimpleNamespace(
        identity="m", drawing="m", vivid=1.0, title="VAE", files=files, network=network, config=network.config,
        posterior=None, percentiles=None,
    )  # fmt: skip


def photo(latent_dim=6, logvar=0.0):
    z = np.linspace(-1, 1, latent_dim).astype(np.float32)
    crop = np.full((64, 64, 3), 90, np.uint8)
    return Photo("me", {(64, "celeba"): crop}, {"m": z}, {"m": np.full(latent_dim, logvar, np.float32)})


def judgement(psnr=20.0, better_than=None, farther_than=None):
    return Judgement(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8), psnr, better_than, farther_than)


def test_psnr_and_the_error_picture_come_from_the_same_difference(tmp_path):
    model, face = model_in(tmp_path), photo()
    found = judge(model, face)
    difference = found.picture.astype(float) - face.crops[64, "celeba"]
    assert found.psnr == pytest.approx(-10 * np.log10(np.square(difference / 255).mean()))
    assert np.abs(found.error - np.clip(np.abs(difference).mean(2) * 3, 0, 255)).max() <= 1
    assert (found.better_than, found.farther_than) == (None, None)


def test_a_place_among_held_out_faces_is_interpolated_and_ends_at_0_and_100():
    table = np.linspace(10, 30, 101)
    assert [share_below(value, table) for value in (5, 10, 20, 30, 99)] == [0, 0, 50, 100, 100]


def test_percentiles_of_other_weights_or_damaged_figures_are_left_out(tmp_path):
    model, path = model_in(tmp_path), tmp_path / "metrics.json"
    table = list(range(101))
    assert psnr_percentiles(model) is None  # no file
    for content in ("{", "[]", "{}", '{"psnr_percentiles": [1, 2]}', '{"psnr_percentiles": "x"}'):
        path.write_text(content)
        assert psnr_percentiles(model) is None
    path.write_text(json.dumps({"psnr_percentiles": table, "checkpoint_sha256": "other"}))
    assert psnr_percentiles(model) is None
    path.write_text(json.dumps({"psnr_percentiles": table, "checkpoint_sha256": "abc"}))
    assert psnr_percentiles(model).tolist() == table


def test_closeness_is_a_sentence():
    assert closeness("AE", judgement(21.66)) == "AE: 21.7\N{NO-BREAK SPACE}dB PSNR."
    assert (
        closeness("AE", judgement(21.66, 62.4))
        == "AE: 21.7\N{NO-BREAK SPACE}dB PSNR, better than 62\N{NO-BREAK SPACE}% of held-out CelebA faces."
    )
    assert "better than for any" in closeness("AE", judgement(40, 100))
    assert "worse than for any" in closeness("AE", judgement(9, 0))


def test_a_face_unlike_the_data_is_said_to_be():
    assert warning({"AE": judgement(better_than=50, farther_than=94), "VAE": judgement()}) is None
    far = warning({"AE": judgement(better_than=50, farther_than=97), "VAE": judgement(better_than=2, farther_than=100)})
    assert "AE is farther from the average than 97\N{NO-BREAK SPACE}% of held-out faces" in far
    assert "VAE rebuilds it worse than 98\N{NO-BREAK SPACE}% of held-out CelebA faces" in far
    assert "VAE is farther from the average than that of any held-out face." in far


def test_draws_repeat_and_differ_as_sigma_says(tmp_path):
    model = model_in(tmp_path)
    pictures, spread, width = draws(model, photo(logvar=0.0))
    again, _, _ = draws(model, photo(logvar=0.0))
    assert np.array_equal(pictures, again)
    assert width == pytest.approx(1)
    _, tight, narrow = draws(model, photo(logvar=-8.0))
    assert narrow < 0.02
    assert tight.mean() <= spread.mean()
