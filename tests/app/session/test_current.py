from dataclasses import replace

import numpy as np
import streamlit as st
from PIL import Image

from app.session.current import point_in, set_point
from app.session.photos import encode_photo
from app.session.point import Point
from app.views.lesson.inputs import encode
from tests.app.small_models import small_model


def test_the_current_photo_is_encoded_anew_by_a_model_whose_files_have_changed(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    before, after = small_model("vae"), small_model("ae")
    after = replace(after, files=replace(after.files, folder=before.files.folder))  # the same name
    photo = encode_photo({"vae": before}, "me", Image.new("RGB", (178, 218), "gray"))
    set_point(Point(photo=photo))
    point, z = point_in(after)
    assert point.photo is photo
    assert np.allclose(z, encode(after, photo.crop(after.config.view), "").mu, atol=1e-5)
    assert not np.allclose(z, photo.latents[before.identity])
