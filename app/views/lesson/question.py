"""A chapter's question: answered by a guess first, and by what is measured then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from app.texts import SOURCE, _, speaking
from app.views.lesson.class_answers import count, tally
from app.views.lesson.stage import SETTLED, Stage

QUESTION_WIDTH = 704  # CSS pixels, the measure of the text; see app/drawing/lesson_styles.py for a projector
Answer = tuple[int, str]
"""Which option is right, and what was measured, in a sentence."""


@dataclass(frozen=True)
class Question:
    """What a class is asked.

    Attributes:
        text: in plain words.
        options: to choose from.
        answer: works out which option is right and says what was measured.
    """

    text: str
    options: Sequence[str]
    answer: Callable[[], Answer]


@st.fragment
def predict(stage: Stage, ask: Callable[[], Question | None]) -> None:
    """Ask it. What would give the answer away is drawn only where `Stage.covered` says that it may be.

    In a class, each student's guess is counted, and the teacher shows what all of them said.

    Args:
        stage: of the chapter.
        ask: makes the question, in the language that is spoken; None where there is nothing to ask.
    """
    question = ask()
    if question is None:
        return
    if not stage.server:
        with st.container(border=True, width=QUESTION_WIDTH, key=f"lesson_question_{stage.chapter}"):
            st.json({"question": asked(question), "options": list(question.options), "verdicts": verdicts(question)})
        return
    with speaking(SOURCE):
        counted = (ask() or question).text  # a class may read it in several languages and is counted together
    with st.container(border=True, width=QUESTION_WIDTH, key=f"lesson_question_{stage.chapter}"):
        st.markdown(asked(question))
        guess = st.radio(
            _("Your guess"), question.options, index=None, key=stage.key("guess"), label_visibility="collapsed"
        )
        count(stage.chapter, counted, None if guess is None else question.options.index(guess))
        settled = stage.key(SETTLED)
        with st.container(horizontal=True):
            icon = ":material/visibility:"
            reveal = st.button(_("Reveal"), key=f"{settled}_button", disabled=guess is None, icon=icon)
            if not st.session_state.get(settled) and st.button(_("Skip"), key=f"{settled}_skip", type="tertiary"):
                st.session_state[settled] = "skipped"
                st.rerun(scope="app")  # what was covered is drawn now
        if reveal and st.session_state.get(settled) != "yes":
            st.session_state[settled] = "yes"
            st.rerun(scope="app")
        tally(stage.chapter, counted, question.options)
        if guess is None or st.session_state.get(settled) != "yes":
            return
        st.markdown(verdicts(question)[question.options.index(guess)])


def asked(question: Question) -> str:
    """The question, as Markdown."""
    return _("**Predict, then reveal.** {question}").format(question=question.text)


def verdicts(question: Question) -> list[str]:
    """What is said to each of the guesses, as Markdown."""
    right, measured = question.answer()
    words = [_("Measured: {option}.").format(option=question.options[right])] * len(question.options)
    words[right] = _("That is it.")
    return [f"**{said}** {measured}" for said in words]
