"""The faces that *Morph* begins with."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.checkpoints.classifiers import read_faces
from app.checkpoints.discovery import find_checkpoints
from app.checkpoints.opening import open_model
from app.session.point import Point
from app.views.morph.faces import ANALOGY, SLOTS, first_faces
from latent.paths import analogy
from models.data.attributes import ATTRIBUTES
from tests.app.small_models import small_model
from tests.conftest import PATIENCE

GLASSES = ATTRIBUTES.index("Eyeglasses")


def test_a_way_begins_at_the_current_face_and_an_analogy_ends_with_it():
    model, current = small_model(), Point(image=7)
    assert first_faces(model, current, SLOTS)[0] is current
    assert len(first_faces(model, current, SLOTS)) >= 4
    assert first_faces(model, current, ANALOGY)[2] is current
    assert len(first_faces(model, current, ANALOGY)) >= 4


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_the_first_analogy_gives_most_other_held_out_faces_glasses(name):
    model = open_model(find_checkpoints()[0][name])
    atlas = model.atlas
    assert atlas is not None
    without, with_it = (face.z(model) for face in first_faces(model, Point(), ANALOGY)[:2])
    rows = np.flatnonzero((atlas.partition == 2) & (atlas.scores[:, GLASSES] < 64))[:100]
    answers = [analogy(without, with_it, z) for z in atlas.mu[rows].astype(np.float32)]
    read = read_faces(model, np.stack(answers))
    assert read is not None
    assert (read[:, GLASSES] > 0.5).mean() > 0.6


@pytest.mark.parametrize(("show", "asked"), [("way", []), ("analogy", [2, 5])])
def test_an_analogy_takes_the_faces_of_a_link_to_one_and_not_those_of_a_way(show, asked, monkeypatch):
    models = {name: small_model(name) for name in ("ae", "vae")}
    for module in ("app.session.vividness", "app.controls.pad", "app.controls.shelf_panel"):
        monkeypatch.setattr(f"{module}.open_all", lambda: (dict(models), []))
    images = models["ae"].atlas.image
    page = AppTest.from_string("from app.views.morph.page import render\nrender()", default_timeout=PATIENCE)
    page.query_params["show"], page.query_params["faces"] = show, ",".join(f"face:{images[row]}" for row in (2, 5, 2))
    page.session_state["morph_show"] = "analogy"  # pressed, or said by the link
    page.run()
    assert not page.exception
    faces = [face.image for face in page.session_state[ANALOGY]]
    expected = first_faces(models["ae"], Point(), ANALOGY)
    assert faces[:2] == ([images[row] for row in asked] or [face.image for face in expected[:2]])
