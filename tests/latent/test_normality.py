import numpy as np
import pytest

from latent.normality import chi_density, kolmogorov_distances, normal_density, quantile_pairs


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
