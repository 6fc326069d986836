import numpy as np
import pytest
import torch

from models.calibration import expected_calibration_error, fit_platt
from models.checkpoints import load_classifier, save_checkpoint
from models.classifier import fit_size, fold_calibration, pooled
from models.config import ConfigError, ModelConfig
from models.networks import build_network


def tiny(architecture):
    torch.manual_seed(0)
    return build_network(ModelConfig("classifier", latent_dim=40, width=4, architecture=architecture)).eval()


@pytest.mark.parametrize("architecture", ["residual", "plain"])
def test_both_architectures_read_attributes_and_show_what_they_see(architecture, tmp_path):
    classifier = tiny(architecture)
    x = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        logits, maps = classifier(x), classifier.maps(x)
        assert torch.allclose(classifier.head(pooled(maps)), logits, atol=1e-5)
    assert logits.shape == (2, 40)
    assert [tuple(m.shape[2:]) for m in maps] == [(32, 32)] + (
        [(32, 32), (16, 16), (8, 8), (4, 4)] if architecture == "residual" else [(16, 16), (8, 8), (4, 4), (4, 4)]
    )
    save_checkpoint(classifier, tmp_path, {})
    assert load_classifier(tmp_path).config.architecture == architecture


def test_a_configuration_from_before_there_were_two_is_residual():
    old = {"kind": "classifier", "image_size": 64, "latent_dim": 40, "width": 32, "beta": 0.0, "decoder_sigma": 0.2}
    assert ModelConfig.from_dict(old).architecture == "residual"
    with pytest.raises(ConfigError, match="architecture"):
        ModelConfig.from_dict({**old, "architecture": "grand"})


def test_platt_scaling_finds_what_was_done_to_the_logits_and_folds_it_into_the_last_layer():
    random = torch.Generator().manual_seed(0)
    true = torch.randn(20_000, 3, generator=random) * 2
    labels = (torch.rand(true.shape, generator=random) < true.sigmoid()).int()
    slope, intercept = fit_platt((true - torch.tensor([0, 1.0, 0])) * torch.tensor([1, 2.0, 0.5]), labels)
    assert slope == pytest.approx([1, 0.5, 2], rel=0.05)
    assert intercept == pytest.approx([0, 1, 0], abs=0.06)

    classifier = tiny("plain")
    x = torch.rand(4, 3, 64, 64)
    slope, intercept = torch.linspace(0.5, 2, 40), torch.linspace(-1, 1, 40)
    with torch.inference_mode():
        before = classifier(x)
        fold_calibration(classifier, slope, intercept)
        assert torch.allclose(classifier(x), before * slope + intercept, atol=1e-4)


def test_platt_scaling_stays_finite_where_nobody_has_the_attribute():
    slope, intercept = fit_platt(torch.linspace(-5, -1, 50)[:, None], torch.zeros(50, 1))
    assert torch.isfinite(slope).all()
    assert torch.isfinite(intercept).all()


def test_calibration_error_by_hand():
    probabilities = np.array([0.9, 0.9, 0.9, 0.9, 0.1, 0.1])
    assert expected_calibration_error(probabilities, np.array([1, 1, 1, 0, 0, 0])) == pytest.approx(
        (4 * abs(0.9 - 0.75) + 2 * abs(0.1 - 0)) / 6
    )
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([0, 1])) == 0
    assert np.isnan(expected_calibration_error(np.array([]), np.array([])))


def test_pictures_of_another_size_are_shrunk_without_aliasing_and_others_left_alone():
    classifier = build_network(ModelConfig("classifier", latent_dim=40, width=4))
    board = torch.zeros(1, 3, 128, 128)
    board[..., ::2, ::2] = board[..., 1::2, 1::2] = 1
    assert fit_size(classifier, board)[..., 4:-4, 4:-4] == pytest.approx(0.5, abs=1e-6)
    x = torch.rand(1, 3, 64, 64)
    assert fit_size(classifier, x) is x
