from dataclasses import replace

import numpy as np

from app.session.current import random_face
from app.session.point import Point
from tests.app.small_models import small_model


def part_of(model, rows):
    """The same model with an atlas of some of its faces."""
    a = model.atlas
    logvar = None if a.logvar is None else a.logvar[rows]
    small = replace(a, image=a.image[rows], partition=a.partition[rows], scores=a.scores[rows], mu=a.mu[rows],
                    logvar=logvar, xy=a.xy[rows])  # fmt: skip
    return replace(model, atlas=small)


def test_a_face_is_the_same_picture_in_atlases_that_list_different_ones():
    whole = small_model("vae")
    small = part_of(whole, np.arange(100, 140))
    face = Point(image=int(whole.atlas.image[120]))
    assert (face.row(whole), face.row(small)) == (120, 20)
    assert np.array_equal(face.z(whole), face.z(small))
    assert np.array_equal(face.logvar(whole), face.logvar(small))
    assert face.name(whole) == face.name(small) == f"Face {whole.atlas.image[120]}"
    assert face.origin(small) == {"kind": "face", "image": int(whole.atlas.image[120])}


def test_a_face_that_an_atlas_does_not_hold_is_unknown_there():
    whole = small_model("vae")
    small = part_of(whole, np.arange(100, 140))
    face = Point(image=int(whole.atlas.image[7]))
    assert face.row(small) is None
    assert face.z(small) is None
    assert face.logvar(small) is None
    assert face.origin(small) == {}
    assert Point().row(small) == 0
    assert Point().name(small) == f"Face {small.atlas.image[0]}"
    assert random_face(small).row(small) is not None
    assert face.row(replace(whole, atlas=None)) is None
