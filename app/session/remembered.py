"""What widgets remember from page to page, and what they take over from an address.

The browser's next run may cut short the one that follows an address, and then follows the rest of it. What the hand has
done in between counts: of what was taken over already, it is the visitor's now.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

BY_ADDRESS = "came_by_address"  # in this run the address says something else than the session last wrote
TAKEN = "taken_from_address"  # {key: what the session had there before}, of the address that is followed


def follows(key: str) -> bool:
    """Whether to take over what the address says of something that the session alone keeps: once for each address.

    Args:
        key: of the session; tell `took_over` behind it.
    """
    return bool(st.session_state.get(BY_ADDRESS)) and key not in st.session_state.get(TAKEN, {})


def took_over(key: str, before: Any = None) -> None:
    """This key has what the address says. For callbacks too.

    Args:
        key: of the session.
        before: of a widget, what it was before.
    """
    st.session_state.setdefault(TAKEN, {}).setdefault(key, before)


def follow(key: str, said: Any) -> bool:
    """Set a widget to what the address says, if the visitor came by it; again, should the browser not have heard of it.

    Args:
        key: of the widget.
        said: its value by the address.

    Returns:
        Whether it was set.
    """
    if not st.session_state.get(BY_ADDRESS):
        return False
    taken, now = st.session_state.get(TAKEN, {}), st.session_state.get(key)
    if key in taken and now not in (taken[key], said):
        return False
    took_over(key, now)
    st.session_state[key] = said
    return True


def remember(key: str, default: Any, from_address: Any = None) -> Any:
    """A widget's value that outlives its page: Streamlit forgets a widget's state when it is not drawn.

    Call before the widget with the widget's `key`; the value is copied back to that key.

    Args:
        key: of the widget.
        default: its value at first.
        from_address: what the address says of it; counts where the visitor came by the address, and at first.
    """
    kept = f"kept_{key}"
    if from_address is not None and follow(key, from_address):
        st.session_state[kept] = from_address
    elif from_address is not None and not {key, kept} & set(st.session_state):
        st.session_state[key] = st.session_state[kept] = from_address
    elif key in st.session_state:
        st.session_state[kept] = st.session_state[key]
    elif kept in st.session_state:
        st.session_state[key] = st.session_state[kept]
    else:
        st.session_state[key] = st.session_state[kept] = default
    return st.session_state[key]
