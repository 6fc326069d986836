import numpy as np
import pytest

from latent.groups import group_direction, separation

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
