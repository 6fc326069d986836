"""Tables between marks in the README, so that nobody pastes a figure.

A table stands between `<!-- table NAME -->` and `<!-- end NAME -->`; a measured one ends in its day and machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.report import Row, table
from models.training.hardware import machine


class MarksError(ValueError):
    """The README lacks the marks of a table; the message names them."""


def between_marks(text: str, name: str, content: str) -> str:
    """`text` with what stands between the marks of a table replaced by `content`.

    Raises:
        MarksError: there are no such marks, or more than one pair of them.
    """
    begin, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise MarksError(f"the README needs one pair of marks for the table {name!r}: {begin} and, below it, {end}.")
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}\n{content}\n{end}", text, flags=re.DOTALL)


def write_table(readme: Path, name: str, rows: Sequence[Row]) -> None:
    """Put a freshly measured table into the README, with the day and the machine below it.

    Raises:
        MarksError: the README has no place for it.
    """
    made = f"{table(rows)}\n\n(`python -m benchmarks {name} --write`, {date.today():%Y-%m-%d}, {machine()})"
    text = between_marks(readme.read_text(encoding="utf-8"), name, made)
    readme.write_text(text, encoding="utf-8")
