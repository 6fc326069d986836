"""A tiny learned prior that the class starts and watches: its draws get better, and a critic is fooled more often."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.chart import Axis, lines
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.streamlit_internals.connection import connection
from app.texts import _
from app.views.lesson import charts
from app.views.lesson.live.order import queue
from app.views.lesson.live.process import FLOW_PROGRAM, FlowRun, expect_a_run
from app.views.lesson.live.queue import Place
from app.views.lesson.live.watch import NO_SERVER, READY, ended, watch
from app.views.lesson.stage import Stage
from latent.probes import parts
from latent.tiny_flow import Look, Plan

PLAN = Plan(steps=1200, looks=8, seconds=45)
ORDERED = "lesson_flow_run"


@dataclass(frozen=True, eq=False)
class OrderedFlow:
    """A visitor's run.

    Attributes:
        place: in the line.
        model: whose codes it learns.
        faces: that it learns from.
    """

    place: Place[FlowRun]
    model: OpenModel
    faces: int


@st.fragment
def live_flow(stage: Stage) -> None:
    """The controls, and what there is to see."""
    if not stage.server:
        st.caption(_(NO_SERVER))
        return
    ordered: OrderedFlow | None = st.session_state.get(ORDERED)
    going = ordered is not None and queue().look(ordered.place) is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {name: model.title for name, model in stage.models.items()}
        first = stage.of_kind("ae") or next(iter(stage.models.values()))
        model = stage.models[stage.choice("flow_of", _("Learn the codes of"), names, first.name)]
        st.button(
            _("Start learning") if ordered is None else _("Learn anew"),
            icon=":material/play_arrow:",
            type="primary",
            disabled=going,
            key=stage.key("flow_start"),
            on_click=_join,
            args=(model,),
        )
    stage.write(model)
    if model.own_config.mapping_width:
        words = _(
            "The {model}'s decoder has a small network in front that already moves draws from N(0, I) to where faces "
            "lie, so watch the curve rather than the pictures."
        )
        st.caption(words.format(model=model.title))
    if not going:
        expect_a_run(FLOW_PROGRAM)
    if ordered is None:
        return
    if going:
        watch(stage, ordered.place, _progress, functools.partial(_show, stage, ordered))
    else:
        run = ordered.place.run
        early = run is not None and bool(run.looks) and run.looks[-1].step < PLAN.steps
        ended(ordered.place, early, _("{seconds:g} seconds").format(seconds=PLAN.seconds))
        _show(stage, ordered)


def _join(model: OpenModel) -> None:
    """Stand in line, for the button."""
    atlas = model.atlas
    assert atlas is not None
    shown, held = parts(atlas.partition)
    rows = np.concatenate([shown, held])
    logvar = None if atlas.logvar is None else atlas.logvar[rows]
    begin = functools.partial(FlowRun, atlas.mu[rows].astype(np.float32), logvar, len(held), PLAN)
    st.session_state[ORDERED] = OrderedFlow(queue().join(begin, connection()), model, len(shown))


def _progress(run: FlowRun) -> None:
    if run.looks:
        last = run.looks[-1]
        words = _("Step {step:,} of {steps:,}").format(step=last.step, steps=PLAN.steps)
        st.progress(last.step / PLAN.steps, words)
    else:
        st.progress(0.0, _(READY).format(step=_(run.step)))


def _show(stage: Stage, ordered: OrderedFlow) -> None:
    """The same draws at the beginning and now, and how often the critic is right."""
    run, model = ordered.place.run, ordered.model
    if run is None:
        return
    looks = list(run.looks)
    with stage.figure("flow"):
        _strip(model, _("Before the first step: N(0, I) as it is"), run.first)
        if not looks:
            return
        _strip(model, _now(looks[-1]), np.array(looks[-1].draws, np.float32))
        _right(stage, looks)
    st.caption(in_words(looks, ordered.faces, model.title))


def _right(stage: Stage, looks: list[Look]) -> None:
    """How often the critic is right, over the steps."""
    curve = np.array([look.step for look in looks], float), np.array([look.auc for look in looks])
    across = Axis(_("Step"), (-20, PLAN.steps + 20))
    up = Axis(_("AUC of the critic"), (0.45, 1.02))
    show_chart(lines({_("Critic"): curve}, across, up, 240, charts.DOT))


def _strip(model: OpenModel, words: str, draws: NDArray[np.float32]) -> None:
    st.markdown(f"**{words}**")
    strip = np.concatenate(list(_pictures(model.drawing, draws.tobytes(), model, draws)), 1)
    gallery.show(gallery.row([gallery.Figure(strip, "", _("Draws. {which}").format(which=words))], gallery.WIDE))


def _now(last: Look) -> str:
    words = _("The same noise after {steps:,} steps and {seconds:.0f} seconds")
    return words.format(steps=last.step, seconds=last.seconds)


def in_words(looks: list[Look], faces: int, title: str) -> str:
    """What the curve says."""
    first, last = looks[0].auc, looks[-1].auc
    words = _(
        "At each dot a fresh critic learns to tell draws from codes and is then asked of a draw and a code of a "
        "held-out face, both new to it: which is the face? It was right in {first} of such pairs at first, in {last} "
        "at the last dot; 50 % is guessing. The tiny network learned from the {model}'s codes of {faces:,} faces."
    )
    return words.format(first=percent(first), last=percent(last), model=title, faces=faces)


@st.cache_data(show_spinner=False, max_entries=64)
def _pictures(drawing: str, points: bytes, _model: OpenModel, _draws: NDArray[np.float32]) -> NDArray[np.uint8]:
    return decode(_model, _draws)
