import numpy as np
import pytest

from latent.flow import Flow
from latent.noise_ways import noise_ways
from tests.latent.test_flow import learnt  # noqa: F401  (a fixture)


def test_each_slider_rests_at_the_face_and_ends_where_the_flow_carries_the_other_noise(learnt: Flow):  # noqa: F811
    eps = np.array([[0.7, -1.1], [-0.4, 1.2]], np.float32)
    bank = noise_ways(learnt, eps[0], {"face 7": eps[1]})
    ways = {direction.name: direction for direction in bank.directions}
    assert list(ways)[:2] == ["Length of the noise", "Towards face 7"]
    assert all(np.abs(way.offset(way.start)).max() < 1e-6 for way in ways.values())
    ends = learnt.path(np.concatenate([eps, 1.5 * eps[:1]]), steps=12)[-1]
    assert ways["Towards face 7"].offset(1.0) == pytest.approx(ends[1] - ends[0], abs=1e-4)
    assert ways["Length of the noise"].offset(1.5) == pytest.approx(ends[2] - ends[0], abs=1e-4)


def test_half_way_along_an_arc_the_noise_keeps_its_length(learnt: Flow):  # noqa: F811
    a, b = np.array([1.5, 0.0]), np.array([0.0, 1.5])
    way = noise_ways(learnt, a, {"other": b}).directions[1]
    half = learnt.path(np.array([a, [1.5 / np.sqrt(2)] * 2], np.float32), steps=12)[-1]
    assert way.offset(0.5) == pytest.approx(half[1] - half[0], abs=1e-4)
