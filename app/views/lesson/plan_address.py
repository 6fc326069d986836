"""What the address says of the time that a teacher has; the plans themselves stand in `plans.py`."""

from __future__ import annotations

import streamlit as st

PLAN = "plan"  # the parameter of the address that names the plan
CHOSEN = "lesson_plan"
WHOLE = "all"


def in_address() -> dict[str, str]:
    """The chosen plan, unless that is the whole lesson."""
    key = st.session_state.get(CHOSEN) or WHOLE
    return {} if key == WHOLE else {PLAN: key}
