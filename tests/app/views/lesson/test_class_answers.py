"""A class answers together: counted without names, shown by the teacher, and nothing of it outside of a class."""

import pytest
from streamlit.testing.v1 import AppTest

from app.server import class_store
from app.server.class_room import Room
from app.texts import CHOSEN, speaking
from app.views.lesson import class_answers
from tests.app.views.lesson.test_contents import PAGE, chapter, texts
from tests.conftest import PATIENCE

pytestmark = pytest.mark.usefixtures("tiny_models")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(class_answers, "is_open", lambda: True)
    monkeypatch.setattr(class_answers, "room", lambda: room)
    return room


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether who looks is the teacher; change it between the visits of one and of the others."""
    who = [False]
    monkeypatch.setattr(class_answers, "is_owner", lambda: who[0])
    return who


def guess(page: AppTest, option: int) -> AppTest:
    return page.radio[0].set_value(page.radio[0].options[option]).run()


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def test_students_guesses_are_counted_and_seen_by_all_once_the_teacher_shows_them(room, teacher):
    students = [guess(chapter("reparametrisation"), option) for option in (2, 2, 0)]
    guess(students[2], 2)  # thought better of it
    assert "What the class said" not in texts(students[0])
    teacher[0] = True
    page = guess(chapter("reparametrisation"), 1)
    assert "3 answers of the class so far." in texts(page)
    press(page, "Show what the class said")
    assert "**What the class said** (3 answers)" in texts(page)
    teacher[0] = False
    assert "**What the class said** (3 answers)" in texts(students[0].run())
    assert not [button for button in students[0].button if button.label in ("Hide the answers", "Count anew")]
    teacher[0] = True
    press(page, "Count anew")
    assert "Nobody of the class has answered yet." in texts(page)


def test_outside_of_a_class_nothing_is_counted(room, teacher, monkeypatch):
    monkeypatch.setattr(class_answers, "is_open", lambda: False)
    guess(chapter("reparametrisation"), 2)
    assert not room._store.all()


def test_a_class_that_reads_two_languages_is_counted_together(room, teacher):
    guess(chapter("reparametrisation"), 2)
    german = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    german.query_params["chapter"] = "reparametrisation"
    german.session_state[CHOSEN] = "de"
    with speaking("de"):  # where the test itself reads the labels
        assert guess(german.run(), 2).title[0].value == "Der Reparametrisierungstrick"
    assert [len(document["given"]) for document in room._store.all().values()] == [2]


def test_the_teacher_alone_hears_that_the_servers_cannot_reach_their_store(room, teacher, monkeypatch):
    monkeypatch.setattr(Room, "problem", class_store.PROBLEM)
    assert class_store.PROBLEM not in [one.value for one in guess(chapter("reparametrisation"), 2).warning]
    teacher[0] = True
    page = chapter("reparametrisation")
    assert class_store.PROBLEM in [one.value for one in page.warning]
    assert "1 answer of the class so far." in texts(page)
