import numpy as np
import pytest

from latent.normality import chi_density, chi_share, kolmogorov_distances, normal_density, quantile_pairs


@pytest.mark.parametrize("dimensions", [1, 2, 128, 512])
def test_the_chi_density_has_area_1_and_the_mean_length_of_draws(dimensions: int):
    r = np.linspace(0, 60, 60_001)
    density = chi_density(r, dimensions)
    drawn = np.linalg.norm(np.random.default_rng(0).standard_normal((4000, dimensions)), axis=1)
    assert np.trapezoid(density, r) == pytest.approx(1, abs=1e-3)
    assert np.trapezoid(density * r, r) == pytest.approx(drawn.mean(), abs=0.05)


def test_normal_draws_lie_on_the_diagonal_and_others_do_not():
    draws = np.random.default_rng(1).standard_normal((20_000, 3)) * [1, 2, 1] + [0, 0, 1]
    expected, found = quantile_pairs(draws[:, 0])
    assert np.abs(expected - found).max() < 0.15
    distances = kolmogorov_distances(draws)
    assert distances[0] < 0.02
    assert distances[1] == pytest.approx(0.169, abs=0.02)  # at sd 2 the gap is greatest at 1.36
    assert distances[2] == pytest.approx(0.383, abs=0.02)  # Phi(0.5) - Phi(-0.5)
    assert normal_density(np.array(0.0)) == pytest.approx(0.39894, abs=1e-5)


def test_the_figures_are_those_of_scipy():
    from scipy import stats

    draws = np.random.default_rng(2).standard_normal((3000, 4)) * [1, 1.3, 0.4, 1] + [0, 0, 0, 2]
    assert kolmogorov_distances(draws) == pytest.approx(stats.ks_1samp(draws, stats.norm.cdf).statistic, abs=1e-5)
    r = np.linspace(0.1, 30, 100)
    assert chi_density(r, 128) == pytest.approx(stats.chi.pdf(r, 128), rel=1e-9, abs=1e-300)
    assert chi_share(r, 128) == pytest.approx(stats.chi.cdf(r, 128), abs=1e-5)
    assert normal_density(r) == pytest.approx(stats.norm.pdf(r), rel=1e-9)
    assert quantile_pairs(draws[:, 0])[0] == pytest.approx(stats.norm.ppf((np.arange(99) + 0.5) / 99), rel=1e-9)
