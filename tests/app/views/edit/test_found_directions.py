"""Directions that nobody named: looked for on the page, judged, kept as sliders, saved and read back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.checkpoints.beforehand import writing
from app.checkpoints.classifiers import classifier
from app.checkpoints.decoding import decode, drawing_network
from app.checkpoints.discovery import find_checkpoints
from app.checkpoints.opening import open_model
from app.views.edit import found_directions
from app.views.edit.found_directions import COUNT, _faces, find, look_for, table_of, words
from evaluation.found_directions import Judged, judge
from latent.code_table import csv_bytes
from latent.direction_file import direction_bytes, read_direction
from latent.directions import Direction
from tests.app.small_models import small_model
from tests.conftest import PATIENCE


def test_the_jacobian_s_directions_change_the_picture_in_their_order():
    model, told = small_model(), []
    found = find(model, "change", told.append)
    assert len(found) == min(COUNT, 6)
    assert told[-1] == 1.0
    unit = [one.vector / np.linalg.norm(one.vector / model.posterior.sd) for one in found]
    changes = [
        np.mean([(decode(model, (z + s * way)[None]).astype(float) - decode(model, z[None])) ** 2
                 for z in _faces(model) for s in (-0.5, 0.5)])
        for way in (unit[0], unit[-1])
    ]  # fmt: skip
    assert changes[0] > changes[1]


def test_what_was_found_beforehand_is_read_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = small_model()
    model = replace(model, files=replace(model.files, folder=tmp_path))
    with writing():
        first = look_for(model, "independent", lambda share, doing: None)
    monkeypatch.setattr(found_directions, "find", Mock(side_effect=AssertionError))
    again = look_for(model, "independent", Mock(side_effect=AssertionError))
    assert [(one.change, one.moved) for one in again] == [(one.change, one.moved) for one in first]
    for one, other in zip(first, again, strict=True):
        assert (one.direction.key, one.direction.name) == (other.direction.key, other.direction.name)
        np.testing.assert_array_equal(one.direction.vector, other.direction.vector)
        assert other.direction.vector.dtype == np.float32


@pytest.mark.slow  # the Jacobian's thousand pictures
def test_what_changes_the_shipped_vae_s_picture_most_changes_it_more_than_any_other_way_and_survives_a_file():
    model, told = open_model(find_checkpoints()[0]["vae"]), []
    reader = classifier()
    assert reader is not None
    found = find(model, "change", told.append)
    assert (len(found), told[-1]) == (COUNT, 1.0)
    covariance, random = model.posterior.covariance, np.random.default_rng(0)
    others = []
    for number in range(10):  # each as long as one standard deviation of the codes along it, as those that were found
        way = random.standard_normal(model.config.latent_dim)
        unit = way / np.linalg.norm(way)
        length = 1 / np.sqrt(unit @ np.linalg.solve(covariance, unit))
        others.append(Direction(f"random-{number}", "Random", (length * unit).astype(np.float32)))
    network, faces = drawing_network(model), _faces(model)
    judged, beside = judge(network, reader, found, faces), judge(network, reader, others, faces)
    assert judged[0].change > 1.5 * beside[0].change
    assert len({tuple(one.moved) for one in judged}) > 1  # each has its own leakage
    best, z = judged[0].direction, faces[:1]
    back = read_direction(direction_bytes(best, model.sha256), model.config.latent_dim, model.sha256)
    moved = decode(model, z + best.offset(1.5))
    assert (decode(model, z + back.offset(1.5)) == moved).all()
    assert (moved != decode(model, z)).any()


def test_a_found_direction_moves_the_same_pixels_after_a_file_and_a_table():
    model = small_model()
    found = find(model, "independent", lambda share: None)
    judged = [Judged(one, 10.0, {"Smiling": -0.4, "Male": 0.2}) for one in found]
    back = read_direction(direction_bytes(found[0], model.sha256), 6, model.sha256)
    z = model.posterior.mean
    before = decode(model, (z + found[0].offset(2.0))[None])
    assert (decode(model, (z + back.offset(2.0))[None]) == before).all()
    assert (before != decode(model, z[None])).any()
    table = pd.read_csv(io.BytesIO(csv_bytes(table_of(judged, model))))
    assert (table[[f"z{i}" for i in range(6)]].to_numpy(np.float32) == [one.vector for one in found]).all()
    assert table["moved"][0] == "Smiling:-0.400 Male:+0.200"


def test_what_comes_along_is_said_in_a_line():
    one = Direction("independent-1", "Independent 1", np.ones(6, np.float32))
    moved = {"Smiling": -0.4, "Male": 0.2, "Bald": 0.15, "Bangs": 0.1}
    told = words(Judged(one, 10.4, moved))
    assert told == (
        "changes a pixel by 10 of 255; moves 4 attributes: Smiling \N{MINUS SIGN}40, Male +20, Bald +15, \u2026"
    )
    assert "moves no attribute" in words(Judged(one, 3.0, {}))


def _page() -> None:
    import json

    import streamlit as st

    from app.views.edit import found_directions as page
    from app.views.edit.own_direction import own_bank
    from models.classifier import AttributeClassifier
    from models.config import ModelConfig
    from tests.app.small_models import small_model

    page.classifier = lambda: AttributeClassifier(  # type: ignore[assignment]
        ModelConfig("classifier", image_size=64, latent_dim=40, width=2)
    ).eval()
    model = small_model()
    make = page.found_directions(model, model.posterior.mean)
    own = own_bank(model)
    st.code(json.dumps([one.name for one in own.directions] if own else []))
    if make is not None:
        make()


def test_they_are_found_on_the_page_and_kept_under_a_name_as_a_slider():
    st.cache_resource.clear()
    page = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    page.radio(key="found method").set_value("independent").run()
    page.button(key="find independent").click().run()
    assert not page.exception
    names = [box.value for box in page.text_input]
    assert sorted(names) == [f"Independent part {rank}" for rank in range(1, 7)]
    page.text_input[2].set_value("Mine").run()
    page.button(key=f"keep found {page.text_input[2].key.split()[2]}").click().run()
    assert not page.exception
    assert json.loads(page.code[0].value) == ["Mine"]


def _page_of_two() -> None:
    import streamlit as st

    from app.views.edit import found_directions as page
    from evaluation.found_directions import Judged
    from latent.directions import Direction
    from models.classifier import AttributeClassifier
    from models.config import ModelConfig
    from tests.app.small_models import small_model

    page.classifier = lambda: AttributeClassifier(  # type: ignore[assignment]
        ModelConfig("classifier", image_size=64, latent_dim=40, width=2)
    )
    model = small_model()
    mixed, pure = (Direction(f"independent-{rank}", f"Independent {rank}", model.posterior.sd) for rank in (1, 2))
    found = [Judged(mixed, 20.0, {"Smiling": 0.3, "Male": 0.2}), Judged(pure, 8.0, {"Bald": 0.4})]
    page._kept = lambda: {(model.drawing, "independent"): found}
    st.session_state.setdefault(page.METHOD, "independent")
    st.session_state.setdefault(page.SHOWN, True)
    page.found_directions(model, model.posterior.mean)


def test_they_are_ranked_by_how_much_they_change_or_by_how_few_attributes_they_move():
    page = AppTest.from_function(_page_of_two, default_timeout=PATIENCE).run()
    assert not page.exception
    mixed = "**Independent part 1**: changes a pixel by 20 of 255; moves 2 attributes: Smiling +30, Male +20"
    pure = "**Independent part 2**: changes a pixel by 8 of 255; moves 1 attribute: Bald +40"

    def told() -> list[str]:
        return [line.value for line in page.markdown if "changes a pixel" in line.value]

    assert told() == [mixed, pure]
    page.radio(key="found order").set_value("Fewest attributes first").run()
    assert told() == [pure, mixed]
