"""Whether the browser's Back or Forward began the run of a page, though another run came upon it.

Relies on: the run's context says so (`is_history_navigation`) and has the requests for runs (`ScriptRequests`), which
folds a new one into one that waits and forgets there that Back began it; a run that the browser's next one cuts short
ends with `RerunException`, which holds the widgets' states, and the page's own `st.rerun` holds none.
"""

from __future__ import annotations

from dataclasses import replace

from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

BACK = "back_to"  # the address that Back or Forward asked for, until a page has followed it
_fold = vars(ScriptRequests)["_request_rerun_locked"]


def hold_on_to_back() -> None:
    """Have every run know that Back began it which comes upon one that Back began, before a page has followed it.

    Parts of a page report by themselves: the map, for one, which faces pass the filter that a first Back brought, just
    when a second Back waits for its run.
    """
    ScriptRequests._request_rerun_locked = _fold_with_back  # type: ignore[method-assign]


def _fold_with_back(self: ScriptRequests, new_data: RerunData) -> bool:
    known = vars(self)
    if new_data.is_history_navigation:
        known[BACK] = new_data.query_string
    elif known.get(BACK) == new_data.query_string:
        new_data = replace(new_data, is_history_navigation=True)
    else:
        known.pop(BACK, None)
    return bool(_fold(self, new_data))


def by_history() -> bool:
    """Whether the visitor came to this run by the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def followed() -> None:
    """This run has followed its address: those that come upon it are not begun by Back any more."""
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    known = vars(context.script_requests)
    if known.get(BACK) == context.query_string:  # and not that of a next Back, which waits already
        del known[BACK]


def is_cut_short(error: BaseException) -> bool:
    """Whether this ends a run because the browser has asked for the next one, and not the page itself."""
    return isinstance(error, RerunException) and error.rerun_data.widget_states is not None
