from dataclasses import replace

import pytest
import streamlit as st
from PIL import Image

from app.session.address import weights_of_link
from app.session.current import current_point, set_point
from app.session.left_faces import DEPTH, Left, forget_left_photos, go_back, is_here, last_left
from app.session.photos import encode_photo
from app.session.point import Point
from tests.app.small_models import small_model

VAE = small_model("vae")


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def show(point: Point, smiling: float = 0.0, model: str = VAE.name) -> Left | None:
    """A pad's run at a point; returns where Undo would lead."""
    left = last_left("pad", model, point)
    is_here("pad", Left(model, point, "attributes", {"smiling": smiling} if smiling else {}))
    return left


def test_undo_leads_to_the_faces_that_were_left_as_their_sliders_stood_one_after_the_other() -> None:
    first, second, third = (Point(image=number) for number in (1, 2, 3))
    assert show(first, 1.5) is None
    assert show(second) == Left(VAE.name, first, "attributes", {"smiling": 1.5})
    show(second, -0.5)
    show(third)
    go_back("pad")
    assert current_point() == second
    assert weights_of_link(second, VAE, "pad") == ("attributes", {"smiling": -0.5})
    assert show(second, -0.5) == Left(VAE.name, first, "attributes", {"smiling": 1.5})
    go_back("pad")
    assert current_point() == first
    assert show(first, 1.5) is None  # going back is not one more face to go back to


def test_each_pad_and_model_has_faces_of_its_own() -> None:
    show(Point(image=1), 1.5)
    show(Point(image=2))
    assert last_left("another pad", VAE.name, Point(image=3)) is None
    assert show(Point(image=2), model="ae") is None
    assert show(Point(image=3), model="ae") == Left("ae", Point(image=2), "attributes", {})


def test_only_so_many_are_kept() -> None:
    for number in range(DEPTH + 5):
        show(Point(image=number))
    for number in reversed(range(4, DEPTH + 4)):
        go_back("pad")
        assert current_point() == Point(image=number)
        left = show(current_point())
    assert left is None


def test_a_photo_that_is_removed_is_not_gone_back_to() -> None:
    photo = encode_photo({"vae": VAE}, "me", Image.new("RGB", (178, 218), "gray"))
    set_point(Point(photo=replace(photo, source="upload-1")))
    show(Point(image=1))
    show(current_point())
    show(Point(image=2))
    forget_left_photos("upload-1")
    assert show(Point(image=2)) == Left(VAE.name, Point(image=1), "attributes", {})
