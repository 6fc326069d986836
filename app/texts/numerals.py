"""Numbers as a reader sees them: Python's own formats, with a true minus, and a decimal comma where that is usual."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from numbers import Number
from typing import Any

SWAPPED = str.maketrans(",.", ".,")
MINUS = "\N{MINUS SIGN}"  # as wide as a plus
COMMA = ("de",)
"""Languages that write 1.234,5 for 1,234.5."""


def numeral(value: object, spec: str, spoken: str) -> str:
    """The value by a format such as ",.1f", as a language writes it; what is no number by its format as it is."""
    said = format(value, spec)
    if not isinstance(value, Number) or isinstance(value, bool):
        return said
    return (said.translate(SWAPPED) if spoken in COMMA else said).replace("-", MINUS)


def separators(spoken: str) -> str:
    """What stands before decimals and between thousands, as Plotly's `layout.separators` has it."""
    return ",." if spoken in COMMA else ".,"


class Template(str):
    """A text of a language whose numbers are filled in as that language writes them."""

    spoken: str

    def __new__(cls, text: str, spoken: str) -> Template:
        """The text of a language."""
        made = super().__new__(cls, text)
        made.spoken = spoken
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What a copy is made of: Plotly copies the texts of its charts."""
        return str(self), self.spoken

    def format(self, *args: object, **values: object) -> str:
        """As `str.format`."""
        return _Formatter(self.spoken).vformat(self, args, values)

    def format_map(self, mapping: Mapping[str, object]) -> str:  # type: ignore[override]
        """As `str.format_map`."""
        return _Formatter(self.spoken).vformat(self, (), mapping)


class _Formatter(string.Formatter):
    def __init__(self, spoken: str) -> None:
        self._spoken = spoken

    def format_field(self, value: Any, format_spec: str) -> Any:
        return numeral(value, format_spec, self._spoken)

    def check_unused_args(self, used_args: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """More values than places are no error, as in `str.format`."""
