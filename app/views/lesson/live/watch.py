"""What runs of every kind show while they go on: the place in the line, how far it is, the way out, why one ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.drawing.plain_text import plain_text
from app.texts import N_, _
from app.views.lesson.live.order import queue
from app.views.lesson.live.queue import Place
from app.views.lesson.stage import Stage

READY = N_("Getting ready. {step} …")
NO_SERVER = N_("Training takes a server, and this copy has none. In the app it runs here, live.")


@st.fragment(run_every=1)
def watch(stage: Stage, place: Place[Any], progress: Callable[[Any], None], show: Callable[[], None]) -> None:
    """Each second what is new. It is also how the server knows that somebody still looks.

    Args:
        stage: names the button.
        place: in the line.
        progress: says how far the run is.
        show: draws what there is to see.
    """
    before = queue().look(place)
    if before is None:
        st.rerun(scope="app")
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        if place.run is None:
            _in_line(before)
        else:
            progress(place.run)
    with right:
        _leave_button(stage, place)
    show()


def _leave_button(stage: Stage, place: Place[Any]) -> None:
    st.button(
        _("Leave the line") if place.run is None else _("Cancel"),
        icon=":material/close:",
        key=stage.key("live_cancel"),
        width="stretch",
        on_click=queue().leave,
        args=(place,),
    )


def _in_line(before: int) -> None:
    words = _("Someone else's run is going; yours is number {number} in line. It starts by itself.")
    st.info(words.format(number=before + 1), icon=":material/hourglass_top:")


def ended(place: Place[Any], early: bool, most: str) -> None:
    """Why a run goes on no more, where that is not plain to see.

    Args:
        place: that had it.
        early: whether it stopped before all was done.
        most: the most that a run may take, in words.
    """
    run = place.run
    problem = place.problem or (_(run.problem) if run is not None and run.problem else None)
    if problem:
        st.warning(plain_text(problem), icon=":material/info:")
    elif place.lost:
        st.caption(_("Given up, since this page was not open for a while."))
    elif run is None:
        st.caption(_("You left the line."))
    elif place.left:
        st.caption(_("Cancelled."))
    elif early:
        st.caption(_("Stopped after {most}, the most that a run may take here.").format(most=most))
