"""What a picture folder or its lists can be refused with, and how their names are spelled in a sentence."""

from __future__ import annotations

import os
from pathlib import Path


class DataError(ValueError):
    """A picture folder cannot be used; the message says what is wrong and what to do."""


def spelled(path: str | Path) -> str:
    """A path that any terminal and any page can show: bytes of its name that are no UTF-8 become question marks."""
    return os.fsencode(path).decode("utf-8", "replace")
