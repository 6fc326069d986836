"""Runs a chapter's own code, as Streamlit's tests do, and gives what it drew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from app.checkpoints.opening import open_all
from app.session.current import MODEL
from app.static_site.lesson.file_stage import FileStage
from app.static_site.problem import SiteError
from app.streamlit_internals.quiet import no_warning_outside_a_page
from app.texts import CHOSEN, language
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.page import draw_steps, of_the_lesson
from app.views.lesson.stage import SETTLED

DRAWN = "chapter_for_the_folder"
SCRIPT = "from app.static_site.lesson.walk import draw\ndraw()\n"
MOST_SECONDS = 600


def draw() -> None:
    """The script of a run: the chapter that the session names."""
    chapter = next(one for one in CHAPTERS if one.key == st.session_state[DRAWN])
    draw_steps(chapter, FileStage(chapter.key, of_the_lesson(open_all()[0])))


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
    page = AppTest.from_string(SCRIPT, default_timeout=MOST_SECONDS)
    page.session_state[DRAWN] = chapter
    page.session_state[CHOSEN] = language()
    page.session_state[MODEL] = model
    if settled:
        page.session_state[f"lesson_{chapter}_0_{SETTLED}"] = "skipped"
    for key, value in settings.items():
        page.session_state[key] = value
    page.run()
    no_warning_outside_a_page()  # its run sets all loggers up anew
    if page.exception:
        raise SiteError(f"The chapter {chapter} of the lesson could not be drawn: {page.exception[0].message}")
    return page.main
