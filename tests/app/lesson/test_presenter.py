"""The address switches presenter mode on and off, and each chapter's steps are containers of their own."""

import pytest
from streamlit.testing.v1 import AppTest

from app import cache
from app.lesson import presenter
from app.views import lesson
from tests.app.small_models import small_model

PAGE = "from app.views import lesson\nlesson.render()\n"


@pytest.fixture(autouse=True)
def tiny_models(monkeypatch) -> None:
    models = {name: small_model(name) for name in ("ae", "vae")}
    monkeypatch.setattr(lesson, "open_all", lambda: (models, []))
    monkeypatch.setattr(cache, "_decoder_file", lambda folder, sha256: None)


def page(**params: str) -> AppTest:
    opened = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in params.items():
        opened.query_params[name] = value
    opened.run()
    assert not opened.exception
    return opened


@pytest.mark.parametrize(("said", "step"), [("3", 2), ("last", presenter.LAST), ("-1", 0), ("many", 0), ("1000", 0)])
def test_the_address_says_which_step_is_shown(said: str, step: int):
    opened = page(chapter="onward", present=said)
    assert opened.session_state[presenter.SHOWN] == ("onward", step)
    assert opened.query_params["present"] == ("last" if step == presenter.LAST else str(step + 1))


def test_without_it_the_lesson_is_as_ever_and_the_button_starts_at_the_first_step():
    opened = page(chapter="onward")
    assert opened.session_state[presenter.SHOWN] is None
    assert "present" not in opened.query_params
    next(button for button in opened.button if button.label == "Present").click().run()
    assert opened.session_state[presenter.SHOWN] == ("onward", 0)
    assert opened.query_params["present"] == "1"


def test_another_chapter_begins_at_its_first_step_and_a_fresh_start_stays_in_the_mode():
    opened = page(chapter="dataset", present="3")
    next(button for button in opened.button if button.label == "Next").click().run()
    assert opened.session_state[presenter.SHOWN] == ("training", 0)
    assert opened.query_params["present"] == "1"
    next(button for button in opened.button if button.label == "Start this chapter anew").click().run()
    assert opened.session_state[presenter.SHOWN] == ("training", 0)
