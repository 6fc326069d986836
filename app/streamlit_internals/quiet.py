"""What Streamlit would write to the log about the app's own doings.

Relies on: the warning that a call came from outside of a page, or of a running server, goes to the logger of the module
that looks for one.
"""

from __future__ import annotations

import importlib
import logging

OUTSIDE_A_PAGE = "streamlit.runtime.scriptrunner_utils.script_run_context"
OUTSIDE_A_SERVER = "streamlit.runtime.caching.cache_data_api"


def no_warning_outside_a_page() -> None:
    """Streamlit warns of each cached thing that is asked for outside of a page or a server, as doors do on purpose."""
    for name in (OUTSIDE_A_PAGE, OUTSIDE_A_SERVER):
        importlib.import_module(name)  # which sets its logger up
        logging.getLogger(name).setLevel(logging.ERROR)
