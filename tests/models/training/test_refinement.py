import copy
from dataclasses import replace

import pytest
import torch
from torch import nn

from models.checkpoint_files import CheckpointError
from models.checkpoints import load_checkpoint
from models.config import ConfigError, ModelConfig
from models.images import to_tensor
from models.networks import Autoencoder
from models.training.command import training_command
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.refinement import step_matrix
from models.training.start import read_start
from tests.conftest import tiny_network
from tests.models.resuming import check_that_it_resumes, stop_after_an_epoch


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


def best_code(network: Autoencoder, x: torch.Tensor) -> torch.Tensor:
    """Where the decoder is linear: the code [N, 6] of least squared error."""
    weight, bias = network.decoder[0].weight.detach().double(), network.decoder[0].bias.detach().double()
    return torch.linalg.lstsq(weight, (x.flatten(1).double() - bias).T).solution.T.float()


def test_where_nothing_bends_a_few_steps_find_the_best_code():
    network = network_with()
    x = torch.rand(5, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    assert torch.allclose(refined(network, x, 3).encode(x), best_code(network, x), atol=1e-2)


def test_conjugate_ways_find_the_best_code_where_the_matrix_knows_little():
    network = network_with()
    x = torch.rand(5, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    network = refined(network, x, 6)  # as many as there are dimensions
    network.refinement = torch.diag(torch.tensor([1.0, 0.5, 2.0, 0.7, 1.5, 3.0])) / 700
    assert torch.allclose(network.encode(x), best_code(network, x), atol=1e-2)


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


def test_a_decoder_taught_alone_learns_behind_corrected_codes_and_resumes(faces, tmp_path):
    config = ModelConfig("ae", latent_dim=4, width=2, beta=0.0, refinement_steps=3)
    options = TrainingOptions(epochs=1, batch_size=8, precision="float32", learning_rate=5e-3, resize_convolution=True)
    Trainer(Plan(config, options), faces).run(tmp_path / "first", progress=False)
    start = read_start(tmp_path / "first")
    alone = replace(options, epochs=2, learning_rate=1e-3, freeze_encoder=True, freeze_norms=True)
    with pytest.raises(CheckpointError, match="--freeze-norms"):
        Plan(config, replace(alone, freeze_norms=False), start=start)
    check_that_it_resumes(lambda: Trainer(Plan(config, alone, start=start), faces), tmp_path)
    learner = Trainer(Plan(config, alone, start=start), faces).learner
    x = to_tensor(faces.images[:8].copy())
    learner.train()
    behind = learner.objective(x, None, torch.Generator())["distortion"]
    two = copy.copy(start.network)
    two.config = replace(config, refinement_steps=2)  # as many as there are while it learns
    as_encoded = float((two.decoder(two.encoder(x[:2])) - x[:2]).detach().square().sum())  # a quarter of the batch
    squared = as_encoded + off_by(two, x[2:])
    assert float(behind.detach()) == pytest.approx(squared / 8 / (2 * config.decoder_sigma**2), rel=1e-4)
    kept = load_checkpoint(tmp_path / "whole")
    assert kept.config == config
    assert torch.equal(kept.encoder.head.weight, start.network.encoder.head.weight)
    assert not torch.equal(kept.decoder.stem[0].weight, start.network.decoder.stem[0].weight)
    assert not torch.equal(kept.refinement, start.network.refinement)


def test_only_an_ae_is_refined():
    with pytest.raises(ConfigError, match="for an ae"):
        ModelConfig("vae", refinement_steps=1)
