"""The map in a notebook, as Python sees it."""

from __future__ import annotations

import base64
from typing import get_type_hints

import numpy as np
import pytest

from app.components.atlas_map import (
    AttributeColouring,
    DensityColouring,
    MapModel,
    map_message,
    publish_atlas,
    value_colouring,
)
from app.components.atlas_map.message import MapMessage
from facespace.widgets import Map


@pytest.fixture(scope="module")
def faces(vae) -> Map:
    return Map(vae, "density")


def test_the_browser_is_told_what_the_app_would_tell_it(vae, faces):
    atlas = vae.atlas
    arrays = {
        "xy": atlas.xy,
        "mu": atlas.mu,
        "image": atlas.image,
        "partition": atlas.partition,
        "scores": atlas.scores,
    }
    numbers = np.arange(len(atlas)) % 100
    column = atlas.attributes.index("Smiling")
    wanted = {
        "density": DensityColouring(),
        "Smiling": AttributeColouring("Smiling", column),
        "numbers": value_colouring("Your numbers", numbers),
    }
    for colour, colouring in wanted.items():
        faces.colour = numbers if colour == "numbers" else colour
        theirs = map_message(
            key="map", model=MapModel("vae", "vae", None), source=publish_atlas(**arrays), colouring=colouring
        )
        mine = faces.message
        assert mine.keys() == theirs.keys() == get_type_hints(MapMessage).keys()
        assert {**mine["colouring"], "url": None} == {**theirs["colouring"], "url": None}
        assert mine["source"].keys() == theirs["source"].keys()
    assert faces._files[faces.message["source"]["latents"]] == atlas.mu.tobytes()


def test_what_was_lassoed_and_clicked_comes_back(vae, faces):
    told = []
    faces.observe(lambda change: told.append(change["new"]), "selected")
    mask = np.zeros(len(vae.atlas), np.uint8)
    mask[[3, 8, 25_999]] = 1
    rows = base64.b64encode(np.packbits(mask, bitorder="little")).decode()
    faces.said = {"what": "selected", "value": {"points": len(mask), "rows": rows, "filter": ""}}
    assert faces.selected.tolist() == [3, 8, 25_999]
    assert len(told) == 1
    faces.said = {"what": "selected", "value": {"points": 5, "rows": "Hw==", "filter": ""}}  # of another map
    assert faces.selected.tolist() == [3, 8, 25_999]
    faces.said = {"what": "clicked", "value": 7}
    faces.said = {"what": "clicked", "value": 26_000}
    assert faces.clicked == 7


def test_the_marker_stands_at_a_row_or_at_a_code(vae, faces):
    faces.current = 4
    assert faces.message["point"] == {"id": "row 4", "row": 4}
    faces.current = vae.atlas.mu[4]
    np.testing.assert_array_equal(np.float32(faces.message["point"]["z"]), vae.atlas.mu[4].astype(np.float32))
    faces.current = None
    assert faces.message["point"] is None


def test_an_atlas_alone_is_a_map_without_faces(vae):
    assert Map(vae.atlas).message["decoderUrl"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda faces: setattr(faces, "colour", "mood"), "no colouring 'mood'"),
        (lambda faces: setattr(faces, "colour", [1.0, 2.0]), "one finite number for each of 26,000 faces"),
        (lambda faces: setattr(faces, "current", 26_000), "no row 26000"),
        (lambda faces: setattr(faces, "current", np.zeros(3)), "a code of 128 numbers"),
    ],
)
def test_what_cannot_be_shown_is_said(faces, change, said):
    with pytest.raises(ValueError, match=said):
        change(faces)
