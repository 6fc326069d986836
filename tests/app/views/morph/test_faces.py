"""The faces that *Morph* begins with."""

import numpy as np
import pytest

from app.checkpoints.classifiers import read_faces
from app.checkpoints.discovery import find_checkpoints
from app.checkpoints.opening import open_model
from app.session.point import Point
from app.views.morph.faces import ANALOGY, SLOTS, first_faces
from latent.paths import analogy
from models.data.attributes import ATTRIBUTES
from tests.app.small_models import small_model

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
    rows = np.flatnonzero((atlas.partition == 2) & (atlas.scores[:, GLASSES] < 64))[:20]
    answers = [analogy(without, with_it, z) for z in atlas.mu[rows].astype(np.float32)]
    read = read_faces(model, np.stack(answers))
    assert read is not None
    assert (read[:, GLASSES] > 0.5).mean() > 0.6
