"""How far a long measurement has come, on the terminal or in a log."""

from __future__ import annotations

import sys

from tqdm import tqdm


def progress(total: int, description: str, unit: str) -> tqdm[None]:
    """A bar for `total` pieces of work; in a log, where each state takes a line, one every 30 seconds."""
    interval = 0.5 if sys.stderr.isatty() else 30
    return tqdm(total=total, desc=description, unit=f" {unit}", mininterval=interval)
