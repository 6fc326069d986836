import gc
import io
import weakref

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from app.paths import PORTRAIT
from app.session.current import current_point, previous_point, set_point
from app.session.photos import File, Photo, Upload
from app.session.point import Point
from app.views.your_face import tray as photo_tray
from faces.photo import PhotoError


@pytest.fixture(autouse=True)
def session(monkeypatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def upload(key: str = "upload-1") -> Upload:
    photo = Photo("me", {(64, "celeba"): np.zeros((64, 64, 3), np.uint8)}, {"m": np.zeros(4, np.float32)}, source=key)
    return Upload(key, "me", bytes(1000), (40, 40), b"", photo=photo)


def test_a_removed_photo_is_freed_with_all_that_was_made_from_it():
    one = upload()
    moved = Photo("me", source=one.key)  # the same upload at other marks, current on another page
    photo_tray.keep(one)
    set_point(Point(photo=one.photo))
    set_point(Point(photo=moved))
    parts = (one, one.photo, one.photo.crops[64, "celeba"], one.photo.latents["m"], moved)
    watched = [weakref.ref(part) for part in parts]
    del one, moved, parts
    gc.collect()
    assert all(ref() is not None for ref in watched)
    photo_tray.remove("upload-1")
    gc.collect()
    assert [ref() for ref in watched] == [None] * 5
    assert current_point() == Point()
    assert previous_point() is None


def test_the_latest_photo_is_current_and_removing_it_goes_back_to_one_before(session):
    for key in ("a", "b", "c"):
        photo_tray.keep(upload(key))
    assert session[photo_tray.CURRENT] == "c"
    photo_tray.remove("a")
    assert session[photo_tray.CURRENT] == "c"
    photo_tray.remove("c")
    assert session[photo_tray.CURRENT] == "b"
    photo_tray.remove("b")
    assert session[photo_tray.CURRENT] is None


def test_points_of_other_photos_stay():
    other = upload("b")
    set_point(Point(photo=other.photo))
    photo_tray.remove("a")
    assert current_point().photo is other.photo


def test_the_other_photos_with_a_face_can_be_compared():
    faceless = Upload("none", "tree", b"", (40, 40), b"")
    for one in (upload("a"), faceless, upload("b")):
        photo_tray.keep(one)
    assert [other.key for other in photo_tray.others(photo_tray.uploads()["a"])] == ["b"]


def test_a_file_that_cannot_be_used_is_named_in_a_sentence(monkeypatch):
    def fail(*_):
        raise PhotoError("the file is empty.")

    monkeypatch.setattr(photo_tray, "take_in", fail)
    assert photo_tray._take(File("*me*.jpg", b""), {}) == "me.jpg: the file is empty."


def test_there_is_an_end_to_how_many_photos_are_kept(monkeypatch):
    monkeypatch.setattr(photo_tray, "take_in", lambda name, data, models: upload(name))
    said = [photo_tray._take(File(str(i), b""), {}) for i in range(photo_tray.MOST + 1)]
    assert said[:-1] == [None] * photo_tray.MOST
    assert "Remove one first" in said[-1]


def test_the_portrait_is_taken_once(session, monkeypatch):
    photo_tray._add_portrait()
    assert [(file.name, file.data) for file in session[photo_tray.INCOMING]] == [
        (photo_tray.PORTRAIT_NAME, PORTRAIT.read_bytes())
    ]
    session[photo_tray.INCOMING].clear()
    there = upload("p")
    photo_tray.keep(Upload("p", photo_tray.PORTRAIT_NAME, b"", (4, 4), b"", photo=there.photo))
    photo_tray.keep(upload("q"))
    photo_tray._add_portrait()
    assert session[photo_tray.INCOMING] == []
    assert session[photo_tray.CURRENT] == "p"


def test_the_thumbnail_of_a_photo_without_a_face_is_its_middle():
    picture = Image.new("RGB", (120, 40), "red")
    picture.paste("blue", (40, 0, 80, 40))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    small = photo_tray._small(Upload("x", "x", b"", (120, 40), buffer.getvalue()))
    assert small.shape == (72, 72, 3)
    assert small[36, 36].tolist() == [0, 0, 255]
