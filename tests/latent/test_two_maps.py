import numpy as np

from latent.two_maps import laid_on


def test_a_turned_mirrored_and_scaled_map_lies_on_the_first_again():
    first = np.random.default_rng(0).normal(size=(50, 2))
    turn = np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]) @ np.diag([1, -1])
    a, b = laid_on(first, 7 * first @ turn + 3)
    np.testing.assert_allclose(a, b, atol=1e-5)
    assert a.min() == 0
    assert a.max() == 1


def test_the_first_map_keeps_its_shape_and_both_are_in_the_frame():
    random = np.random.default_rng(1)
    first, second = random.normal(size=(40, 2)) * (5, 1), random.normal(size=(40, 2))
    a, b = laid_on(first, second)
    apart = np.linalg.norm(a[:, None] - a[None], axis=2)
    original = np.linalg.norm(first[:, None] - first[None], axis=2)
    np.testing.assert_allclose(apart / apart.max(), original / original.max(), atol=1e-5)
    assert min(a.min(), b.min()) >= 0
    assert max(a.max(), b.max()) <= 1


def test_all_faces_at_one_place_are_no_fault():
    a, b = laid_on(np.ones((5, 2)), np.zeros((5, 2)))
    assert np.isfinite(a).all()
    assert np.isfinite(b).all()
