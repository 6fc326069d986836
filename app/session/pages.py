"""The pages by name, and how to go to one."""

from __future__ import annotations

import streamlit as st

PAGES = "pages"


def go_to(page: str) -> None:
    """Run a page of the app from its start, by its key in `PAGES`; never returns."""
    st.switch_page(st.session_state[PAGES][page])
