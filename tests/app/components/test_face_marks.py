import numpy as np
import pytest

from app.components.face_marks import resting_marks, unpack_marks


def test_marks_of_this_photo_are_taken_and_kept_inside_it():
    found = unpack_marks({"photo": "a", "places": [[-5, 3], [7.5, 900], [1, 2]]}, "a", (100, 80))
    assert found.dtype == np.float32
    assert found.tolist() == [[0, 3], [7.5, 79], [1, 2]]


@pytest.mark.parametrize(
    "value",
    [None, 7, {}, {"photo": "b", "places": [[0, 0]] * 3}, {"photo": "a", "places": [[0, 0]] * 2}]
    + [{"photo": "a", "places": places} for places in ("x", None, [["a", "b"]] * 3, [[1, float("nan")]] * 3)],
)
def test_anything_else_from_a_browser_is_ignored(value):
    assert unpack_marks(value, "a", (100, 80)) is None


@pytest.mark.parametrize("size", [(400, 300), (300, 4000), (24, 24)])
def test_resting_marks_lie_inside_like_a_face(size):
    left, right, mouth = resting_marks(size)
    assert left[1] == right[1] < mouth[1]
    assert left[0] < mouth[0] < right[0]
    assert (resting_marks(size) > 0).all()
    assert (resting_marks(size) < size).all()
