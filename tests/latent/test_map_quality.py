import numpy as np
import pytest

from latent.map_quality import neighbour_auc, neighbour_purity, neighbours_kept, trustworthiness


def test_purity_of_two_islands_and_of_a_random_label():
    random = np.random.default_rng(0)
    xy = random.normal(size=(1000, 2)) + np.repeat([[0, 0], [30, 30]], 500, axis=0)
    labels = np.stack([np.repeat([1, 0], 500), random.random(1000) < 0.3, np.zeros(1000)], 1).astype(np.int8)
    purity = neighbour_purity(xy, labels, seed=0)
    assert purity.share[0] == pytest.approx(1)
    assert purity.shuffled[0] == pytest.approx(0.5, abs=0.05)
    assert purity.share[1] == pytest.approx(0.3, abs=0.06)
    assert np.isnan(purity.share[2])


def test_unknown_labels_are_left_out_of_the_purity():
    xy = np.concatenate([np.arange(20)[:, None] * [1.0, 0], np.arange(20)[:, None] * [1.0, 0] + 0.1])
    labels = np.concatenate([np.ones((20, 1)), np.full((20, 1), -1)]).astype(np.int8)
    assert neighbour_purity(xy, labels, seed=0, neighbours=2).share[0] == 1


def test_trustworthiness_of_a_copy_and_of_noise():
    random = np.random.default_rng(0)
    mu = random.normal(size=(400, 2))
    assert trustworthiness(mu, mu * 3, seed=0) == pytest.approx(1)
    assert trustworthiness(mu, random.normal(size=(400, 2)), seed=0, subset=300) == pytest.approx(0.5, abs=0.06)


def test_a_copy_keeps_all_neighbours_and_a_random_map_keeps_chance():
    random = np.random.default_rng(0)
    mu = random.normal(size=(400, 2)) + 100
    assert neighbours_kept(mu, mu * 3, seed=0) == 1
    assert neighbours_kept(mu, random.normal(size=(400, 2)), seed=0, neighbours=40) == pytest.approx(0.1, abs=0.03)
    assert neighbours_kept(mu[:4], mu[:4] * 2, seed=0) == 1


def test_neighbours_tell_an_attribute_that_lies_in_islands_and_not_one_that_is_dealt_out():
    random = np.random.default_rng(0)
    xy = random.normal(size=(600, 2)) + np.repeat([[0, 0], [30, 30]], 300, axis=0)
    islands, dealt, rare = np.repeat([True, False], 300), random.random(600) < 0.3, np.arange(600) < 3
    assert neighbour_auc(xy, islands[:, None]) == 1
    assert neighbour_auc(xy, dealt[:, None]) == pytest.approx(0.5, abs=0.1)
    assert neighbour_auc(xy, np.stack([islands, rare], 1)) == 1  # too few have the second one
    assert np.isnan(neighbour_auc(xy, rare[:, None]))
