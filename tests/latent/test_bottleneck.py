import numpy as np
import pytest

from latent.bottleneck import principal_axes, squeeze, squeeze_path


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    codes = random.standard_normal((500, 5)) * np.array([1, 5, 2, 0.1, 3]) + 4
    return codes[0], codes.mean(0), principal_axes(np.cov(codes, rowvar=False))


def test_axes_are_orthonormal_and_the_greatest_variance_leads():
    _, _, axes = example()
    assert np.allclose(axes @ axes.T, np.eye(5))
    assert np.abs(axes[0]).argmax() == 1
    assert np.abs(axes[-1]).argmax() == 3


def test_no_component_is_the_average_and_all_are_the_point_itself():
    z, mean, axes = example()
    assert np.allclose(squeeze(z, mean, axes, 0), mean, atol=1e-5)
    assert np.allclose(squeeze(z, mean, axes, 5), z, atol=1e-5)
    left = [np.linalg.norm(squeeze(z, mean, axes, k) - z) for k in range(6)]
    assert (np.diff(left) <= 1e-6).all()
    with pytest.raises(ValueError, match="between 0 and 5"):
        squeeze(z, mean, axes, 6)


def test_the_way_for_the_browser_says_the_same():
    z, mean, axes = example()
    path = squeeze_path(z, mean, axes)
    assert np.allclose(path[-1], 0)
    for k in range(1, 6):
        assert np.allclose(z + path[k - 1], squeeze(z, mean, axes, k), atol=1e-4)
