from dataclasses import replace

import pytest
import streamlit as st
from PIL import Image

from app.session.address import weights_of_link
from app.session.current import current_point, set_point
from app.session.left_faces import DEPTH, Left, arrive, forget_left_photos, is_here, turn
from app.session.photos import encode_photo
from app.session.point import Point
from tests.app.small_models import small_model

VAE = small_model("vae")


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def show(point: Point, smiling: float = 0.0, model: str = VAE.name) -> tuple[bool, bool]:
    """A pad's run at a point; returns whether Undo and Redo lead elsewhere."""
    ways = arrive("pad", model, point)
    is_here("pad", Left(model, point, "attributes", {"smiling": smiling} if smiling else {}))
    return ways


def turned(to: str) -> tuple[Point, float]:
    """The face that Undo or Redo leads to, and its slider."""
    turn("pad", to)
    weights = weights_of_link(current_point(), VAE, "pad")[1]
    return current_point(), weights.get("smiling", 0.0)


FIRST, SECOND, THIRD = (Point(image=number) for number in (1, 2, 3))


def test_undo_leads_to_the_faces_that_were_left_as_their_sliders_stood_and_redo_comes_again() -> None:
    assert show(FIRST, 1.5) == (False, False)
    assert show(SECOND) == (True, False)
    show(SECOND, -0.5)
    show(THIRD)
    assert turned("back") == (SECOND, -0.5)
    assert show(SECOND, -0.5) == (True, True)
    assert turned("back") == (SECOND, 0.0)  # as it was before its slider was moved
    show(SECOND)
    assert turned("back") == (FIRST, 1.5)
    show(FIRST, 1.5)
    assert turned("back") == (FIRST, 0.0)
    assert show(FIRST) == (False, True)
    for place in ((FIRST, 1.5), (SECOND, 0.0), (SECOND, -0.5), (THIRD, 0.0)):
        assert turned("forward") == place
        ways = show(*place)
    assert ways == (True, False)


def test_who_takes_another_face_after_undo_cannot_redo() -> None:
    show(FIRST)
    show(SECOND)
    turned("back")
    assert show(FIRST) == (False, True)
    assert show(THIRD) == (True, False)


def test_each_pad_and_model_has_faces_of_its_own() -> None:
    show(FIRST, 1.5)
    show(SECOND)
    assert arrive("another pad", VAE.name, THIRD) == (False, False)
    assert show(SECOND, model="ae") == (False, False)
    assert show(THIRD, model="ae") == (True, False)


def test_only_so_many_are_kept() -> None:
    for number in range(DEPTH + 5):
        show(Point(image=number))
    for number in reversed(range(4, DEPTH + 4)):
        assert turned("back") == (Point(image=number), 0.0)
        ways = show(current_point())
    assert ways == (False, True)


def test_a_photo_that_is_removed_is_not_gone_back_to() -> None:
    photo = encode_photo({"vae": VAE}, "me", Image.new("RGB", (178, 218), "gray"))
    set_point(Point(photo=replace(photo, source="upload-1")))
    show(FIRST)
    show(current_point())
    show(SECOND)
    forget_left_photos("upload-1")
    assert show(SECOND) == (True, False)
    assert turned("back") == (FIRST, 0.0)
