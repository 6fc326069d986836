"""How numbers are written, the same on every page."""

from __future__ import annotations


def percent(share: float, digits: int = 0) -> str:
    """A share, 0 to 1, as "6 %" or with digits after the point as "6.4 %"."""
    return f"{100 * share:.{digits}f} %"
