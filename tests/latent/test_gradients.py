import numpy as np
import pytest

from latent.gradients import parabola_gradients


def test_both_estimators_are_right_on_average_and_have_the_variances_of_theory():
    found = parabola_gradients(mu=1.0, sigma=0.5, target=-1.0, count=400_000, seed=0)
    assert found.pathwise.mean() == pytest.approx(4, abs=0.02)
    assert found.score.mean() == pytest.approx(4, abs=0.1)
    assert found.pathwise.var() == pytest.approx(4 * 0.5**2, rel=0.02)
    d, s = 2.0, 0.5  # E[f^2 eps^2] / s^2 - (2 d)^2 by the moments of eps
    assert found.score.var() == pytest.approx((d**4 + 18 * d**2 * s**2 + 15 * s**4) / s**2 - 4 * d**2, rel=0.05)
    assert found.variance_ratio > 10


def test_draws_repeat_and_nonsense_is_refused():
    again = [parabola_gradients(0, 1, 0, 10, 3).score for _ in range(2)]
    assert np.array_equal(*again)
    with pytest.raises(ValueError, match="above 0"):
        parabola_gradients(0, 0, 0, 10, 3)
