"""A mapping that leaves faces where they are and carries points of N(0, I) to where it is shown."""

import numpy as np
import pytest
import torch

from evaluation.frechet import frechet_distance, moments
from models.networks import LatentMapping
from models.training.mapping import Lesson, MappingOptions, teach_mapping, with_moments


@pytest.fixture(scope="module")
def lesson():
    """Faces on a ring of radius 6, and points that belong on the ring in their own direction."""
    random = np.random.default_rng(0)

    def on_the_ring(points):
        return (6 * points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    faces, noise = random.normal(size=(400, 3)), random.normal(size=(400, 3)).astype(np.float32)
    return Lesson(on_the_ring(faces), np.full((400, 3), -6, np.float32), noise, on_the_ring(noise))


def test_a_fresh_one_changes_nothing():
    z = torch.randn(5, 3)
    assert torch.equal(LatentMapping(3, 8)(z), z)


def test_points_of_the_prior_go_where_they_are_shown_and_faces_stay(lesson):
    mapping, facts = teach_mapping(lesson, MappingOptions(32, 400, 64, 4e-3, 0))
    noise, mu = torch.from_numpy(lesson.noise), torch.from_numpy(lesson.mu)
    before = np.square(lesson.noise - lesson.places).sum(1).mean()
    missed = np.square(mapping(noise).numpy() - lesson.places).sum(1).mean()
    assert missed < 0.1 * before
    assert (mapping(mu) - mu).square().sum(1).mean() < 0.5
    assert facts["missed"] < 0.2 * before
    assert facts["points"] == 400


def test_the_seed_decides(lesson):
    options = MappingOptions(8, 5, 16, 1e-3, 3)
    first, again = (teach_mapping(lesson, options)[0].state_dict() for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_points_get_the_mean_and_covariance_of_others_and_move_no_further_than_that_takes():
    random = np.random.default_rng(0)
    points = (random.normal(size=(4000, 3)) @ random.normal(size=(3, 3))).astype(np.float32)
    like = (random.normal(size=(5000, 3)) @ random.normal(size=(3, 3)) + [1, -2, 3]).astype(np.float32)
    moved = with_moments(points, like)
    assert moved.dtype == np.float32
    assert np.allclose(moved.mean(0), like.mean(0), atol=1e-3)
    assert np.allclose(np.cov(moved, rowvar=False), np.cov(like, rowvar=False), atol=1e-3)
    # Dowson and Landau: the squared way is the distance of the two Gaussians.
    gap = moments(points), moments(like)
    assert np.square(moved - points).sum(1).mean() == pytest.approx(frechet_distance(*gap), rel=1e-3)
    assert np.allclose(with_moments(points, points), points, atol=1e-3)


def test_points_that_lie_in_a_plane_stay_finite():
    flat = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32) * np.float32([1, 1, 0])
    assert np.isfinite(with_moments(flat, flat + 1)).all()
