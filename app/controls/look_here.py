"""*Everyone look here*: the teacher brings the class to a page, a face and its sliders; each student can go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.server import class_network
from app.server.class_room import room
from app.server.owner import is_owner
from app.session.address import address, forget_address
from app.session.current import MODEL, current_point, set_model, set_point
from app.session.pages import PAGES
from app.session.point import Point
from app.texts import _

SEEN = "class_look_seen"  # the number of the teacher's last press that this session has followed
BACK = "class_look_back"  # where this session was before
TAKEN = "class_look_taken"  # whether it was brought elsewhere in this very run
LOOKING = 2  # seconds between two looks at where the teacher points
OWN = ("present", "notes", "sheet", "plan")  # what concerns the teacher's screen alone


@dataclass(frozen=True)
class Before:
    """Where a student was.

    Attributes:
        page: its path.
        params: of its address.
        point, model: on screen; a photo is not in the address.
    """

    page: str
    params: Mapping[str, str]
    point: Point
    model: str | None


def draw_look_here(path: str) -> None:
    """The teacher's button, or what follows it on a student's page; nothing where the server is open to no class.

    Args:
        path: of the open page, as in its address.
    """
    if not class_network.is_open():
        return
    if (before := st.session_state.pop(TAKEN, None)) is not None:
        st.toast(_("Your teacher brought you here. Back to my face, at the top, undoes it."))
        st.session_state[BACK] = before
    with st.container(key="look_here", horizontal=True, width="content"):
        if is_owner():
            st.button(
                _("Everyone look here"),
                icon=":material/campaign:",
                help=_("Brings every open page of the class to this page, face and sliders, once. A photo stays here."),
                on_click=_point,
                args=(path,),
            )
            return
        if st.session_state.get(BACK) is not None:
            st.button(_("Back to my face"), icon=":material/undo:", key="look_back", on_click=_ask_back)
    _follow(path)


def _point(path: str) -> None:
    """Point here, for the button."""
    room().point(path, {name: said for name, said in address().items() if name not in OWN})
    problem = room().problem
    st.toast(_(problem) if problem else _("The class is brought here within a few seconds."))


def _ask_back() -> None:
    st.session_state["class_look_wish"] = True


def _follow(path: str) -> None:
    """Go where the teacher points, if that is new; who has just come is left where they are."""
    st.session_state.setdefault(SEEN, room().look.number)
    if st.session_state.pop("class_look_wish", False):
        before: Before = st.session_state.pop(BACK)
        if before.model is not None:
            set_model(before.model)
        set_point(before.point)
        _go(before.page, before.params)
    look = room().look
    if look.number > st.session_state[SEEN]:  # a store that was emptied begins anew, which points nowhere
        st.session_state[SEEN] = look.number
        params = address()
        model = st.session_state.get(MODEL) or st.session_state.get(f"kept_{MODEL}")
        here = Before(path, params, current_point(), model)
        st.session_state[TAKEN] = st.session_state.get(BACK) or here
        _go(look.page, look.params)
    _watch()


def _go(page: str, params: Mapping[str, str]) -> None:
    """Run a page as by a link to it; never returns."""
    forget_address()
    pages = st.session_state[PAGES]
    st.switch_page(pages.get(page or "explore", pages["explore"]), query_params=dict(params))


@st.fragment(run_every=LOOKING)
def _watch() -> None:
    """Whether the teacher points elsewhere: then the whole page runs again, and follows."""
    if room().look.number > st.session_state.get(SEEN, 0):
        st.rerun(scope="app")
