"""Directions are kept by name, leave as files and come back: the same slider, the same pixels."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.checkpoints.decoding import decode
from app.views.edit.direction_files import MOST, keep, kept_directions
from app.views.edit.own_direction import own_bank
from latent.attribute_axes import edit_bank
from latent.direction_file import direction_bytes, read_direction
from latent.directions import Direction
from tests.app.small_models import NAMES, small_model
from tests.conftest import PATIENCE


@pytest.fixture
def model(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    return small_model("vae")


def test_a_slider_with_something_held_still_moves_the_same_pixels_after_a_file(model):
    z = model.posterior.mean
    bank, _ = edit_bank(model.axes, NAMES, z, ["Smiling"])
    glasses = next(one for one in bank.directions if one.name == "Eyeglasses")
    taken_in = keep(model, read_direction(direction_bytes(glasses, model.sha256), 6, model.sha256), "Mine")
    assert (taken_in.vector == glasses.vector).all()
    before = decode(model, (z + glasses.offset(glasses.start + 0.7)).astype(np.float32)[None])
    assert (decode(model, (z + taken_in.offset(0.7)).astype(np.float32)[None]) == before).all()
    assert taken_in.low <= 0 <= taken_in.high
    (slider,) = own_bank(model).directions
    assert slider.name == "Mine"


def test_the_same_direction_is_kept_once_and_twenty_are_the_most(model):
    vectors = np.random.default_rng(0).standard_normal((MOST + 1, 6)).astype(np.float32)
    for name in ("First", "Second"):
        keep(model, Direction("", "x", vectors[0]), name)
    assert [one.name for one in kept_directions(model)] == ["Second"]
    kept = [keep(model, Direction("", "x", vector), f"{i}") for i, vector in enumerate(vectors[1:])]
    assert [one is None for one in kept] == [False] * (MOST - 1) + [True]
    assert own_bank(small_model("ae")) is None  # other weights


def _page() -> None:
    from app.views.edit.direction_files import direction_files
    from tests.app.small_models import small_model

    model = small_model("vae")
    direction_files(model, model.banks[0].directions)


def test_what_is_kept_can_be_removed_on_the_page():
    page = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    page.text_input[0].set_value("My own").run()
    page.button(key="keep direction").click().run()
    assert not page.exception
    assert "My own" in [text.value for text in page.markdown]
    (remove,) = [button for button in page.button if button.label == "Remove"]
    remove.click().run()
    assert "My own" not in [text.value for text in page.markdown]
