import numpy as np
import pytest

from app.checkpoints import samplers
from app.checkpoints.discovery import find_checkpoints
from app.checkpoints.opening import open_model
from app.checkpoints.samplers import OFFERS, can_draw, draw
from tests.app.small_models import small_model


def test_every_sampler_serves_an_ae_and_a_vae_and_names_each_sample_by_seed_and_index():
    for name in ("ae", "vae"):
        model = small_model(name)
        for key in [key for key in OFFERS if can_draw(model, key)]:
            many = draw(model, key, 16, 3, 0.8)
            assert many.shape == (16, 6), key
            assert np.array_equal(draw(model, key, 5, 3, 0.8), many[:5]), key


def test_scaled_and_fitted_samples_lie_where_the_faces_lie():
    model = small_model("ae")
    for key in ("scaled", "gaussian", "jitter"):
        sampled = draw(model, key, 4000, 0, 1.0)
        assert np.allclose(sampled.mean(0), model.posterior.mean, atol=0.2), key
        assert np.allclose(sampled.std(0), model.posterior.sd, rtol=0.2), key


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_the_shipped_models_bring_their_ten_gaussians_so_that_nobody_waits(name, monkeypatch):
    def waits(atlas):
        raise AssertionError("a visitor would wait for a minute")

    monkeypatch.setattr(samplers, "fit_to_atlas", waits)
    model = open_model(find_checkpoints()[0][name])
    assert len(samplers.mixture(model).weights) == 10
    assert model.files.mixture_path.stat().st_size < 1_000_000
