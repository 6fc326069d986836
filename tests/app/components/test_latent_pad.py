"""What the pad keeps of a hand's doings, without a browser."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from app.components import latent_pad as pad
from app.components.latent_pad import PadInput, PadModel, PadPoint, PadSliders, PadState
from app.components.latent_pad.visits import first_state, left_in_other_models, state_of
from latent.directions import Bank, Direction

VECTOR = np.ones(2, np.float32)
BANKS = [
    Bank("dimensions", "Dimensions", (Direction("dim-0", "Dimension 0", VECTOR),)),
    Bank("attributes", "Attributes", (Direction("smiling", "Smiling", VECTOR),)),
]


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def given(point: str = "p", model: str = "vae", bank: str = "", **weights: float) -> PadInput:
    sliders = PadSliders(BANKS, PadState(bank, weights))
    return PadInput("pad", PadModel(model, None), PadPoint(point, VECTOR), sliders)


def left(visit: str, bank: str, model: str = "vae", **weights: float) -> dict[str, Any]:
    return {"model": model, "point": visit, "bank": bank, "weights": weights}


def test_the_bank_on_screen_stays_at_the_next_point_and_in_the_next_model() -> None:
    visit, state = state_of(given(), None)
    assert (visit, state) == ("p#0", PadState("dimensions", {}))
    word = left(visit, "attributes", smiling=1.5)
    assert state_of(given(), word)[1] == PadState("attributes", {"smiling": 1.5})
    assert state_of(given("q"), word)[1] == PadState("attributes", {})
    assert state_of(given("q", "ae"), word)[1] == PadState("attributes", {})


def test_sliders_that_were_moved_in_another_model_are_known_until_the_point_changes() -> None:
    word = left(state_of(given("v p"), None)[0], "attributes", smiling=1.5)
    state_of(given("v p"), word)
    assert left_in_other_models(given("v p")) == []
    state_of(given("a p", "ae"), word)
    assert left_in_other_models(given("a p", "ae")) == ["vae"]
    state_of(given("a q", "ae"), word)
    assert left_in_other_models(given("a q", "ae")) == []


def test_how_vivid_faces_are_is_told_once_and_only_if_it_makes_sense() -> None:
    word = left(state_of(given(), None)[0], "dimensions") | {"vivid": 0.30000000000000004}
    assert state_of(given(), word)[1].vivid == 0.3
    assert state_of(given(), word)[1].vivid is None  # it was heard: a link or another pad may say otherwise by now
    for nonsense in (None, "1", 1.5, -0.1, float("nan")):
        assert state_of(given(), word | {"vivid": nonsense})[1].vivid is None


def test_a_link_within_the_session_brings_its_bank_and_its_weights() -> None:
    word = left(state_of(given(), None)[0], "attributes")
    state_of(given(), word)
    linked = given("p 1", bank="dimensions", **{"dim-0": 2.0})
    assert state_of(linked, word) == ("p 1#1", PadState("dimensions", {"dim-0": 2.0}))
    assert state_of(linked, word)[1].bank == "dimensions"  # the older word is not news any more
    assert state_of(linked, left("p 1#1", "attributes"))[1] == PadState("attributes", {})  # the hand comes after it


def test_a_link_that_comes_with_the_hands_last_word_wins() -> None:
    visit, _ = state_of(given(), None)
    assert state_of(given("q", bank="dimensions"), left(visit, "attributes"))[1].bank == "dimensions"


def test_a_new_session_believes_what_a_browser_still_has() -> None:
    assert state_of(given(), left("p#0", "attributes", smiling=1.0))[1] == PadState("attributes", {"smiling": 1.0})


def test_a_bank_that_is_not_there_is_the_first_one() -> None:
    assert first_state(given(bank="noise", smiling=9.0)) == ("p#0", PadState("dimensions", {"smiling": 3.0}))
    assert PadSliders([]).bank("noise") == ""


@pytest.mark.parametrize(
    "word", ["nonsense", {"weights": 3}, left("p#0", "attributes") | {"weights": {"smiling": "1"}}]
)
def test_nonsense_from_a_browser_moves_nothing(word: Any) -> None:
    assert state_of(given(), word)[1].weights == {}


def test_ways_that_bend_each_other_are_asked_for_where_the_hand_left_the_sliders(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(pad, "_mount", lambda **given: sent.append(given["data"]))
    asked: list[dict[str, float]] = []

    def bent(weights: dict[str, float]) -> tuple[Any, list[Bank]]:
        asked.append(weights)
        return VECTOR + 1, BANKS

    pad.latent_pad(replace(given(), bent=bent))
    session["pad"] = {"committed": left(sent[-1]["pointId"], "dimensions", **{"dim-0": 0.5})}
    pad.latent_pad(replace(given(), bent=bent))
    resting, moved = sent
    assert asked == [{"dim-0": 0.5}]
    assert (resting["z"], resting["rest"]) == (moved["rest"], None)
    assert np.frombuffer(base64.b64decode(moved["z"]), "<f4") == pytest.approx(VECTOR + 1)
    assert moved["weights"] == {"dim-0": 0.5}
    assert moved["pointId"] == resting["pointId"]
    assert moved["signature"] != resting["signature"]
