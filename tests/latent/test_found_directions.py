import numpy as np
import pytest

from latent.found_directions import changing_most, independent


def angle(a, b):
    return abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b)


def test_what_changes_most_leads_and_one_is_one_standard_deviation():
    scale = np.array([2.0, 1.0, 0.5])
    covariance = np.diag(scale**2)
    gram = np.diag([1.0, 9.0, 4.0])
    found = changing_most(gram, scale, covariance, 2)
    np.testing.assert_allclose([one.vector for one in found], [[0, 1, 0], [0, 0, 0.5]], atol=1e-6)
    assert [one.name for one in found] == ["Change 1", "Change 2"]


def test_independent_sources_are_found_again_behind_a_mixture():
    random = np.random.default_rng(0)
    sources = random.uniform(-1, 1, (4000, 3)) * [3, 2, 1]
    mixing = random.standard_normal((3, 3))
    found = independent(sources @ mixing.T, 3)
    for column in mixing.T:
        assert max(angle(one.vector.astype(float), column) for one in found) > 0.99
    with pytest.raises(ValueError, match="at least 6 codes"):
        independent(sources[:5], 3)
