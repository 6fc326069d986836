"""Lesson: from an autoencoder to a VAE, chapter by chapter. The address says which chapter is open."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.checkpoints.opening import OpenModel, open_all
from app.components.page_top import page_top
from app.controls.glossary import glossary_button
from app.controls.problems import show_problems
from app.drawing.plain_text import plain_text
from app.session.address import set_address
from app.texts import _
from app.views.lesson import notes, plan_address, plans, presenter, teachers, worksheet
from app.views.lesson.contents import CHAPTERS, Chapter
from app.views.lesson.guide import GUIDES
from app.views.lesson.stage import CHAPTER, Stage
from models.config import ModelConfig

OPEN = "lesson_chapter"


def render() -> None:
    """Draw the page."""
    models, problems = open_all()
    show_problems(problems)
    ours = of_the_lesson(models)
    if (sheet := worksheet.asked_for()) is not None:
        plans.follow()
        worksheet.render(sheet, ours)
        return
    place = _place()
    if notes.asked_for():
        notes.render(place, ours)
        return
    chapter = CHAPTERS[place]
    stage = Stage(chapter.key, ours)
    with st.container(key="lesson_presenter"):  # always there, so that nothing moves when the mode changes
        page_top(f"lesson {chapter.key}")
        if presenter.is_on():
            before, behind = (None if at is None else CHAPTERS[at].key for at in _beside(place))
            presenter.bar(chapter.key, f"{place + 1}. {_(chapter.title)}", before, behind)
    with st.container(key="lesson_place"):
        words = _("Lesson, chapter {number} of {count}")
        st.caption(words.format(number=place + 1, count=len(CHAPTERS)))
    st.title(_(chapter.title))
    _bar(place, stage)
    with st.container(key="lesson_goals"):
        guide = GUIDES[chapter.key]
        words = _("About {minutes} minutes. After it you can {goals}.")
        st.markdown(words.format(minutes=guide.minutes, goals=guide.goals_in_words))
    with_map = [model for model in models.values() if model.atlas is not None]
    if left_out := [plain_text(model.title) for model in with_map if model.name not in ours]:
        words = _(
            "Not shown here: {models}, since a lesson on layers, losses and gradients needs a model that was trained "
            "here. *Explore* has it."
        )
        st.caption(words.format(models=", ".join(left_out)))
    missing = chapter.missing(stage)
    if missing or not stage.models:
        words = _("This chapter needs {models} with a map. Make one with build_atlas.py.")
        st.error(words.format(models=_(" and ").join(missing) or _("a model")))
        return
    draw_steps(chapter, stage)
    behind_it = plans.beside(place, 1)
    if behind_it is not None:
        st.button(
            _("Next: {title}").format(title=_(CHAPTERS[behind_it].title)),
            icon=":material/arrow_forward:",
            type="primary",
            key="lesson_next_below",
            on_click=open_chapter,
            args=(behind_it,),
        )


def of_the_lesson(models: Mapping[str, OpenModel]) -> dict[str, OpenModel]:
    """Those that the lesson can speak of: trained here, and with a map."""
    return {
        name: model
        for name, model in models.items()
        if model.atlas is not None and isinstance(model.config, ModelConfig)
    }


def _beside(place: int) -> tuple[int | None, int | None]:
    return plans.beside(place, -1), plans.beside(place, 1)


def draw_steps(chapter: Chapter, stage: Stage) -> None:
    """The chapter, in the containers of its steps."""
    with st.container(key="lesson_steps"):
        stage.step()
        try:
            with stage.drawing():
                chapter.render(stage)
        finally:
            stage.end()


def open_chapter(place: int) -> None:
    """Go to a chapter, for a button's callback. The address leads, so the browser's own back button works too."""
    key = CHAPTERS[place].key
    set_address({CHAPTER: key, **plan_address.in_address(), **presenter.in_address(key)})


def _place() -> int:
    """Which chapter is open: the address says it, else the visitor's last one, else the first."""
    plans.follow()
    keys = [chapter.key for chapter in CHAPTERS]
    said = st.query_params.get(CHAPTER)
    if said in keys:
        st.session_state[OPEN] = said
    elif said is not None:
        st.warning(_("The link names a chapter that is not here."), icon=":material/link_off:")
    last = st.session_state.get(OPEN)
    place = keys.index(last) if last in keys else keys.index(plans.chosen().chapters[0])
    presenter.follow(keys[place])
    ours = (presenter.PRESENT, plan_address.PLAN)
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    set_address({**others, CHAPTER: keys[place], **plan_address.in_address(), **presenter.in_address(keys[place])})
    return place


def _bar(place: int, stage: Stage) -> None:
    """Back, the list of chapters, next, the glossary, what teachers need, and a fresh start."""
    before, behind = _beside(place)
    with st.container(key="lesson_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            _("Back"),
            icon=":material/arrow_back:",
            key="lesson_back",
            disabled=before is None,
            on_click=open_chapter,
            args=(before,),
        )
        st.session_state["lesson_list"] = place
        st.selectbox(
            _("Chapter"),
            range(len(CHAPTERS)),
            format_func=lambda at: f"{at + 1}. {_(CHAPTERS[at].title)}",
            key="lesson_list",
            on_change=lambda: open_chapter(st.session_state["lesson_list"]),
            label_visibility="collapsed",
            width=290,
        )
        st.button(
            _("Next"),
            icon=":material/arrow_forward:",
            key="lesson_next",
            disabled=behind is None,
            on_click=open_chapter,
            args=(behind,),
        )
        glossary_button(CHAPTERS[place].terms)
        st.button(
            _("Present"),
            icon=":material/slideshow:",
            help=_("For a projector: large type, one step at a time. Arrow keys or a remote go on, Escape leaves."),
            on_click=presenter.show,
            args=((CHAPTERS[place].key, 0),),
        )
        teachers.popover(place)
        again = _("Start this chapter anew")
        st.button(again, icon=":material/restart_alt:", key="lesson_anew", on_click=stage.start_anew)
