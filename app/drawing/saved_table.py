"""A table on a page, with what saves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from app.drawing.saved_file import save_button
from app.texts import _

PLAIN = {ord("\N{MINUS SIGN}"): "-", ord("\N{NO-BREAK SPACE}"): " "}
Rows = Sequence[Mapping[str, Any]]
"""Each by its columns, all with the same ones: words and numbers."""


def show_table(rows: Rows, key: str, name: str) -> None:
    """A small table and the button that saves it.

    Args:
        rows: the table.
        key: of the button.
        name: of the file, without its ending.
    """
    st.table([dict(row) for row in rows], hide_index=True)
    save_table(rows, key, name)


def save_table(rows: Rows, key: str, name: str) -> None:
    """The button that saves what a page shows as a table, bars or Markdown; arguments as for `show_table`."""
    save_csv(_("Save as CSV"), lambda: csv_of(rows), key, name, kind="tertiary")


def save_csv(
    label: str, content: Callable[[], bytes], key: str, name: str, kind: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    """The button that saves a table of its own.

    Args:
        label: of the button.
        content: makes the file, when the button is pressed.
        key: of the button.
        name: of the file, without its ending.
        kind: how much it stands out.
    """
    save_button(label, content, f"facespace-{name}.csv", "text/csv", key, kind)


def csv_of(rows: Rows) -> bytes:
    """The rows as CSV in UTF-8; numbers in words with the minus and the space that programs can read."""
    import csv
    import io

    written = io.StringIO(newline="")
    table = csv.DictWriter(written, list(rows[0]) if rows else [])
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().translate(PLAIN).encode()
