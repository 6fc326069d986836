import numpy as np
import pytest

from latent.directions import Direction
from latent.paths import analogy, between, grid, walk

CENTRE = np.array([1.0, 1.0, 1.0])
A, B = CENTRE + np.eye(3)[0] * 3, CENTRE + np.eye(3)[1] * 3


def test_a_straight_way_sags_towards_the_centre_and_an_arc_does_not():
    straight, arc = (between(A, B, 0.5, way, CENTRE) for way in ("straight", "spherical"))
    assert np.allclose(straight, (A + B) / 2)
    assert np.linalg.norm(straight - CENTRE) == pytest.approx(3 / np.sqrt(2))
    assert np.linalg.norm(arc - CENTRE) == pytest.approx(3)


@pytest.mark.parametrize("other", [A, CENTRE - np.eye(3)[0] * 3, CENTRE])
def test_an_arc_without_an_angle_is_a_straight_line(other):
    assert np.allclose(between(A, other, 0.25, "spherical", CENTRE), 0.75 * A + 0.25 * other)


@pytest.mark.parametrize("way", ["straight", "spherical"])
def test_a_walk_passes_through_its_points(way):
    c = CENTRE + np.eye(3)[2] * 2
    steps = walk([A, B, c], 9, way, CENTRE)
    assert steps.shape == (9, 3)
    assert steps.dtype == np.float32
    assert np.allclose(steps[[0, 4, 8]], [A, B, c])


def test_a_walk_as_a_slider_gives_the_same_points():
    steps = walk([A, B], 33, "spherical", CENTRE)
    direction = Direction("walk", "Walk", np.zeros(3, np.float32), 0, 1, 0.01, path=(steps - steps[0]))
    for t in (0.0, 0.3, 0.71, 1.0):
        assert np.allclose(A + direction.offset(t), between(A, B, t, "spherical", CENTRE), atol=2e-3)
    assert np.allclose(direction.offset(9), direction.offset(1))


def test_a_grid_has_the_four_points_at_its_corners():
    corners = [np.array(corner, float) for corner in ([0, 0], [1, 0], [0, 2], [5, 5])]
    blended = grid(corners, 3)
    assert np.allclose(blended[[0, 2, 6, 8]], corners)
    assert np.allclose(blended[4], np.mean(corners, 0))


def test_an_analogy_adds_the_difference():
    assert analogy([0, 0], [1, 2], [3, 3]).tolist() == [4, 5]


def test_too_few_points_are_refused():
    with pytest.raises(ValueError, match="at least 2 points"):
        walk([A], 5, "straight", CENTRE)
    with pytest.raises(ValueError, match="4 corners"):
        grid([A, B], 5)
