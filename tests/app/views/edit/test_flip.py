"""The smallest change that flips a reading, on *Edit*: what is said, shown and taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.session.current import POINT
from app.texts import speaking
from app.views.edit.flip import FOUND, sentences
from evaluation.flip import Flip
from tests.app.small_models import small_model
from tests.conftest import PATIENCE

MODEL = small_model("vae")
Z = np.arange(6, dtype=np.float32)
FLIP = Flip("Smiling", Z, 1.5, 0.12, 0.51, (0.1, 0.6), {"Mouth_Slightly_Open": 0.31, "Young": -0.12}, 3.0)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    for module in ("app.session.vividness", "app.controls.pad", "app.controls.shelf_panel"):
        monkeypatch.setattr(f"{module}.open_all", lambda: ({"vae": MODEL}, []))
    return AppTest.from_string("from app.views.edit.page import render\nrender()", default_timeout=PATIENCE).run()


def said(page: AppTest) -> str:
    return " ".join(one.value for kind in (page.markdown, page.info) for one in kind)


def test_what_was_found_is_shown_and_becomes_the_current_face(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def found(
        _network: object, _classifiers: object, start: np.ndarray, column: int, *_args: object, **more: Any
    ) -> Flip:
        more["progress"](0.5)
        asked.update(start=start, column=column)
        return FLIP

    monkeypatch.setattr("app.views.edit.flip.flip", found)
    assert not page.exception
    page.button("flip").click().run()
    assert not page.exception
    assert MODEL.atlas is not None
    np.testing.assert_array_equal(asked["start"], MODEL.atlas.mu[0].astype(np.float32))
    assert asked["column"] == 31  # Smiling
    assert "reads 10\N{NO-BREAK SPACE}% before and 60\N{NO-BREAK SPACE}% after" in said(page)
    page.button("take flip").click().run()
    assert not page.exception
    point = page.session_state[POINT]
    np.testing.assert_array_equal(point.z(MODEL), Z)
    assert point.kept.name == "Face 1, Smiling flipped"
    assert not point.private
    assert "reads 10\N{NO-BREAK SPACE}% before" not in said(page)  # that was another face


def test_where_nothing_flips_it_one_sentence_says_so(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.edit.flip.flip", lambda *_args, **_more: None)
    page.button("flip").click().run()
    assert not page.exception
    assert "No change was found that flips \u201cSmiling\u201d for this face." in said(page)
    assert not [button for button in page.button if button.key == "take flip"]


def test_cancel_leaves_the_page_as_it_was(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_args: object, **_more: object) -> None:
        raise InterruptedError  # as a press on Cancel ends the run

    monkeypatch.setattr("app.views.edit.flip.flip", cancelled)
    page.button("flip").click().run()
    page.button("cancel flip").click().run()
    assert not page.exception
    assert FOUND not in page.session_state
    assert page.button("flip")


def test_without_the_classifiers_or_a_slope_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, page: AppTest
) -> None:
    monkeypatch.setattr("app.views.edit.flip.both_are_there", lambda: False)
    page.run()
    assert "This needs both classifiers" in said(page)
    monkeypatch.setattr("app.views.edit.flip.ForeignConfig", object)
    page.run()
    assert "This model came as a finished program" in said(page)


def test_a_change_is_said_in_words_that_need_no_unit() -> None:
    with speaking("en"):
        words = " ".join(sentences(FLIP, 6.0))
        assert "The change is 25\N{NO-BREAK SPACE}% as long as two faces chosen at random usually are apart." in words
        assert "alone it would take 50\N{NO-BREAK SPACE}%" in words
        assert "reads 10\N{NO-BREAK SPACE}% before and 60\N{NO-BREAK SPACE}% after." in words
        assert "Mouth slightly open +31\N{NO-BREAK SPACE}%, Young \N{MINUS SIGN}12\N{NO-BREAK SPACE}%" in words
        deceived = " ".join(sentences(replace(FLIP, judged=(0.1, 0.2), moved={}, along=None), 6.0))
        assert "only deceives the first one" in deceived
        assert "alone, nothing flips it" in deceived
        assert "nothing else change" in deceived
