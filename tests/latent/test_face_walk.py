import numpy as np
import pytest

from latent.face_walk import even_steps, face_graph, faces_between


def ring(count: int = 200) -> np.ndarray:
    """Faces on three quarters of a circle: the gap between its ends holds none."""
    angle = np.linspace(0, 1.5 * np.pi, count)
    return np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float16)


def test_a_walk_stays_on_the_data_and_takes_small_steps():
    mu = ring()
    a, b = mu[0].astype(np.float32), mu[-1].astype(np.float32)
    passed = faces_between(face_graph(mu), a, b)
    assert len(passed) > 10
    assert (np.diff(passed) > 0).all()  # around the circle, in order
    assert passed[0] > 0
    assert passed[-1] < len(mu) - 1
    knots = np.stack([a, *mu[passed].astype(np.float32), b])
    assert np.linalg.norm(np.diff(knots, axis=0), axis=1).max() < 0.3
    assert np.linalg.norm(even_steps(knots, 9), axis=1).min() > 0.98  # a straight line would pass at 0.7


def test_codes_that_are_no_faces_are_joined_to_their_nearest_faces():
    mu = ring()
    passed = faces_between(face_graph(mu), 1.05 * mu[20].astype(np.float32), 1.05 * mu[60].astype(np.float32))
    assert len(passed) > 1
    assert 10 <= passed.min() < passed.max() <= 70


def test_where_no_faces_lead_there_the_way_is_straight():
    two = np.concatenate([np.random.default_rng(0).normal(side, 0.1, (30, 2)) for side in (-5, 5)])
    assert len(faces_between(face_graph(two), two[0], two[-1])) == 0
    assert len(faces_between(face_graph(two), two[0], two[0])) == 0


def test_some_faces_stand_for_many():
    graph = face_graph(ring(500), most=50)
    assert len(graph.rows) == 50
    assert set(faces_between(graph, *ring(500)[[0, -1]].astype(np.float32))) <= set(graph.rows)


def test_steps_along_a_way_are_equally_long_and_end_where_it_ends():
    knots = np.array([[0, 0], [1, 0], [1, 0], [1, 3]])
    steps = even_steps(knots, 9)
    np.testing.assert_allclose(steps[[0, 2, -1]], [[0, 0], [1, 0], [1, 3]])
    assert np.linalg.norm(np.diff(steps, axis=0), axis=1) == pytest.approx(np.full(8, 0.5))
    np.testing.assert_array_equal(even_steps(knots[1:3], 3), np.repeat(knots[1:2], 3, 0))
