"""What Streamlit would write to the log about the app's own doings.

Relies on: the warning that a call came from outside of a page goes to the logger of the module that looks for one.
"""

from __future__ import annotations

import logging

OUTSIDE_A_PAGE = "streamlit.runtime.scriptrunner_utils.script_run_context"


def no_warning_outside_a_page() -> None:
    """Streamlit warns of each cached thing that is asked for outside of a page; the warm-up does so on purpose."""
    logging.getLogger(OUTSIDE_A_PAGE).setLevel(logging.ERROR)
