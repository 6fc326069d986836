"""What Streamlit would write to the log about the app's own doings.

Relies on: the warning that a call came from outside of a page, or of a running server, goes to the logger of the module
that looks for one; Streamlit sets levels of loggers, and no filters; the first thing that is drawn looks once whether
`delta_generator` has said how to start an app.
"""

from __future__ import annotations

import logging

OUTSIDE_A_PAGE = "streamlit.runtime.scriptrunner_utils.script_run_context"
OUTSIDE_A_SERVER = "streamlit.runtime.caching.cache_data_api"


def no_warning_outside_a_page() -> None:
    """Streamlit warns of each cached thing that is made or asked for outside of a page or a server, as doors do.

    To be called before anything is cached; a filter, since Streamlit sets the levels of all loggers again and again.
    """
    for name in (OUTSIDE_A_PAGE, OUTSIDE_A_SERVER):
        logging.getLogger(name).addFilter(_serious)


def _serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def no_look_for_a_prompt() -> None:
    """Streamlit would walk through all modules, a tenth of a second of the first visitor's, to see who started it."""
    from streamlit import (
        delta_generator,
    )  # late: each door of the app imports this module, also what needs no Streamlit

    delta_generator._use_warning_has_been_displayed = True
