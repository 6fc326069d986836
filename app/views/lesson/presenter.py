"""Presenter mode of the lesson: large type and one step of the chapter at a time. The address says that it is on."""

from __future__ import annotations

import streamlit as st

from app.components.presenter import STEP, presenter_bar
from app.drawing.lesson_styles import PRESENTING, until_loaded
from app.session.address import address, set_address
from app.session.link import whole_number
from app.session.remembered import follows, took_over
from app.views.lesson import plan_address

CHAPTER = "chapter"  # the parameter of the address that names the chapter
PRESENT = "present"  # the parameter of the address: the step, counted from 1, or "last"
SHOWN = "lesson_presented"  # (chapter, step counted from 0), or None outside of the mode
TURN = "lesson_presented_turn"  # counts how often the step was set from here and not by the presenter's keys
COVERED = "lesson_presented_covered"  # (chapter, step) of what an open question covers first, or None
LAST = 99
TALL, USUAL = "lesson_presented_tall", 720  # how many CSS pixels high the projector's window is


def follow(chapter: str) -> None:
    """Take over what the address says of the mode, if the visitor came by it; another chapter begins at its start."""
    if follows(SHOWN) or SHOWN not in st.session_state:
        said = st.query_params.get(PRESENT)
        step = LAST if said == "last" else (whole_number(said, 1, LAST) or 1) - 1
        show(None if said is None else (chapter, step))
        took_over(SHOWN)
    shown = st.session_state[SHOWN]
    if shown is not None and shown[0] != chapter:
        show((chapter, 0))


def show(shown: tuple[str, int] | None) -> None:
    """Show a step of a chapter in presenter mode, or leave the mode with None. For callbacks too."""
    st.session_state[SHOWN] = shown
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def uncovers(chapter: str) -> bool:
    """Whether the presenter has gone on to what the question at hand covers: who goes on has had the answers."""
    shown, covered = st.session_state.get(SHOWN), st.session_state.get(COVERED)
    return shown is not None and covered is not None and shown[0] == covered[0] == chapter and shown[1] >= covered[1]


def is_on() -> bool:
    """Whether the lesson is in presenter mode."""
    return st.session_state.get(SHOWN) is not None


def tall() -> int:
    """How many CSS pixels high the projector's window is, as far as it is known."""
    return int(st.session_state.get(TALL, USUAL))


def in_address(chapter: str) -> dict[str, str]:
    """What the address of a chapter says of the mode."""
    shown = st.session_state.get(SHOWN)
    if shown is None:
        return {}
    step = shown[1] if shown[0] == chapter else 0
    return {PRESENT: "last" if step == LAST else str(step + 1)}


@st.fragment
def bar(chapter: str, title: str, before: str | None, behind: str | None) -> None:
    """The presenter's bar and keys. A step runs this part of the page alone.

    Args:
        chapter: on screen.
        title: of it.
        before, behind: the chapters before and behind it.
    """
    shown = st.session_state.get(SHOWN) or (chapter, 0)
    st.html(PRESENTING + until_loaded(f".st-key-{STEP}{chapter}_{shown[1]}"))
    wish = presenter_bar(
        chapter=chapter,
        title=title,
        step=shown[1],
        turn=st.session_state.get(TURN, 0),
        tall=tall(),
        ends=(before is None, behind is None),
    )
    if wish.tall is not None and wish.tall != tall():
        st.session_state[TALL] = wish.tall
        if wish.step is not None:
            st.session_state[SHOWN] = (chapter, wish.step)
        st.rerun(scope="app")  # charts are drawn for another window
    if wish.go == "leave":
        show(None)
        set_address({name: said for name, said in address().items() if name != PRESENT})
        st.rerun(scope="app")
    to = {"next": behind, "back": before}.get(wish.go or "")
    if to is not None:
        show((to, 0 if wish.go == "next" else LAST))
        set_address({CHAPTER: to, **plan_address.in_address(), **in_address(to)})
        st.rerun(scope="app")
    if wish.step is not None and wish.step != shown[1]:
        st.session_state[SHOWN] = (chapter, wish.step)
        set_address({**address(), **in_address(chapter)})
        if uncovers(chapter):
            st.rerun(scope="app")
