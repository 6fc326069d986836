"""Whether a visitor is still there, asked from a thread that runs no page.

Relies on: the run's context knows its session's id, and the runtime knows which sessions have an open websocket.
"""

from __future__ import annotations

from collections.abc import Callable

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx


def connection() -> Callable[[], bool]:
    """Whether the visitor whose page runs now is still connected, to be asked later and from any thread."""
    context, runtime = get_script_run_ctx(), get_instance() if exists() else None
    if context is None or runtime is None:
        return lambda: True
    session = context.session_id
    return lambda: runtime.is_active_session(session)
