"""What is wrong with checkpoints or data, in plain words."""

from __future__ import annotations

import streamlit as st

from app.drawing.plain_text import plain_text
from app.server.published import missing_assets
from app.texts import _


def show_problems(problems: list[str]) -> None:
    """What is wrong with checkpoints or data: the page goes on with the rest."""
    for problem in problems:
        st.warning(plain_text(problem), icon=":material/info:")
    if absent := missing_assets():
        st.warning(
            _("{absent} Until then faces change only when a slider is released, and there is no map.").format(
                absent=absent
            ),
            icon=":material/info:",
        )
