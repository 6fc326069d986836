"""The speaker's notes of a chapter, for a second window: it follows the one that presents, in the same browser."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.checkpoints.opening import OpenModel
from app.components.follow_presenter import follow_presenter
from app.session.address import set_address
from app.texts import N_, _
from app.views.lesson import plan_address, plans
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.guide import GUIDES
from app.views.lesson.presenter import CHAPTER
from app.views.lesson.question import QUESTION_WIDTH
from app.views.lesson.stage import Stage

NOTES = "notes"  # the parameter of the address that asks for them
WAYS = ((-1, N_("Back"), N_("Back: {title}")), (1, N_("Next"), N_("Next: {title}")))


def asked_for() -> bool:
    """Whether the address asks for them."""
    return st.query_params.get(NOTES) == "1"


def render(place: int, models: Mapping[str, OpenModel]) -> None:
    """Draw the notes of a chapter.

    Args:
        place: of the chapter.
        models: of the lesson, by name.
    """
    chapter = CHAPTERS[place]
    keys = [other.key for other in CHAPTERS]
    with st.container(key="lesson_notes", width=QUESTION_WIDTH):
        presented = follow_presenter(chapter.key)
        if presented in keys and presented != chapter.key:
            _open(keys.index(presented))
            st.rerun()
        st.caption(_("Speaker's notes"))
        st.title(f"{place + 1}. {_(chapter.title)}")
        words(place, models)
        with st.container(horizontal=True):
            for step, way, way_to in WAYS:
                at = plans.beside(place, step)
                label = _(way) if at is None else _(way_to).format(title=_(CHAPTERS[at].title))
                st.button(label, key=f"notes_{way}", disabled=at is None, on_click=_open, args=(at,))


def words(place: int, models: Mapping[str, OpenModel]) -> None:
    """What to say in a chapter, and the answer to its question; arguments as for `render`."""
    chapter = CHAPTERS[place]
    guide = GUIDES[chapter.key]
    line = _("{minutes} minutes. Afterwards students can {goals}.")
    st.markdown(line.format(minutes=guide.minutes, goals=guide.goals_in_words))
    st.markdown("\n".join(f"- {_(note)}" for note in guide.notes))
    stage = Stage(chapter.key, models)
    if models and not chapter.missing(stage):
        _answer(place, stage)


def _answer(place: int, stage: Stage) -> None:
    question = CHAPTERS[place].question(stage)
    if question is None:
        return
    with st.spinner(_("Measuring the answer …")):
        right, measured = question.answer()
    with st.container(border=True):
        asked = _("**The question.** {question}").format(question=question.text)
        st.markdown(f"{asked}\n\n**{question.options[right]}.** {measured}")


def _open(place: int) -> None:
    set_address({CHAPTER: CHAPTERS[place].key, NOTES: "1", **plan_address.in_address()})
