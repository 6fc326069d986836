import pytest
import torch

from models.classifier import AttributeClassifier
from models.config import ConfigError, ModelConfig
from models.latent_model import LatentModel
from models.networks import Decoder, build_network, channels_by_stage, reparameterize
from tests.conftest import tiny_network


@pytest.mark.parametrize("kind", ["ae", "vae"])
@pytest.mark.parametrize("image_size", [64, 128])
def test_encode_and_decode_keep_the_contract_of_shapes_and_ranges(kind, image_size):
    network = tiny_network(kind, image_size=image_size)
    x = torch.rand(3, 3, image_size, image_size, generator=torch.Generator().manual_seed(1))
    z = network.encode(x)
    assert z.shape == (3, 6)
    assert z.dtype == torch.float32
    picture = network.decode(z)
    assert picture.shape == x.shape
    assert 0 <= picture.min() < picture.max() <= 1


def test_encode_is_deterministic_and_is_the_posterior_mean():
    network = tiny_network("vae")
    x = torch.rand(2, 3, 64, 64)
    mu, logvar = network.posterior(x)
    assert torch.equal(network.encode(x), network.encode(x))
    assert torch.equal(network.encode(x), mu)
    assert logvar is not None
    assert logvar.shape == mu.shape


def test_the_ae_has_no_variance():
    assert tiny_network("ae").posterior(torch.rand(1, 3, 64, 64))[1] is None


def test_reparameterize_draws_with_the_stated_mean_and_variance():
    mu, logvar = torch.tensor([[2.0, -1.0]]), torch.tensor([[0.0, -2.0]])
    draws = reparameterize(mu.expand(200_000, 2), logvar.expand(200_000, 2), torch.Generator().manual_seed(0))
    assert torch.allclose(draws.mean(0), mu[0], atol=0.02)
    assert torch.allclose(draws.var(0), logvar[0].exp(), rtol=0.02)


def test_reparameterize_lets_gradients_reach_mu_and_logvar():
    mu, logvar = torch.zeros(4, 3, requires_grad=True), torch.zeros(4, 3, requires_grad=True)
    reparameterize(mu, logvar, torch.Generator().manual_seed(0)).sum().backward()
    assert torch.equal(mu.grad, torch.ones(4, 3))
    assert logvar.grad.abs().sum() > 0


def test_the_shipped_decoder_shape_has_the_parameters_that_the_design_counts():
    decoder = Decoder(ModelConfig("vae", image_size=64, latent_dim=128, width=32))
    assert 1.1e6 < sum(parameter.numel() for parameter in decoder.parameters()) < 1.3e6


def test_channels_double_up_to_eight_times_the_width():
    assert channels_by_stage(4, 128) == [4, 8, 16, 32, 32]


def test_an_encoder_at_half_size_does_not_see_what_averaging_removes():
    network = tiny_network("vae", image_size=128, encoder_scale=2)
    x = torch.rand(2, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    checkerboard = torch.tensor([[0.1, -0.1], [-0.1, 0.1]]).repeat(64, 64)
    assert torch.allclose(network.encode(x), network.encode(x + checkerboard), atol=1e-5)
    assert network.decode(network.encode(x)).shape == x.shape


def test_fresh_residual_blocks_pass_their_input_on_and_learn():
    plain, deeper = tiny_network("ae"), tiny_network("ae", encoder_blocks=2)
    deeper.load_state_dict(plain.state_dict(), strict=False)
    x = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(deeper.encode(x), plain.encode(x), atol=1e-6)
    deeper.train().encode(x).square().sum().backward()
    gains = [p.grad for name, p in deeper.named_parameters() if ".blocks." in name and p.grad is not None]
    assert sum(float(gain.abs().sum()) for gain in gains) > 0


def test_the_classifier_gives_one_logit_an_attribute():
    network = build_network(ModelConfig("classifier", latent_dim=40, width=4))
    assert isinstance(network, AttributeClassifier)
    assert network(torch.rand(2, 3, 64, 64)).shape == (2, 40)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kind": "gan"}, "kind"),
        ({"image_size": 100}, "image_size"),
        ({"latent_dim": 0}, "latent_dim"),
        ({"width": 2.5}, "width"),
        ({"beta": float("nan")}, "beta"),
        ({"decoder_sigma": 0}, "decoder_sigma"),
        ({"encoder_scale": 3}, "encoder_scale"),
        ({"encoder_blocks": 17}, "encoder_blocks"),
        ({"linear_path": 1}, "linear_path"),
        ({"perceptual_weight": -1}, "perceptual_weight"),
        ({"latent_dims": 3}, "latent_dims"),
    ],
)
def test_a_config_that_breaks_a_rule_is_refused_by_name(changes, word):
    with pytest.raises(ConfigError, match=word):
        ModelConfig.from_dict({"kind": "vae", **changes})


def test_ours_is_a_latent_model():
    assert isinstance(tiny_network("vae"), LatentModel)
