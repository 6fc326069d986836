"""Regions of a map are named by what is more common there than elsewhere."""

from __future__ import annotations

import numpy as np

from latent.regions import named_regions


def two_clumps(count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Places in two clumps; attribute 0 is common in the right one, 1 in the left, 2 is anybody's."""
    random = np.random.default_rng(3)
    right = np.arange(count) % 2 == 1
    xy = random.normal(0, 0.3, (count, 2)) + np.where(right, 5, -5)[:, None]
    chances = np.stack([np.where(right, 0.9, 0.05), np.where(right, 0.05, 0.6), np.full(count, 0.5)], axis=1)
    return xy, random.random(chances.shape) < chances


def test_each_region_has_the_name_of_what_stands_out_in_it() -> None:
    xy, present = two_clumps()
    left, right = sorted(named_regions(xy, present, count=2), key=lambda region: region.x)
    assert (left.columns, right.columns) == ((1,), (0,))
    assert abs(left.x + 5) < 0.5
    assert abs(right.x - 5) < 0.5
    assert right.effect > left.effect > 0.5
    assert left.size == right.size == 200


def test_the_clearest_comes_first_and_the_same_at_each_call() -> None:
    xy, present = two_clumps()
    first, again = (named_regions(xy, present, count=2) for _ in range(2))
    assert first == again
    assert [region.columns for region in first] == [(0,), (1,)]


def test_what_is_not_to_be_named_is_not() -> None:
    xy, present = two_clumps()
    assert [region.columns for region in named_regions(xy, present, without=[0], count=2)] == [(1,)]


def test_an_attribute_names_one_region_only() -> None:
    xy, present = two_clumps()
    names = [column for region in named_regions(xy, present, count=8) for column in region.columns]
    assert len(names) == len(set(names)) > 0


def test_no_names_where_nothing_stands_out_or_nobody_is() -> None:
    xy, _ = two_clumps()
    chance = np.random.default_rng(0).random((len(xy), 3)) < 0.5
    assert named_regions(xy, chance, count=2) == []
    assert named_regions(xy[:10], chance[:10], count=8) == []
    assert named_regions(np.zeros((100, 2)), chance[:100], count=8) == []
