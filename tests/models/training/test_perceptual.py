import pytest
import torch

from models.config import ModelConfig
from models.networks import build_network
from models.training.perceptual import PerceptualDistance


@pytest.fixture(scope="module")
def distance():
    torch.manual_seed(0)
    return PerceptualDistance(build_network(ModelConfig("classifier", latent_dim=40, width=8)))


def noise(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("size", [64, 128])
def test_equal_pictures_have_no_distance_and_others_have_one(distance, size):
    x = torch.rand(2, 3, size, size, generator=noise())
    assert distance(x, x, noise()) == 0
    assert distance(x.flip(0), x, noise()) > 0.01


def test_a_pattern_that_halving_hides_is_seen_at_full_size(distance):
    x = torch.full((1, 3, 128, 128), 0.5)
    checkerboard = torch.tensor([[0.2, -0.2], [-0.2, 0.2]]).repeat(64, 64)
    assert distance(x + checkerboard, x, noise()) > 0.01


def test_gradients_reach_the_reconstruction_and_never_the_classifier(distance):
    x = torch.rand(2, 3, 64, 64, generator=noise())
    reconstruction = torch.rand(2, 3, 64, 64, generator=noise(1)).requires_grad_()
    distance.train()
    before = {name: buffer.clone() for name, buffer in distance.named_buffers()}
    distance(reconstruction, x, noise()).backward()
    assert reconstruction.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in distance.parameters())
    assert all(torch.equal(buffer, before[name]) for name, buffer in distance.named_buffers())
