"""How much of the lesson fits the time at hand: the chapters that a teacher goes through, which *Next* follows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import streamlit as st

from app.session.remembered import follows, took_over
from app.texts import N_, _
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.guide import GUIDES
from app.views.lesson.plan_address import CHOSEN, PLAN, WHOLE


@dataclass(frozen=True)
class Plan:
    """A way through the lesson.

    Attributes:
        title: what people choose, in English.
        chapters: keys, in the lesson's order.
    """

    title: str
    chapters: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long it takes with a class."""
        return sum(GUIDES[key].minutes for key in self.chapters)


PLANS = {
    WHOLE: Plan(N_("All of it"), tuple(chapter.key for chapter in CHAPTERS)),
    "60": Plan(
        N_("60 minutes"),
        ("autoencoder", "dataset", "training", "exploring", "generating", "variational", "prior", "learning", "onward"),
    ),
    "20": Plan(N_("20 minutes"), ("autoencoder", "generating", "variational")),
}


def follow() -> None:
    """Take over the plan that the address asks for, if the visitor came by it."""
    said = st.query_params.get(PLAN)
    if follows(CHOSEN) or CHOSEN not in st.session_state:
        st.session_state[CHOSEN] = said if said in PLANS else st.session_state.get(CHOSEN, WHOLE)
        took_over(CHOSEN)


def chosen() -> Plan:
    """The plan that is followed."""
    return PLANS[st.session_state.get(CHOSEN) or WHOLE]


def beside(place: int, step: int, keys: Collection[str] | None = None) -> int | None:
    """The chapter before (step -1) or behind (step 1) a chapter, by their places in the lesson.

    A chapter that is not among those that count has those around it as its neighbours.

    Args:
        place: of the chapter.
        step: -1 or 1.
        keys: of the chapters that count; those of the chosen plan, if not given.
    """
    keys = chosen().chapters if keys is None else keys
    at = place + step
    while 0 <= at < len(CHAPTERS):
        if CHAPTERS[at].key in keys:
            return at
        at += step
    return None


def choose() -> None:
    """The choice of a plan, which holds as long as the visitor stays."""
    st.session_state["lesson_plan_choice"] = st.session_state.get(CHOSEN) or WHOLE
    st.segmented_control(
        _("Time"),
        list(PLANS),
        format_func=lambda key: _(PLANS[key].title),
        key="lesson_plan_choice",
        required=True,
        on_change=_keep,
    )


def _keep() -> None:
    st.session_state[CHOSEN] = st.session_state["lesson_plan_choice"]
