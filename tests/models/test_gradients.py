import numpy as np
import pytest
import torch

from models.gradients import drawn_gradients, face_gradients
from tests.conftest import tiny_network


def example():
    network = tiny_network("vae", decoder_sigma=0.5)
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    random = np.random.default_rng(0)
    return network, x, random.standard_normal(6), random.uniform(0.2, 0.9, 6), random.standard_normal(6)


def test_gradients_reach_mu_and_sigma_through_the_draw():
    network, x, mu, sigma, eps = example()
    found = face_gradients(network, x, mu, sigma, eps)
    beta = network.config.beta
    assert np.allclose(found.mu, found.z + beta * mu, rtol=1e-3, atol=1e-3)
    assert np.allclose(found.sigma, found.z * eps + beta * (sigma - 1 / sigma), rtol=1e-3, atol=1e-3)
    step = np.zeros(6)
    step[2] = 1e-2
    up, down = (face_gradients(network, x, mu + s, sigma, eps).distortion for s in (step, -step))
    assert found.z[2] == pytest.approx((up - down) / 2e-2, rel=0.05, abs=0.05)


def test_both_estimators_agree_on_average_and_the_score_function_strays_more():
    network, x, mu, sigma, _ = example()
    eps = np.random.default_rng(1).standard_normal((200, 6))
    found = drawn_gradients(network, x, mu, sigma, eps, 1)
    assert found.score.var() > 10 * found.pathwise.var()
    error = 4 * found.score.std() / np.sqrt(len(eps))
    assert abs(found.score.mean() - found.pathwise.mean()) < error
