import numpy as np
import pytest

from evaluation.frechet import Moments, frechet_distance, moments, precision_and_recall


def test_frechet_distance_of_known_gaussians():
    one = Moments(np.zeros(2), np.diag([1.0, 4.0]))
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)
    moved = Moments(np.array([3.0, 4.0]), np.diag([1.0, 4.0]))
    assert frechet_distance(one, moved) == pytest.approx(25)
    stretched = Moments(np.zeros(2), np.diag([9.0, 1.0]))  # (3 - 1)^2 + (1 - 2)^2
    assert frechet_distance(one, stretched) == pytest.approx(5)


def test_frechet_distance_agrees_with_the_matrix_square_root_and_is_symmetric():
    from scipy.linalg import sqrtm

    random = np.random.default_rng(0)
    a, b = (moments(random.normal(size=(300, 6)) @ random.normal(size=(6, 6)) + i) for i in range(2))
    mean = np.square(a.mean - b.mean).sum()
    expected = mean + np.trace(a.covariance + b.covariance - 2 * sqrtm(a.covariance @ b.covariance).real)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-6)


def test_a_set_without_variance_in_a_direction_is_no_error():
    flat = np.random.default_rng(0).normal(size=(50, 4))
    flat[:, 2] = 1
    assert frechet_distance(moments(flat), moments(flat[:25])) >= 0


def test_precision_and_recall_tell_missing_kinds_from_bad_pictures():
    random = np.random.default_rng(0)
    real = np.concatenate([random.normal(size=(200, 3)), random.normal(size=(200, 3)) + 20])
    same = np.concatenate([random.normal(size=(200, 3)), random.normal(size=(200, 3)) + 20])
    precision, recall = precision_and_recall(real, same)
    assert min(precision, recall) > 0.8
    half = random.normal(size=(400, 3))  # one of two kinds only
    precision, recall = precision_and_recall(real, half)
    assert precision > 0.8
    assert recall < 0.6
    bad = random.normal(size=(400, 3)) * 100
    assert precision_and_recall(real, bad)[0] < 0.1
