"""Whether the browser's Back or Forward began the run of a page.

Relies on: the run's context says so (`is_history_navigation`).
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def by_history() -> bool:
    """Whether the visitor came to this run by the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
