"""The questions of the lesson on paper, and apart from them the answers, as measured on the models that are here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from app.checkpoints.opening import OpenModel
from app.drawing.lesson_styles import SHEET as STYLE
from app.texts import N_, _
from app.views.lesson import plans
from app.views.lesson.contents import CHAPTERS, Chapter
from app.views.lesson.guide import GUIDES
from app.views.lesson.question import Question
from app.views.lesson.stage import Stage

SHEET = "sheet"  # the parameter of the address that asks for one
KINDS = {"questions": N_("Worksheet"), "answers": N_("Answers")}
TITLES = {
    "questions": N_("From an autoencoder to a VAE"),
    "answers": N_("From an autoencoder to a VAE: answers"),
}
LINES = '<div class="fs-lines" aria-hidden="true"><i></i><i></i></div>'


def asked_for() -> str | None:
    """Which sheet the address asks for, if any."""
    said = st.query_params.get(SHEET)
    return said if said in KINDS else None


def render(kind: str, models: Mapping[str, OpenModel]) -> None:
    """Draw a sheet.

    Args:
        kind: a key of `KINDS`.
        models: of the lesson, by name.
    """
    st.html(STYLE)
    with st.container(key="lesson_sheet"):
        st.title(_(TITLES[kind]))
        if kind == "questions":
            st.markdown(_("Name: ______________________________ &emsp; Date:&nbsp;________________"))
        else:
            st.markdown(_("As measured here, on the models that the lesson shows first."))
        with st.container(key="lesson_sheet_words"):
            st.caption(_("Print this page with your browser (Ctrl or Cmd and P); what is not for paper is left out."))
        for number, chapter, question in questions(models):
            with st.container(key=f"lesson_sheet_{chapter.key}"):
                st.header(f"{number}. {_(chapter.title)}")
                (_ask if kind == "questions" else _answer)(chapter, question)


def questions(models: Mapping[str, OpenModel]) -> Iterator[tuple[int, Chapter, Question]]:
    """Those of the chosen plan which these models can be asked, with the numbers of their chapters."""
    for number, chapter in enumerate(CHAPTERS, 1):
        stage = Stage(chapter.key, models)
        if chapter.key not in plans.chosen().chapters or not models or chapter.missing(stage):
            continue
        question = chapter.question(stage)
        if question is not None:
            yield number, chapter, question


def _ask(chapter: Chapter, question: Question) -> None:
    st.markdown(_("*You can {goals}.*").format(goals=GUIDES[chapter.key].goals_in_words))
    options = "\n".join(f"- \N{BALLOT BOX} {option}" for option in question.options)
    why = _("Why do you think so?")
    st.markdown(f"**{question.text}**\n\n{options}\n\n{why}")
    st.html(LINES)
    st.markdown(_("What was measured?"))
    st.html(LINES)


def _answer(chapter: Chapter, question: Question) -> None:
    with st.spinner(_("Measuring the answer of “{title}” …").format(title=_(chapter.title))):
        right, measured = question.answer()
    st.markdown(f"{question.text}\n\n**{question.options[right]}.** {measured}")
