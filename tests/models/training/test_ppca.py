import numpy as np
import pytest
import torch

from models.networks import shrink
from models.training.ppca import fit_components, start_from_components
from tests.conftest import tiny_network

NOISE = 0.7


@pytest.fixture(scope="module")
def pictures():
    """uint8 [300, 128, 128, 3]: six smooth patterns of falling strength, mixed at random."""
    random = np.random.default_rng(0)
    small = random.normal(size=(6, 8, 8, 3)) * np.array([20, 15, 10, 6, 3, 0.02])[:, None, None, None]
    patterns = small.repeat(16, axis=1).repeat(16, axis=2)
    mixed = np.einsum("nd,dhwc->nhwc", random.normal(size=(300, 6)), patterns) + 128
    return np.clip(mixed, 0, 255).round().astype(np.uint8)


@pytest.fixture(scope="module")
def components(pictures):
    return fit_components(pictures, np.arange(len(pictures)), 6)


def started(kind, components):
    network = tiny_network(kind, image_size=128, linear_path=True, decoder_sigma=NOISE)
    start_from_components(network, components)
    return network


def flat(pictures):
    return pictures.reshape(len(pictures), -1).astype(np.float64) / 255


def test_components_and_variances_are_those_of_the_full_pictures(pictures, components):
    x = flat(pictures)
    variances = np.linalg.svd(x - x.mean(0), compute_uv=False)[:5] ** 2 / len(x)
    assert components.variances[:5] == pytest.approx(variances, rel=0.02)


def test_an_untrained_ae_is_pca_with_codes_of_unit_variance(pictures, components):
    network = started("ae", components)
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        z = network.encode(x)
        back = network.decoder.linear(z)  # before it is enlarged, which smooths
    assert z.std(0, correction=0).numpy() == pytest.approx(np.ones(6), rel=1e-2)
    assert z.mean(0).abs().max() < 1e-2
    assert (back - shrink(x).flatten(1)).abs().mean() < 0.005


def test_an_untrained_vae_is_the_linear_vae_of_probabilistic_pca(pictures, components):
    network = started("vae", components)
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        mu, logvar = network.posterior(x)
    used = components.variances > NOISE**2
    assert used.tolist() == [True] * 5 + [False]
    share = NOISE**2 / components.variances
    assert logvar.exp()[0].numpy()[used] == pytest.approx(share[used], rel=1e-4)
    # Aggregate posterior: Cov(mu) + E[sigma^2] is the prior's identity, which is what makes the bound tight.
    covariance = np.cov(mu.numpy().T, bias=True) + np.diag(logvar.exp().mean(0).numpy())
    assert covariance == pytest.approx(np.eye(6), abs=0.02)
