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
    def waits(atlas, progress):
        raise AssertionError("a visitor would wait for a minute")

    monkeypatch.setattr(samplers, "fit_to_atlas", waits)
    model = open_model(find_checkpoints()[0][name])
    assert len(samplers.mixture(model).weights) == 10
    assert model.files.mixture_path.stat().st_size < 1_000_000


def test_a_mixture_that_is_not_there_is_fitted_once_with_its_progress_and_can_be_given_up():
    class GivenUpError(Exception):
        pass

    def give_up(share):
        raise GivenUpError

    model = small_model("vae")
    samplers._fit.clear()
    assert samplers.mixture_waits(model)
    with pytest.raises(GivenUpError):
        samplers.mixture(model, give_up)
    assert samplers.mixture_waits(model)  # and nobody else has to wait for who gave up
    shares: list[float] = []
    made = samplers.mixture(model, shares.append)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert not samplers.mixture_waits(model)
    assert samplers.mixture(model, give_up) is made


def test_who_comes_second_sees_how_far_the_first_one_is():
    model = small_model("ae")
    samplers._fit.clear()
    fit = samplers._fit_of(model)
    fit.lock.acquire()
    fit.share = 0.25
    seen: list[float] = []

    def look(share):
        if not seen:
            fit.lock.release()  # the first one is given up
        seen.append(share)

    assert len(samplers.mixture(model, look).weights) == 10
    assert seen[0] == 0.25
