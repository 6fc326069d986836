import numpy as np
import pytest

from models.config import ModelConfig
from models.effects import dimension_effects
from models.metrics import attribute_figures, measure_reconstruction
from models.networks import build_network
from tests.conftest import tiny_network


def test_reconstruction_does_not_depend_on_the_batch_size():
    images = np.random.default_rng(0).integers(0, 256, (7, 64, 64, 3), dtype=np.uint8)
    network = tiny_network("vae")
    whole, parts = measure_reconstruction(network, images), measure_reconstruction(network, images, batch_size=2)
    assert whole.mse == pytest.approx(parts.mse, rel=1e-6)
    assert whole.kl_by_dimension == pytest.approx(parts.kl_by_dimension, abs=1e-6)
    assert whole.kl == pytest.approx(whole.kl_by_dimension.sum())
    assert measure_reconstruction(tiny_network("ae"), images).kl == 0


def test_attribute_figures_of_a_perfect_and_a_blind_classifier():
    labels = np.array([[1, 0], [0, 0], [1, 1], [0, 0]], np.int8)
    perfect = attribute_figures(labels.astype(np.float32), labels, labels)
    assert perfect["accuracy"] == [1, 1]
    assert perfect["auc"] == [1, 1]
    assert perfect["calibration_error"] == [0, 0]
    assert perfect["commoner_answer"] == [0.5, 0.75]
    blind = attribute_figures(np.full((4, 2), 0.2, np.float32), labels, labels)
    assert blind["auc"] == [0.5, 0.5]
    assert blind["calibration_error"] == pytest.approx([0.3, 0.05])


def test_effects_are_the_root_mean_square_change_of_one_step():
    network = tiny_network("ae")
    network.decoder.stem[0].weight.data[:, 2] = 0  # this dimension changes nothing
    random = np.random.default_rng(0)
    points, sd = random.normal(size=(3, 6)).astype(np.float32), np.full(6, 2, np.float32)
    effects = dimension_effects(network, points, sd)
    assert effects.shape == (6,)
    assert effects[2] < 1e-6 < effects[4]
    import torch

    moved = points.copy()
    moved[:, 4] += 2
    with torch.inference_mode():
        change = network.decode(torch.from_numpy(moved)) - network.decode(torch.from_numpy(points))
    assert effects[4] == pytest.approx(float(change.square().mean().sqrt()), rel=1e-4)


def test_build_network_follows_the_kind():
    assert build_network(ModelConfig("ae", width=2)).config.kind == "ae"
