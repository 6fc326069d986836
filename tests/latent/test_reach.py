import numpy as np
import pytest

from latent.attribute_axes import attribute_axes, attribute_bank, edit_bank
from latent.directions import Mark
from latent.reach import with_reach
from tests.latent.test_attribute_axes import NAMES, labelled_atlas


def measured(axes, **changed):
    length = float(np.linalg.norm(axes["Eyeglasses"].vector))
    told = {"length": round(length, 4), "faces": 80, "moved": [1.33, 2.6], "placed": [1.1, None]}
    return {"by_attribute": {"Eyeglasses": told | changed}}


def sliders(bank):
    return {direction.name: direction for direction in bank.directions}


def test_sliders_show_where_an_attribute_is_seen_and_reach_as_far_without_a_new_meaning_of_their_weights():
    plain = attribute_axes(labelled_atlas())
    axes = with_reach(plain, measured(plain))
    before, after = (sliders(attribute_bank(found, NAMES))["Eyeglasses"] for found in (plain, axes))
    assert after.marks == (Mark(1.33, "50 %"), Mark(2.6, "90 %"))
    assert (before.low, before.high) == (-2, 2)
    assert (after.low, after.high) == (-2, 3)
    assert "50 % at +1.33 and 90 % at +2.60" in after.hint
    assert np.array_equal(after.offset(1.5), before.offset(1.5))  # a link's weight stays what it was
    assert sliders(attribute_bank(axes, NAMES))["Smiling"].marks == ()


def test_an_edit_slider_has_the_marks_of_its_own_scale_and_none_along_another_direction():
    plain = attribute_axes(labelled_atlas())
    axes = with_reach(plain, measured(plain))
    z = np.zeros(4, np.float32)
    assert sliders(edit_bank(axes, NAMES, z)[0])["Eyeglasses"].marks == (Mark(1.1, "50 %"),)
    assert sliders(edit_bank(axes, NAMES, z, ["Smiling"])[0])["Eyeglasses"].marks == ()


@pytest.mark.parametrize(
    "changed", [{"length": 9.0}, {"length": None}, {"moved": "far"}, {"moved": [float("nan"), True]}, {"moved": 3}]
)
def test_what_was_measured_along_another_direction_or_makes_no_sense_marks_nothing(changed):
    plain = attribute_axes(labelled_atlas())
    assert with_reach(plain, measured(plain, **changed))["Eyeglasses"].moved == ()


@pytest.mark.parametrize("content", [{}, {"by_attribute": []}, {"by_attribute": {"Eyeglasses": 1}}])
def test_a_damaged_file_marks_nothing(content):
    plain = attribute_axes(labelled_atlas())
    assert all(axis.moved == axis.placed == () for axis in with_reach(plain, content).values())
