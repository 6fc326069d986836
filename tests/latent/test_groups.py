import numpy as np
import pytest

from latent.groups import distinctions, group_direction, separation

MU = np.random.default_rng(0).standard_normal((2000, 64)).astype(np.float16)


def test_random_groups_are_not_sold_as_meaning():
    random = np.random.default_rng(1)
    convincing = []
    for seed in range(20):
        rows = random.permutation(len(MU))
        convincing.append(separation(MU, rows[:15], rows[15:40], trials=60, seed=seed).convincing)
    assert sum(convincing) <= 4


def test_groups_that_differ_beat_every_random_pair():
    first, second = np.flatnonzero(MU[:, 0] < -1)[:30], np.flatnonzero(MU[:, 0] > 1)[:30]
    found = separation(MU, first, second, trials=100)
    assert found.convincing
    assert found.d > 1 > found.chance
    assert np.abs(group_direction(MU, first, second)).argmax() == 0
    assert group_direction(MU, first, second)[0] > 0


def test_a_group_of_two_is_too_small():
    with pytest.raises(ValueError, match="at least 4 faces"):
        separation(MU, np.arange(2), np.arange(10, 30))


def test_what_is_rare_elsewhere_sets_a_group_apart_more_than_what_is_common():
    present = np.zeros((10_000, 3), bool)
    present[:178, 0], present[200:4600, 0] = True, True  # 89 % against 45 %
    present[:66, 1], present[200:800, 1] = True, True  # 33 % against 6 %
    present[::2, 2] = True
    first, second = distinctions(present, np.arange(200))
    assert (first.column, second.column) == (1, 0)  # the third, half everywhere, could be chance
    assert first.inside == pytest.approx(0.33)
    assert first.low < first.effect < first.high
    assert first.effect == pytest.approx((0.33 - 600 / 9800) / present[:, 1].std())


def test_the_interval_holds_the_true_effect_about_19_times_of_20():
    random = np.random.default_rng(3)
    truth = (0.5 - 0.1) / np.sqrt(0.14 * 0.86)  # a tenth of the faces has it with 50 %, the rest with 10 %
    held = 0
    for _ in range(200):
        present = random.random((1000, 1)) < np.where(np.arange(1000) < 100, 0.5, 0.1)[:, None]
        (found,) = distinctions(present, np.arange(100))
        held += found.low <= truth <= found.high
    assert 180 <= held <= 199


def test_all_faces_or_none_differ_from_nothing():
    present = np.random.default_rng(0).random((20, 4)) < 0.5
    assert distinctions(present, np.arange(20)) == distinctions(present, np.arange(0)) == []
