"""Streamlit's command line from within Python, and which of its options somebody has set.

Relies on: `streamlit.web.cli.main` is what the program `streamlit` runs, and `config.is_manually_set` tells an option
of the command line, the environment or a file from a default.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from streamlit import config


def is_set(option: str) -> bool:
    """Whether somebody has set an option such as "server.port"."""
    return bool(config.is_manually_set(option))


def run(arguments: Sequence[str]) -> int:
    """What `streamlit run` does with these arguments; returns its exit code, when it has ended."""
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", *arguments]
    return int(cli.main() or 0)
