"""The figures that are put together from networks: leakage, generation, groups and the README's tables."""

import numpy as np
import pytest
import torch

from evaluation.encoding import Encoded
from evaluation.generation import (
    RealFaces,
    ceiling,
    generation_figures,
    made_figures,
    samplers,
    see_decoded,
)
from evaluation.leakage import leakage
from evaluation.nearest import nearest_distances
from evaluation.reconstruction import Reconstructions, groups, reconstruction_figures
from evaluation.report import tables
from evaluation.seen import Seen, windows
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.metrics import read_decoded
from models.networks import build_network
from tests.conftest import tiny_network


def reader():
    """An untrained classifier whose batch statistics are set, so that it tells pictures apart."""
    torch.manual_seed(0)
    classifier = build_network(ModelConfig("classifier", latent_dim=40, width=8, architecture="plain"))
    for layer in classifier.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None
    with torch.no_grad():
        classifier(torch.rand(8, 3, 64, 64))
    return classifier.eval()


def test_leakage_is_present_minus_absent_whichever_way_a_face_is_moved():
    network, classifier = tiny_network("ae"), reader()
    codes = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    network.decoder.convolutions[-2].weight.data *= 300  # untrained, it would draw one grey for every point
    odds = np.median(read_decoded(network, classifier, codes), axis=0)
    classifier.head.bias.data -= torch.from_numpy(np.log(odds / (1 - odds)))  # half the faces have each attribute
    before = read_decoded(network, classifier, codes)
    sign = np.where(before[:, [3]] > 0.5, -1, 1).astype(np.float32)
    assert abs(sign.mean()) < 0.5
    vector = np.random.default_rng(1).normal(size=6).astype(np.float32)
    table = leakage(network, classifier, {ATTRIBUTES[3]: vector}, ATTRIBUTES, codes, seed=0)
    expected = (sign * (read_decoded(network, classifier, codes + sign * vector) - before)).mean(0)
    assert table["moved"] == [ATTRIBUTES[3]]
    low, mean, high = (np.array(table[part][0]) for part in ("low", "change", "high"))
    assert mean == pytest.approx(expected, abs=1e-4)
    assert ((low <= mean) & (mean <= high)).all()


def test_no_movement_leaks_nothing():
    codes = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    still = {"Smiling": np.zeros(6, np.float32)}
    table = leakage(tiny_network("vae"), reader(), still, ATTRIBUTES, codes, seed=0)
    assert not np.any([table["change"], table["low"], table["high"]])


def test_samples_of_the_same_points_are_at_no_distance_and_of_others_at_some():
    network, classifier = tiny_network("vae", image_size=128), reader()
    z = np.random.default_rng(0).normal(size=(60, 6)).astype(np.float32)
    seen = see_decoded(network, classifier, z, "points", most_cut=50)
    assert seen.windows.shape == (200, seen.features.shape[1])
    real = RealFaces.of(seen, seen)
    same, other = (made_figures(real, s) for s in (seen, see_decoded(network, classifier, z * 9, "", most_cut=50)))
    assert same["frechet"] == pytest.approx(0, abs=1e-3)
    assert same["full_size_frechet"] == pytest.approx(0, abs=1e-3)
    assert same["precision"] == same["recall"] == 1
    assert same["finest_band"] == {"horizontal": 1, "vertical": 1, "diagonal": 1}
    assert other["frechet"] > 0.05
    assert other["full_size_frechet"] > 0.05
    assert real.floors == pytest.approx({"floor": 0, "full_size_floor": 0}, abs=1e-6)


def test_pictures_no_larger_than_a_window_have_no_figures_at_full_size():
    z = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    seen = see_decoded(tiny_network("vae"), reader(), z, "points", most_cut=50)
    assert seen.windows is None
    assert "full_size_frechet" not in made_figures(RealFaces.of(seen, seen), seen)
    assert set(RealFaces.of(seen, seen).floors) == {"floor"}


def test_windows_tile_the_picture_as_it_is():
    x = torch.arange(2 * 3 * 8 * 8, dtype=torch.float32).reshape(2, 3, 8, 8)
    cut = windows(x, 4)
    assert cut.shape == (8, 3, 4, 4)
    assert torch.equal(cut[1], x[0, :, :4, 4:])
    assert torch.equal(cut[6], x[1, :, 4:, :4])


def test_the_standard_normal_of_an_ae_has_the_scale_of_its_codes_and_the_raw_one_has_not():
    mu = (np.random.default_rng(0).normal(size=(500, 6)) * 40 + 7).astype(np.float32)
    chosen = samplers(tiny_network("ae"), Encoded(mu, None), seed=0)
    drawn = chosen["standard_normal"].sample(2000, seed=1)
    assert drawn.mean(0) == pytest.approx(mu.mean(0), abs=5)
    assert drawn.std(0) == pytest.approx(mu.std(0), rel=0.1)
    assert chosen["raw_normal"].sample(2000, seed=1).std(0) == pytest.approx(np.ones(6), rel=0.1)
    chosen = samplers(tiny_network("vae"), Encoded(mu, np.zeros_like(mu)), seed=0)
    assert chosen["standard_normal"].sample(2000, seed=1).std(0) == pytest.approx(np.ones(6), rel=0.1)
    assert chosen["scaled_normal"].sample(2000, seed=1).std(0) == pytest.approx(mu.std(0), rel=0.1)


def test_the_ceiling_is_one_draw_of_each_training_face_and_more_where_more_are_asked_for():
    mu = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    assert sorted(ceiling(Encoded(mu, None), 50, seed=0)[:, 0]) == pytest.approx(sorted(mu[:, 0]))
    drawn = ceiling(Encoded(mu, np.full_like(mu, -8)), 120, seed=0)
    assert drawn.shape == (120, 6)
    assert nearest_distances(drawn, mu, np.ones(6, np.float32)).max() < 0.2
    assert len(np.unique(drawn[:, 0])) == 120


def test_copies_lie_on_the_codes_and_distances_are_in_units_of_the_scale():
    codes = np.random.default_rng(0).normal(size=(700, 6)).astype(np.float32)
    scale = np.full(6, 2, np.float32)
    assert nearest_distances(codes[::-1], codes, scale).max() < 2e-3
    assert nearest_distances(codes[:1] + np.eye(6, dtype=np.float32)[:1] * 100, codes[:1], scale) == pytest.approx(50)


def test_every_sampler_is_measured_beside_the_ceiling_and_against_copying():
    network, classifier = tiny_network("ae"), reader()
    mu = np.random.default_rng(0).normal(size=(60, 6)).astype(np.float32)
    train, held_out = Encoded(mu[:40], None), Encoded(mu[40:], None)
    seen = see_decoded(network, classifier, mu, "faces", 0)
    real = RealFaces.of(seen, Seen(seen.features[40:], None, seen.power))
    chosen = samplers(network, train, seed=0)
    figures = generation_figures(network, classifier, real, (train, held_out), chosen, 30, 0)
    assert set(figures["samplers"]) == {"raw_normal", "standard_normal", "gaussian", "mixture", "jitter"}
    assert figures["ceiling"]["frechet"] >= 0
    assert 0 < figures["samplers"]["jitter"]["nearest_code"]["of_held_out"] < 1


def made_up_result(count=200, seed=0):
    random = np.random.default_rng(seed)
    scores = random.uniform(0.004, 0.012, (count, 6))
    scores[:, 3] = scores[:, 0] * 1.1  # PCA is worse by 0.414 dB on every picture
    brightness = random.random(count).astype(np.float32)
    nothing = Seen(np.zeros((count, 2), np.float32), None, np.ones((8, 8)))
    return Reconstructions(scores, brightness, brightness, nothing, nothing)


def test_the_gain_over_pca_is_judged_in_pairs():
    result = made_up_result()
    figures = reconstruction_figures(result, None, seed=0)
    assert figures["gain_db"] == pytest.approx(0.414, abs=1e-3)
    assert figures["gain_db_interval"] == pytest.approx([0.414, 0.414], abs=1e-3)
    low, high = figures["psnr_db_interval"]
    assert low < figures["psnr_db"] < high
    assert figures["psnr_db"] == pytest.approx(-10 * np.log10(result.scores[:, 0].mean()), abs=1e-3)


def test_groups_are_who_has_the_attribute_and_the_extremes():
    result = made_up_result()
    labels = np.full((200, 40), -1, np.int8)
    labels[:30, ATTRIBUTES.index("Wearing_Hat")] = 1
    found = groups(result, labels)
    assert found["Wearing hat"].sum() == 30
    assert found["Darkest tenth"].sum() == 20
    assert result.brightness[found["Darkest tenth"]].max() < np.median(result.brightness)
    figures = reconstruction_figures(result, labels, seed=0)["groups"]
    assert figures["Wearing hat"]["images"] == 30
    assert "Smiling" not in figures  # nobody listed


def test_the_tables_round_what_the_files_say():
    made = {"frechet": 1.234, "precision": 0.5, "recall": 0.25}
    metrics = {
        "psnr_db": 22.5, "pca_psnr_db": 22.0, "pca_components": 128, "gain_db": 0.5, "gain_db_interval": [0.4, 0.6],
        "groups": {"Wearing hat": {"psnr_db": 19.04, "gain_db": -0.2}, "Smiling": {"psnr_db": 23, "gain_db": 0.6}},
        "generation": {"floor": 0.01, "reconstructions": made,
                       "samplers": {"standard_normal": made, "gaussian": made, "mixture": made}},
    }  # fmt: skip
    text = tables({"vae": metrics})
    assert "+0.50 dB (+0.40 to +0.60)" in text
    assert "| `vae` | mixture of ten | 1.23 (-) | 0.50 | 0.25 | - |" in text
    assert "Wearing hat 19.0 dB (-0.2), Smiling" in text
