"""A chapter's question: answered by a guess first, and by what is measured then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

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
def predict(stage: Stage, question: Question) -> None:
    """Ask it. What would give the answer away is drawn only where `Stage.covered` says that it may be.

    In a class, each student's guess is counted, and the teacher shows what all of them said.

    Args:
        stage: of the chapter.
        question: that it asks.
    """
    with st.container(border=True, width=QUESTION_WIDTH, key=f"lesson_question_{stage.chapter}"):
        st.markdown(f"**Predict, then reveal.** {question.text}")
        guess = st.radio(
            "Your guess", question.options, index=None, key=stage.key("guess"), label_visibility="collapsed"
        )
        count(stage.chapter, question.text, None if guess is None else question.options.index(guess))
        settled = stage.key(SETTLED)
        with st.container(horizontal=True):
            reveal = st.button("Reveal", key=f"{settled}_button", disabled=guess is None, icon=":material/visibility:")
            if not st.session_state.get(settled) and st.button("Skip", key=f"{settled}_skip", type="tertiary"):
                st.session_state[settled] = "skipped"
                st.rerun(scope="app")  # what was covered is drawn now
        if reveal and st.session_state.get(settled) != "yes":
            st.session_state[settled] = "yes"
            st.rerun(scope="app")
        tally(stage.chapter, question.text, question.options)
        if guess is None or st.session_state.get(settled) != "yes":
            return
        right, measured = question.answer()
        verdict = "That is it." if guess == question.options[right] else f"Measured: {question.options[right]}."
        st.markdown(f"**{verdict}** {measured}")
