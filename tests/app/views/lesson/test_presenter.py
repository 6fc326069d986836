"""The address switches presenter mode on and off, and each chapter's steps are containers of their own."""

import pytest

from app.session.remembered import BY_ADDRESS
from app.views.lesson import presenter
from tests.app.views.lesson.test_contents import SPOILED, chapter, texts

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


@pytest.mark.parametrize("key", SPOILED)
def test_who_goes_on_behind_the_question_sees_what_it_covered(key: str):
    opened = chapter(key, present="1")
    assert "would give the answer away" in texts(opened)
    covered = opened.session_state[presenter.COVERED]
    assert "would give the answer away" in texts(chapter(key, present=str(covered[1])))  # the question's own step
    assert "would give the answer away" not in texts(chapter(key, present=str(covered[1] + 1)))


def test_a_press_while_the_page_still_follows_its_address_is_not_lost():
    opened = chapter("onward")
    opened.session_state[BY_ADDRESS] = True  # as where the press cut the first run short
    next(button for button in opened.button if button.label == "Present").click().run()
    assert opened.session_state[presenter.SHOWN] == ("onward", 0)
    assert opened.query_params["present"] == "1"
