import numpy as np
import pytest

from latent.samplers import (
    Sampler,
    fit_gaussian,
    fit_mixture,
    jitter,
    normal,
    posterior_draws,
    scaled_normal,
    standard_normal,
)
from tests.latent.test_atlas import small_atlas


def two_clusters(rows: int = 4000) -> np.ndarray:
    random = np.random.default_rng(0)
    mixed = random.standard_normal((rows, 3)) @ np.array([[1, 0.8, 0], [0, 0.5, 0], [0, 0, 0.2]])
    return (mixed + np.where(np.arange(rows)[:, None] % 4 == 0, 6.0, 0.0)).astype(np.float32)


def every_sampler() -> list[Sampler]:
    draws = two_clusters()
    return [
        standard_normal(3),
        scaled_normal(draws.mean(0), draws.std(0)),
        fit_gaussian(draws),
        fit_mixture(draws, components=2),
        jitter(draws[:7], 0.3),
    ]


@pytest.mark.parametrize("sampler", every_sampler(), ids=lambda sampler: type(sampler).__name__)
def test_a_sample_depends_on_its_seed_and_index_alone(sampler: Sampler) -> None:
    many = sampler.sample(64, 5)
    assert many.shape == (64, 3)
    assert many.dtype == np.float32
    assert np.array_equal(many[:9], sampler.sample(9, 5))
    assert not np.array_equal(many[:9], sampler.sample(9, 6))
    assert sampler.sample(0, 5).shape == (0, 3)


@pytest.mark.parametrize("sampler", every_sampler(), ids=lambda sampler: type(sampler).__name__)
def test_nonsense_is_refused(sampler: Sampler) -> None:
    for count, seed, temperature in ((-1, 0, 1.0), (1, -1, 1.0), (1, 0, float("nan")), (1, 0, -1.0), (1, 0, 1e9)):
        with pytest.raises(ValueError, match="must"):
            sampler.sample(count, seed, temperature)


def test_a_fitted_gaussian_has_the_moments_of_the_draws() -> None:
    draws = two_clusters()
    sampled = fit_gaussian(draws).sample(40_000, 1)
    assert np.allclose(sampled.mean(0), draws.mean(0), atol=0.05)
    assert np.allclose(np.cov(sampled.T), np.cov(draws.T), atol=0.15)
    same = normal(draws.mean(0), np.cov(draws.T, ddof=0)).sample(3, 1)
    assert np.allclose(same, fit_gaussian(draws).sample(3, 1), atol=1e-3)


def test_a_temperature_is_the_truncation_of_a_gaussian() -> None:
    gaussian = fit_gaussian(two_clusters())
    full, half = gaussian.sample(5, 2), gaussian.sample(5, 2, temperature=0.5)
    assert np.allclose(half, gaussian.mean + 0.5 * (full - gaussian.mean), atol=1e-5)


def test_a_mixture_finds_clusters_that_a_gaussian_bridges() -> None:
    draws = two_clusters()
    mixture = fit_mixture(draws, components=2)
    assert sorted(np.round(mixture.weights, 2)) == pytest.approx([0.25, 0.75], abs=0.02)
    sampled = (mixture.sample(4000, 0), fit_gaussian(draws).sample(4000, 0))
    between = [((z[:, 2] > 1.5) & (z[:, 2] < 4.5)).mean() for z in sampled]
    assert between[0] < 0.01 < between[1]


def test_jitter_stays_around_the_faces_and_at_temperature_0_is_one_of_them() -> None:
    faces = two_clusters(20)
    sampler = jitter(faces, np.full(3, 0.1))
    chosen = sampler.faces(200, 3)
    assert len(set(chosen)) > 10
    assert np.array_equal(sampler.sample(200, 3, temperature=0.0), faces[chosen])
    assert np.std(sampler.sample(200, 3) - faces[chosen]) == pytest.approx(0.1, rel=0.1)


def test_draws_of_posteriors_are_the_same_for_the_same_seed_only() -> None:
    atlas, ae = small_atlas(), small_atlas(variational=False)
    drawn = posterior_draws(atlas.mu, atlas.logvar, 1)
    assert np.array_equal(drawn, posterior_draws(atlas.mu, atlas.logvar, 1))
    assert not np.array_equal(drawn, posterior_draws(atlas.mu, atlas.logvar, 2))
    assert np.array_equal(posterior_draws(ae.mu, None, 1), ae.mu.astype(np.float32))


def test_a_mixture_in_pieces_is_that_of_one_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.mixture import GaussianMixture

    random = np.random.default_rng(4)  # two with one mean, which the start by k-means cannot tell apart
    draws = random.normal(size=(2000, 4)) * np.where(np.arange(2000)[:, None] % 2, [5, 0.1, 3, 0.2], [0.1, 5, 0.2, 3])
    whole = GaussianMixture(2, random_state=0, reg_covar=1e-3 * draws.var(0).mean(), max_iter=60, tol=1e-2)
    whole.fit(draws)
    assert whole.n_iter_ > 4
    monkeypatch.setattr("latent.samplers.ROUNDS_AT_ONCE", 2)
    shares: list[float] = []
    fitted = fit_mixture(draws, 2, progress=shares.append)
    np.testing.assert_allclose(fitted.means, whole.means_, rtol=1e-6)
    assert len(shares) > 3  # it took more than two pieces
