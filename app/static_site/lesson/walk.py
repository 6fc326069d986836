"""Runs a chapter's own code, as Streamlit's tests do, and gives what it drew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from app.checkpoints.opening import open_all
from app.drawing.saved_file import files_beforehand
from app.session.current import MODEL
from app.static_site.lesson.file_stage import FileStage
from app.static_site.problem import SiteError
from app.texts import CHOSEN, language
from app.views.lesson import notes, worksheet
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.page import draw_steps, of_the_lesson
from app.views.lesson.stage import SETTLED

DRAWN = "drawn_for_the_folder"
SCRIPT = "from app.static_site.lesson import walk\nwalk.{function}()\n"
MOST_SECONDS = 600


def draw() -> None:
    """The script of a run: the chapter that the session names."""
    chapter = next(one for one in CHAPTERS if one.key == st.session_state[DRAWN])
    with files_beforehand():
        draw_steps(chapter, FileStage(chapter.key, of_the_lesson(open_all()[0])))


def draw_sheet() -> None:
    """The same of a worksheet, by its kind."""
    worksheet.render(st.session_state[DRAWN], of_the_lesson(open_all()[0]))


def draw_notes() -> None:
    """The same of the speaker's notes of a chapter."""
    place = [chapter.key for chapter in CHAPTERS].index(st.session_state[DRAWN])
    notes.words(place, of_the_lesson(open_all()[0]))


def run(chapter: str, model: str, settings: Mapping[str, Any], settled: bool = True) -> Block:
    """What a chapter draws.

    Args:
        chapter: its key.
        model: name of the current one.
        settings: values of controls, by their keys.
        settled: whether its question was answered or skipped.

    Raises:
        SiteError: the chapter failed.
    """
    answered = {f"lesson_{chapter}_0_{SETTLED}": "skipped"} if settled else {}
    return drawn_by("draw", chapter, {MODEL: model, **answered, **settings})


def drawn_by(function: str, what: str, settings: Mapping[str, Any]) -> Block:
    """What one of the functions above draws.

    Args:
        function: its name.
        what: key of the chapter, or of the sheet.
        settings: of the session.

    Raises:
        SiteError: it failed.
    """
    page = AppTest.from_string(SCRIPT.format(function=function), default_timeout=MOST_SECONDS)
    for key, value in {DRAWN: what, CHOSEN: language(), **settings}.items():
        page.session_state[key] = value
    page.run()
    if page.exception:
        raise SiteError(f"{what} of the lesson could not be drawn: {page.exception[0].message}")
    return page.main
