import copy
from dataclasses import replace

import pytest
import torch
from torch import nn

from models.checkpoints import load_checkpoint
from models.config import ConfigError, ModelConfig
from models.images import to_tensor
from models.networks import Autoencoder
from models.training.command import training_command
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.refinement import DAMPING, STEP, step_matrix
from models.training.start import read_start
from tests.conftest import tiny_network
from tests.models.resuming import stop_after_an_epoch


def network_with(*bend: nn.Module) -> Autoencoder:
    """A tiny AE whose decoder is one linear layer and a bend."""
    network = tiny_network("ae")
    torch.manual_seed(2)
    network.decoder = nn.Sequential(nn.Linear(6, 3 * 64 * 64), nn.Unflatten(1, (3, 64, 64)), *bend)  # type: ignore[assignment]
    return network


def drawn_by(network: Autoencoder) -> torch.Tensor:
    """Pictures [70, 3, 64, 64] for each of which there is a code, unknown to the untrained encoder."""
    return network.decoder(torch.randn(70, 6, generator=torch.Generator().manual_seed(1))).detach()


def refined(network: Autoencoder, x: torch.Tensor, steps: int) -> Autoencoder:
    """The same network with corrected codes."""
    network = copy.copy(network)
    network.config = replace(network.config, refinement_steps=steps)
    network.refinement = step_matrix(network, x)
    return network


def off_by(network: Autoencoder, x: torch.Tensor) -> float:
    """The squared error of all pictures together."""
    return float((network.decoder(network.encode(x)) - x).detach().square().sum())


def test_each_step_brings_the_picture_nearer():
    network = network_with(nn.Sigmoid())
    x = drawn_by(network)
    errors = [off_by(network, x)] + [off_by(refined(network, x, steps), x) for steps in (1, 2, 8)]
    assert errors == sorted(errors, reverse=True)
    assert errors[1] < 0.3 * errors[0]
    assert errors[-1] < 0.01 * errors[0]


def test_a_step_that_leads_astray_is_taken_back():
    network = refined(network_with(nn.Sigmoid()), x := torch.rand(5, 3, 64, 64), 3)
    network.refinement = -network.refinement
    assert torch.equal(network.encode(x), network.encoder(x))


def test_where_nothing_bends_one_step_goes_its_share_of_the_way_to_the_best_code():
    network = network_with()
    x = drawn_by(network)
    weight, bias = network.decoder[0].weight.detach().double(), network.decoder[0].bias.detach().double()
    curvature = weight.T @ weight
    damped = curvature + DAMPING * curvature.diagonal().mean() * torch.eye(6)
    codes = network.encode(x).detach().double()
    gradient = (codes @ weight.T + bias - x.flatten(1).double()) @ weight
    expected = codes - STEP * gradient @ torch.linalg.inv(damped)
    assert torch.allclose(refined(network, x, 1).encode(x), expected.float(), atol=1e-2)


def test_codes_come_alike_in_any_batch_and_any_mode_and_carry_no_gradient():
    network = network_with(nn.Sigmoid())
    network = refined(network, x := drawn_by(network), 2)
    together = network.encode(x)  # more than are refined at once
    assert not together.requires_grad
    assert together.shape == (70, 6)
    with torch.inference_mode():
        assert torch.allclose(network.encode(x[3:4].clone()), together[3:4], atol=1e-4)
    with torch.no_grad():
        assert torch.equal(network.encode(x), together)
    assert all(parameter.grad is None for parameter in network.parameters())


def test_training_fits_it_to_the_finished_network_and_a_run_that_goes_on_fits_its_own(faces, tmp_path):
    config = ModelConfig("ae", latent_dim=4, width=2, beta=0.0, refinement_steps=2)
    options = TrainingOptions(epochs=2, batch_size=8, precision="float32", learning_rate=5e-3, resize_convolution=True)
    stop_after_an_epoch(Trainer(Plan(config, options), faces), tmp_path / "it")
    assert load_checkpoint(tmp_path / "it").config.refinement_steps == 0
    trainer = Trainer(Plan(config, options), faces)
    trainer.resume(tmp_path / "it")
    trainer.run(tmp_path / "it", progress=False)
    finished = load_checkpoint(tmp_path / "it")
    assert finished.config == config
    with torch.inference_mode():  # even a network that is opened there can correct its codes
        opened = load_checkpoint(tmp_path / "it")
        opened.encode(torch.rand(1, 3, 64, 64))
    assert finished.refinement.abs().sum() > 0
    x = to_tensor(faces.images[faces.indices("valid")])
    assert off_by(finished, x) <= float((finished.decoder(finished.encoder(x)) - x).square().sum())
    assert "--refinement-steps 2" in training_command("it", config, {"epochs": 2})
    further = Trainer(Plan(config, replace(options), start=read_start(tmp_path / "it")), faces)
    assert "refinement" not in further.learner.network.state_dict()
    further.run(tmp_path / "further", progress=False)
    assert not torch.equal(load_checkpoint(tmp_path / "further").refinement, finished.refinement)


def test_only_an_ae_is_refined():
    with pytest.raises(ConfigError, match="for an ae"):
        ModelConfig("vae", refinement_steps=1)
