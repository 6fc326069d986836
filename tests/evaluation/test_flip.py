import numpy as np
import pytest

from evaluation.flip import size_of, usual_distance
from latent.posterior import AggregatePosterior

POSTERIOR = AggregatePosterior(np.array([5, 5], np.float32), np.diag([4.0, 1.0]).astype(np.float32), None)


def test_a_change_is_as_long_as_the_faces_vary_along_it():
    assert size_of(np.array([2.0, 0.0]), POSTERIOR) == pytest.approx(1, abs=1e-3)
    assert size_of(np.array([0.0, -3.0]), POSTERIOR) == pytest.approx(3, abs=1e-3)


def test_two_faces_are_usually_as_far_apart_as_the_median_pair():
    mu = np.random.default_rng(0).normal(size=(5000, 2)) * (2, 1)
    expected = np.sqrt(2 * 2 * np.log(2))  # of the difference of two draws from N(0, I), Rayleigh's median times root 2
    assert usual_distance(mu, POSTERIOR) == pytest.approx(expected, rel=0.05)
