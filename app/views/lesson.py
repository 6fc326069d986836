"""Lesson: from an autoencoder to a VAE, chapter by chapter. The address says which chapter is open."""

from __future__ import annotations

import streamlit as st

from app.controls import open_all, show_problems
from app.glossary import words
from app.lesson.chapters import CHAPTERS
from app.lesson.stage import CHAPTER, Stage

OPEN = "lesson_chapter"
KIND_NAMES = {"ae": "an AE", "vae": "a VAE"}


def render() -> None:
    """Draw the page."""
    models, problems = open_all()
    show_problems(problems)
    place = _place()
    chapter = CHAPTERS[place]
    stage = Stage(chapter.key, {name: model for name, model in models.items() if model.atlas is not None})
    st.caption(f"Lesson, chapter {place + 1} of {len(CHAPTERS)}")
    st.title(chapter.title)
    _bar(place, stage)
    missing = [KIND_NAMES[kind] for kind in chapter.needs if stage.of_kind(kind) is None]
    if missing or not stage.models:
        st.error(f"This chapter needs {' and '.join(missing) or 'a model'} with a map. Make one with build_atlas.py.")
        return
    chapter.render(stage)
    if place + 1 < len(CHAPTERS):
        st.button(
            f"Next: {CHAPTERS[place + 1].title}",
            icon=":material/arrow_forward:",
            type="primary",
            key="lesson_next_below",
            on_click=open_chapter,
            args=(place + 1,),
        )


def open_chapter(place: int) -> None:
    """Go to a chapter, for a button's callback. The address leads, so the browser's own back button works too."""
    st.query_params.from_dict({CHAPTER: CHAPTERS[place].key})


def _place() -> int:
    """Which chapter is open: the address says it, else the visitor's last one, else the first."""
    keys = [chapter.key for chapter in CHAPTERS]
    said = st.query_params.get(CHAPTER)
    if said in keys:
        st.session_state[OPEN] = said
    elif said is not None:
        st.warning("The link names a chapter that is not here.", icon=":material/link_off:")
    last = st.session_state.get(OPEN)
    place = keys.index(last) if last in keys else 0
    st.query_params[CHAPTER] = keys[place]
    return place


def _bar(place: int, stage: Stage) -> None:
    """Back, the list of chapters, next, the glossary, and a fresh start."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            "Back",
            icon=":material/arrow_back:",
            key="lesson_back",
            disabled=place == 0,
            on_click=open_chapter,
            args=(place - 1,),
        )
        st.session_state["lesson_list"] = place
        st.selectbox(
            "Chapter",
            range(len(CHAPTERS)),
            format_func=lambda at: f"{at + 1}. {CHAPTERS[at].title}",
            key="lesson_list",
            on_change=lambda: open_chapter(st.session_state["lesson_list"]),
            label_visibility="collapsed",
            width=320,
        )
        st.button(
            "Next",
            icon=":material/arrow_forward:",
            key="lesson_next",
            disabled=place + 1 == len(CHAPTERS),
            on_click=open_chapter,
            args=(place + 1,),
        )
        words(CHAPTERS[place].terms)
        st.button("Start this chapter anew", icon=":material/restart_alt:", on_click=stage.start_anew)
