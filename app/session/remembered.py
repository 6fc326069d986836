"""What widgets remember from page to page."""

from __future__ import annotations

from typing import Any

import streamlit as st

BY_ADDRESS = "came_by_address"  # in this run the address says something else than the session last wrote


def remember(key: str, default: Any, from_address: Any = None) -> Any:
    """A widget's value that outlives its page: Streamlit forgets a widget's state when it is not drawn.

    Call before the widget with the widget's `key`; the value is copied back to that key.

    Args:
        key: of the widget.
        default: its value at first.
        from_address: what the address says of it; counts where the visitor came by the address, and at first.
    """
    kept = f"kept_{key}"
    if from_address is not None and (st.session_state.get(BY_ADDRESS) or not {key, kept} & set(st.session_state)):
        st.session_state[key] = st.session_state[kept] = from_address
    elif key in st.session_state:
        st.session_state[kept] = st.session_state[key]
    elif kept in st.session_state:
        st.session_state[key] = st.session_state[kept]
    else:
        st.session_state[key] = st.session_state[kept] = default
    return st.session_state[key]
