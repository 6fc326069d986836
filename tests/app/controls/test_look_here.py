"""*Everyone look here*: students follow once, can go back, and who comes later is left where they are."""

import pytest
from streamlit.testing.v1 import AppTest

from app.controls import look_here
from app.server.class_room import Room
from tests.app.texts.pseudo import pseudo, untranslated
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
APP = """
import streamlit as st
from app.controls.look_here import draw_look_here
from app.session.address import set_address
from app.session.current import current_point
from app.session.pages import PAGES


def body():
    set_address(st.query_params.to_dict())
    st.write("face", st.query_params.get("face", "none"))


st.session_state[PAGES] = {
    "explore": st.Page(body, title="Explore", url_path="explore", default=True),
    "edit": st.Page(lambda: body(), title="Edit", url_path="edit"),
}
page = st.navigation(list(st.session_state[PAGES].values()))
st.caption("at " + (page.url_path or "explore"))
draw_look_here(page.url_path)
page.run()
"""


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(look_here, "room", lambda: room)
    monkeypatch.setattr(look_here.class_network, "is_open", lambda: True)
    monkeypatch.setattr(look_here, "is_owner", lambda: False)
    return room


def visit(**params: str) -> AppTest:
    page = AppTest.from_string(APP, default_timeout=PATIENCE)
    for name, value in params.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def place(page: AppTest) -> tuple[str, object]:
    assert not page.exception
    said = page.query_params.get("face")
    return page.caption[0].value, said[0] if isinstance(said, list) else said


def test_a_student_follows_once_and_goes_back(room):
    student = visit(face="3")
    room.point("edit", {"face": "7", "model": "vae"})
    assert place(student.run()) == ("at edit", "7")
    assert [button.label for button in student.button] == ["Back to my face"]
    assert place(student.run()) == ("at edit", "7")
    back = next(button for button in student.button if button.label == "Back to my face")
    back.click().run()
    assert place(student) == ("at explore", "3")
    assert not [button for button in student.button if button.label == "Back to my face"]
    assert place(student.run()) == ("at explore", "3")


def test_a_second_press_keeps_the_way_back_to_the_student_s_own_face(room):
    student = visit(face="3")
    for face in ("7", "8"):
        room.point("", {"face": face})
        student.run()
    assert place(student) == ("at explore", "8")
    next(button for button in student.button if button.label == "Back to my face").click().run()
    assert place(student) == ("at explore", "3")


def test_who_comes_later_is_left_alone_and_only_the_teacher_has_the_button(room, monkeypatch):
    room.point("edit", {"face": "7"})
    student = visit(face="3")
    assert place(student) == ("at explore", "3")
    assert not student.button
    monkeypatch.setattr(look_here, "is_owner", lambda: True)
    teacher = visit(face="5", present="2")
    next(button for button in teacher.button if button.label == "Everyone look here").click().run()
    assert not teacher.exception
    assert (room.look.page, dict(room.look.params)) == ("", {"face": "5"})


@pytest.mark.usefixtures("pseudo")
def test_nothing_of_it_is_untranslated(room, monkeypatch):
    student = visit(face="3")
    room.point("edit", {"face": "7"})
    monkeypatch.setattr(look_here, "is_owner", lambda: False)
    assert untranslated(student.run(), ["face", "edit"]) == []
    monkeypatch.setattr(look_here, "is_owner", lambda: True)
    assert untranslated(visit(), ["face", "none", "explore"]) == []


def test_outside_of_a_class_there_is_nothing(room, monkeypatch):
    monkeypatch.setattr(look_here.class_network, "is_open", lambda: False)
    room.point("edit", {"face": "7"})
    page = visit(face="3")
    assert place(page) == ("at explore", "3")
    assert not page.button
