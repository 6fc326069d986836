import pytest
import torch

from models.config import ModelConfig
from models.networks import build_network
from models.training.perceptual import PerceptualDistance


@pytest.fixture(scope="module")
def distance():
    torch.manual_seed(0)
    return PerceptualDistance([build_network(ModelConfig("classifier", latent_dim=40, width=8))])


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


def test_of_several_classifiers_one_is_drawn_for_each_batch_and_the_draw_is_the_seed_s(distance):
    torch.manual_seed(1)
    plain = build_network(ModelConfig("classifier", latent_dim=40, width=8, architecture="plain"))
    alone = PerceptualDistance([plain], last_stage=1.0)
    torch.manual_seed(0)
    both = PerceptualDistance([build_network(ModelConfig("classifier", latent_dim=40, width=8)), plain], last_stage=1.0)
    x = torch.rand(2, 3, 64, 64, generator=noise())
    assert distance(x, x.flip(0), noise()) == distance(x, x.flip(0), noise()) != alone(x, x.flip(0), noise())
    generator = noise()
    seen = [float(both(x, x.flip(0), generator)) for _ in range(40)]
    by_one = [value for value in seen if abs(value - seen[0]) < 0.2 * seen[0]]
    assert 5 < len(by_one) < 35
    generator = noise()
    assert seen == [float(both(x, x.flip(0), generator)) for _ in range(40)]
