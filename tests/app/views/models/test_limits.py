from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.checkpoints.records import Record
from app.views.models.limits import limits
from models.config import ModelConfig
from tests.app.small_models import small_files


def record(kind="vae", training=None, **metrics):
    config = ModelConfig(kind, latent_dim=40 if kind == "classifier" else 8)
    files = replace(small_files("it", config), values={"training": training or {}})
    return Record("it", files, metrics)


def said(*, history=None, **given):
    return " ".join(limits(record(**given), history or {}))


GOOD = {"psnr_db": 24.0, "gain_db": 1.0, "kl_nats": 90.0, "active_units": 8}


def test_good_figures_leave_nothing_to_say_of_a_vae():
    assert said(**GOOD) == ""
    assert "no prior" in said(kind="ae", **GOOD)


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ({"gain_db": 0.24, "gain_db_interval": [0.2, 0.3], "pca_components": 8}, "PCA with 8 components, the best"),
        ({"gain_db": 0.02, "gain_db_interval": [-0.1, 0.1]}, "may be chance"),
        ({"gain_db": -0.5}, "less exactly than PCA, which knows straight lines only: 0.50\N{NO-BREAK SPACE}dB"),
        ({"active_units": 5}, "so that a slider changes nothing: 3 of 8."),
        ({"kl_nats": 0.4}, "posterior has collapsed"),
        (
            {"groups": {"Wearing hat": {"psnr_db": 20.0}, "Young": {"psnr_db": 23.9}}},
            "all: hat 20.0\N{NO-BREAK SPACE}dB.",
        ),
        (
            {"generation": {"reconstructions": {"finest_band": {"horizontal": 0.05, "vertical": 0.2}}}},
            "20\N{NO-BREAK SPACE}% at most",
        ),
        (
            {"generation": {"reconstructions": {"grid_peaks": {"period 2": {"diagonal": 5.2, "vertical": 1}}}}},
            "checkerboard, 2 pixels, 5.2 times",
        ),
        (
            {"generation": {"samplers": {"standard_normal": {"frechet": 400}, "gaussian": {"frechet": 200}}}},
            "(Fr\u00e9chet distance 400) than draws from a Gaussian fitted to its codes (200)",
        ),
        ({"generation": {"samplers": {"gaussian": {"recall": 0.03}}}}, "finds 3.0\N{NO-BREAK SPACE}%"),
    ],
)
def test_each_weakness_has_a_sentence_with_its_figure(metrics, words):
    assert words in said(**(GOOD | metrics))


def test_training_that_was_cut_off_or_still_improving_is_named():
    history = {"valid_psnr": np.array([20.0, 21.0])}
    words = said(training={"epochs_done": 2, "epochs": 9, "images": 20000}, history=history, **GOOD)
    assert "2 of 9 epochs" in words
    assert "+1.00\N{NO-BREAK SPACE}dB in the last epoch" in words
    assert "20,000 pictures of celebrities" in words
    assert "still improving" not in said(history={"valid_psnr": np.array([20.0, 20.01])}, **GOOD)


def test_what_is_not_measured_says_so_and_a_classifier_names_its_weakest_attributes():
    config = ModelConfig("vae", latent_dim=8)
    unmeasured = Record("mine", small_files("mine", config, Path()), {})
    assert "python evaluate.py mine --data CELEBA" in limits(unmeasured, {})[0]
    table = {"Bald": {"accuracy": 0.97, "commoner_answer": 0.98}, "Male": {"accuracy": 0.97, "commoner_answer": 0.58}}
    words = said(kind="classifier", by_attribute=table)
    assert "bald 97\N{NO-BREAK SPACE}% (\N{MINUS SIGN}1.0 points), male 97\N{NO-BREAK SPACE}% (+39.0 points)" in words
