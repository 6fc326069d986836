import numpy as np
import pytest

from latent.flow import Flow
from latent.noise_ways import NoiseWays
from tests.latent.test_flow import learnt  # noqa: F401  (a fixture)

EPS = np.array([[0.7, -1.1], [-0.4, 1.2]], np.float32)


def carried(flow: Flow, eps: np.ndarray) -> np.ndarray:
    return flow.path(np.asarray(eps, np.float32), steps=12)[-1]


def test_each_slider_rests_at_the_face_and_ends_where_the_flow_carries_the_other_noise(learnt: Flow):  # noqa: F811
    come, bank = NoiseWays(learnt, EPS[0], {"face 7": EPS[1]}).sliders({})
    ways = {direction.name: direction for direction in bank.directions}
    assert list(ways)[:2] == ["Length of the noise", "Towards face 7"]
    assert not come.any()
    assert all(np.abs(way.offset(way.start)).max() < 1e-6 for way in ways.values())
    ends = carried(learnt, np.concatenate([EPS, 1.5 * EPS[:1]]))
    assert ways["Towards face 7"].offset(1.0) == pytest.approx(ends[1] - ends[0], abs=1e-4)
    assert ways["Length of the noise"].offset(1.5) == pytest.approx(ends[2] - ends[0], abs=1e-4)


def test_half_way_along_an_arc_the_noise_keeps_its_length(learnt: Flow):  # noqa: F811
    a, b = np.array([1.5, 0.0]), np.array([0.0, 1.5])
    way = NoiseWays(learnt, a, {"other": b}).sliders({})[1].directions[1]
    half = carried(learnt, np.array([a, [1.5 / np.sqrt(2)] * 2]))
    assert way.offset(0.5) == pytest.approx(half[1] - half[0], abs=1e-4)


def test_several_sliders_move_the_noise_together_and_the_flow_is_run_from_there(learnt: Flow):  # noqa: F811
    ways = NoiseWays(learnt, EPS[0], {"face 7": EPS[1]})
    stand = {"noise-way-0": 0.4, "noise-way-2": 0.7, "noise-length": 1.2}
    come, bank = ways.sliders(stand)
    by_key = {direction.key: direction for direction in bank.directions}
    ends = carried(
        learnt, np.array([ways.noise_at({}), ways.noise_at(stand), ways.noise_at({**stand, "noise-way-0": 1})])
    )
    assert come == pytest.approx(ends[1] - ends[0], abs=1e-4)
    standing = sum(way.offset(stand.get(key, way.start)) for key, way in by_key.items())
    assert np.abs(standing).max() < 1e-5
    further = by_key["noise-way-0"]
    knots = further.offset(1.0) - further.offset(0.375)  # two places at which the flow was run
    from_knot = carried(learnt, ways.noise_at({**stand, "noise-way-0": 0.375})[None])[0]
    assert knots == pytest.approx(ends[2] - from_knot, abs=1e-4)
    alone = [
        ways.sliders({})[1].directions[i].offset(stand[key])
        for i, key in ((0, "noise-length"), (1, "noise-way-0"), (3, "noise-way-2"))
    ]
    assert np.abs(sum(alone) - come).max() > 0.02  # what each does alone does not add up to it


def test_moved_noise_is_as_long_as_noise_is(learnt: Flow):  # noqa: F811
    ways = NoiseWays(learnt, EPS[0], {"one": EPS[1], "two": np.array([1.0, 0.9])})
    goal = ways.noise_at({"noise-way-0": 1.0})
    assert goal == pytest.approx(EPS[1], abs=1e-6)
    lengths = [np.linalg.norm(one) for one in (EPS[1], [1.0, 0.9])]
    both = np.linalg.norm(ways.noise_at({"noise-way-0": 1.0, "noise-way-1": 1.0}))
    assert min(lengths) - 1e-6 <= both <= max(lengths) + 1e-6
    assert np.linalg.norm(ways.noise_at({"noise-length": 0.5})) == pytest.approx(0.5 * np.linalg.norm(EPS[0]), rel=1e-5)
