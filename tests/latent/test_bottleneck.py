import numpy as np
import pytest

from latent.bottleneck import Components, components, principal_axes, squeeze, squeeze_path, typical_steps


def latents() -> np.ndarray:
    random = np.random.default_rng(0)
    return random.standard_normal((500, 5)) * np.array([1, 5, 2, 0.1, 3]) + 4


def example() -> tuple[np.ndarray, np.ndarray, Components]:
    codes, drawing = latents(), np.random.default_rng(1).standard_normal((5, 12))
    covariance = np.cov(codes, rowvar=False)
    changes = typical_steps(covariance) @ drawing
    return codes[0], codes.mean(0), components(covariance, changes @ changes.T)


def test_axes_are_orthonormal_and_the_greatest_variance_leads():
    axes = principal_axes(np.cov(latents(), rowvar=False))
    assert np.allclose(axes @ axes.T, np.eye(5))
    assert np.abs(axes[0]).argmax() == 1
    assert np.abs(axes[-1]).argmax() == 3


def test_components_of_a_linear_decoder_are_the_principal_components_of_its_pictures():
    codes, drawing = latents(), np.random.default_rng(1).standard_normal((5, 12))
    pictures = (codes - codes.mean(0)) @ drawing
    _, spread, axes = np.linalg.svd(pictures, full_matrices=False)
    _, mean, basis = example()
    for kept in range(6):
        rebuilt = np.stack([squeeze(z, mean, basis, kept) for z in codes]) - mean
        expected = pictures @ axes[:kept].T @ axes[:kept]
        assert np.allclose(rebuilt @ drawing, expected, atol=1e-2 * spread[0] / len(codes) ** 0.5)


def test_a_direction_that_changes_no_picture_comes_last_however_much_it_varies():
    covariance = np.diag([1.0, 100.0, 1.0])
    drawing = np.diag([2.0, 0.0, 1.0])
    changes = typical_steps(covariance) @ drawing
    found = components(covariance, changes @ changes.T)
    assert np.abs(found.directions).argmax(1).tolist() == [0, 2, 1]


def test_no_component_is_the_average_and_all_are_the_point_itself():
    z, mean, basis = example()
    assert np.allclose(squeeze(z, mean, basis, 0), mean, atol=1e-5)
    assert np.allclose(squeeze(z, mean, basis, 5), z, atol=1e-5)
    with pytest.raises(ValueError, match="between 0 and 5"):
        squeeze(z, mean, basis, 6)


def test_a_dimension_that_never_varies_divides_nothing_by_zero():
    basis = components(np.diag([1.0, 0.0]), np.diag([1.0, 0.0]))
    assert np.allclose(squeeze(np.array([3.0, 0.5]), np.zeros(2), basis, 2), [3, 0.5], atol=1e-5)


def test_the_way_for_the_browser_says_the_same():
    z, mean, basis = example()
    path = squeeze_path(z, mean, basis)
    assert np.allclose(path[-1], 0)
    for k in range(1, 6):
        assert np.allclose(z + path[k - 1], squeeze(z, mean, basis, k), atol=1e-4)
