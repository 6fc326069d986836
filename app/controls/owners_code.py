"""Where the owner of the computer says so: the code that its terminal shows."""

from __future__ import annotations

import streamlit as st

from app.server.owner import prove
from app.texts import _


def ask_for_code(key: str) -> None:
    """A box for the code; with the right one the page runs again, and its owner may do what others may not.

    Args:
        key: of the box.
    """
    given = st.text_input(_("Owner's code"), type="password", key=key, max_chars=200, width=260)
    if not given:
        return
    problem = prove(given)
    if problem is None:
        st.rerun(scope="app")
    st.warning(problem, icon=":material/lock:")
