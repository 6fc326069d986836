from dataclasses import replace

import numpy as np
import pytest

from latent.attribute_axes import (
    SHRINKAGES,
    attribute_axes,
    attribute_bank,
    axes_as_arrays,
    axes_from_arrays,
    choose_shrinkage,
    edit_bank,
    only,
)  # fmt: skip
from latent.attribute_groups import GROUPS
from models.data.attributes import ATTRIBUTES
from tests.latent.test_atlas import small_atlas

NAMES = {"Eyeglasses": "Eyeglasses", "Smiling": "Smiling"}


def labelled_atlas():
    """Eyeglasses follow dimension 2; Smiling follows dimensions 1 and 2."""
    atlas = small_atlas(rows=900)
    scores = np.zeros_like(atlas.scores)
    scores[:, 0] = np.where(atlas.mu[:, 2] > 0.5, 250, 5)
    scores[:, 1] = np.where(atlas.mu[:, 1] + atlas.mu[:, 2] > 0, 250, 5)
    return replace(atlas, scores=scores)


def test_an_axis_points_from_those_without_to_those_with_it_and_is_as_long_as_they_lie_apart():
    atlas = labelled_atlas()
    axis = attribute_axes(atlas)["Eyeglasses"]
    assert np.abs(axis.vector).argmax() == 2
    assert axis.vector[2] > 0
    train = atlas.mu[atlas.partition == 0].astype(np.float32)
    has = atlas.scores[atlas.partition == 0, 0] > 127
    assert axis.standing(train[~has]).mean() == pytest.approx(0, abs=1e-4)
    assert axis.standing(train[has]).mean() == pytest.approx(1, abs=1e-4)
    assert 0.97 < axis.auc <= 1


def test_axes_come_back_from_arrays_as_they_were():
    axes = attribute_axes(labelled_atlas())
    back = axes_from_arrays(axes_as_arrays(axes))
    assert list(back) == list(axes)
    for name, axis in axes.items():
        for field, value in vars(axis).items():
            np.testing.assert_array_equal(getattr(back[name], field), value)
            assert type(getattr(back[name], field)) is type(value)


def test_cross_validation_takes_much_shrinkage_where_it_costs_nothing_and_little_where_it_does():
    random = np.random.default_rng(0)
    signal, noise, luck = random.normal(0, 1, (3, 2000)).astype(np.float32)
    round_cloud = np.stack([signal, noise], 1)
    drowned = np.stack([signal + 10 * noise, 10 * noise], 1)  # only the difference of the two tells
    present = (signal + luck > 0)[:, None]
    assert SHRINKAGES[choose_shrinkage(round_cloud, present)[0]] == max(SHRINKAGES)
    assert SHRINKAGES[choose_shrinkage(drowned, present)[0]] == min(SHRINKAGES)


def test_an_attribute_that_nobody_has_is_left_out():
    atlas = labelled_atlas()
    scores = atlas.scores.copy()
    scores[:, 1] = 0
    axes = attribute_axes(replace(atlas, scores=scores))
    assert [direction.name for direction in attribute_bank(axes, NAMES).directions] == ["Eyeglasses"]


def test_edit_sliders_start_where_the_face_is_on_the_grid_of_their_steps():
    axes = attribute_axes(labelled_atlas())
    for z in np.random.default_rng(0).standard_normal((20, 4)).astype(np.float32) * 3:
        bank, lost = edit_bank(axes, NAMES, z)
        assert lost == []
        for direction in bank.directions:
            steps = np.array([direction.start - direction.low, direction.high - direction.low]) / direction.step
            assert np.allclose(steps, np.round(steps), atol=1e-6)
            assert direction.low < direction.start < direction.high
            assert not direction.offset(direction.start).any()
            standing = axes[direction.key.removeprefix("attribute-")].standing(z[None])[0]
            assert direction.start == pytest.approx(standing, abs=direction.step / 2 + 1e-6)


def test_only_this_holds_the_others_still_and_goes_as_far():
    axes = attribute_axes(labelled_atlas())
    z = np.zeros(4, np.float32)
    bank, _ = edit_bank(axes, NAMES, z, fixed=["Eyeglasses"])
    smiling = next(direction for direction in bank.directions if direction.name == "Smiling")
    moved = (z + smiling.offset(smiling.start + 1))[None]
    for attribute, change in (("Smiling", 1), ("Eyeglasses", 0)):
        axis = axes[attribute]
        assert axis.standing(moved)[0] - axis.standing(z[None])[0] == pytest.approx(change, abs=1e-4)


def test_a_direction_that_is_not_its_own_is_refused():
    vector = np.array([1, 0.01, 0], np.float32)
    assert only(vector, [np.array([1, 0, 0], np.float32)]) is None
    assert only(vector, []) is vector
    axes = attribute_axes(labelled_atlas())
    same = {**axes, "Smiling": replace(axes["Smiling"], vector=axes["Eyeglasses"].vector)}
    assert edit_bank(same, NAMES, np.zeros(4, np.float32), ["Eyeglasses"])[1] == ["Smiling"]


def test_edit_sliders_stand_in_groups_and_within_each_the_most_readable_comes_first():
    plain = attribute_axes(labelled_atlas())["Eyeglasses"]
    found = {"Blurry": 0.99, "Bald": 0.8, "Bangs": 0.9, "Own": 0.95, "Smiling": 0.7, "Eyeglasses": np.nan}
    axes = {name: replace(plain, attribute=name, auc=auc) for name, auc in found.items()}
    bank, _ = edit_bank(axes, {name: name for name in axes}, np.zeros(4, np.float32))
    assert [(direction.group, direction.name) for direction in bank.directions] == [
        ("Expression", "Smiling"),
        ("Things worn", "Eyeglasses"),
        ("Hair", "Bangs"),
        ("Hair", "Bald"),
        ("Picture", "Blurry"),
        ("Others", "Own"),
    ]


def test_every_attribute_of_celeba_has_its_group():
    members = [attribute for group in GROUPS.values() for attribute in group]
    assert sorted(members) == sorted(ATTRIBUTES)
