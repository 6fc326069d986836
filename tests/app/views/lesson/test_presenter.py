"""The address switches presenter mode on and off, and each chapter's steps are containers of their own."""

import pytest

from app.views.lesson import presenter
from tests.app.views.lesson.test_contents import chapter

pytestmark = pytest.mark.usefixtures("tiny_models")


@pytest.mark.parametrize(("said", "step"), [("3", 2), ("last", presenter.LAST), ("-1", 0), ("many", 0), ("1000", 0)])
def test_the_address_says_which_step_is_shown(said: str, step: int):
    opened = chapter("onward", present=said)
    assert opened.session_state[presenter.SHOWN] == ("onward", step)
    assert opened.query_params["present"] == ("last" if step == presenter.LAST else str(step + 1))


def test_without_it_the_lesson_is_as_ever_and_the_button_starts_at_the_first_step():
    opened = chapter("onward")
    assert opened.session_state[presenter.SHOWN] is None
    assert "present" not in opened.query_params
    next(button for button in opened.button if button.label == "Present").click().run()
    assert opened.session_state[presenter.SHOWN] == ("onward", 0)
    assert opened.query_params["present"] == "1"


def test_another_chapter_begins_at_its_first_step_and_a_fresh_start_stays_in_the_mode():
    opened = chapter("dataset", present="3")
    next(button for button in opened.button if button.label == "Next").click().run()
    assert opened.session_state[presenter.SHOWN] == ("training", 0)
    assert opened.query_params["present"] == "1"
    next(button for button in opened.button if button.label == "Start this chapter anew").click().run()
    assert opened.session_state[presenter.SHOWN] == ("training", 0)
