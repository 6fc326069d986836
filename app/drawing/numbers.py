"""How numbers are written, the same on every page."""

from __future__ import annotations

from app.texts import numeral


def percent(share: float, digits: int = 0) -> str:
    """A share, 0 to 1, as "6 %" or with digits after the point as "6.4 %" (in German "6,4 %").

    No line breaks between the number and its sign.
    """
    return f"{numeral(100 * share, f'.{digits}f')}\N{NO-BREAK SPACE}%"
