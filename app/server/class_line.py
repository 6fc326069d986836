"""The line of a class for what only one may have at a time, over all its servers.

A ticket stands in it as long as its server says so: what a server that has gone held is given up soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import streamlit as st

from app.server.class_store import Document, Store, store

LEASE = 15.0  # seconds for which a ticket stands without its server; clocks of servers may differ by a few
RENEWED = 5.0  # seconds after which a server says again that it is there
KEY = "line:live"


class Line:
    """Tickets in their order."""

    def __init__(self, kept: Store, clock: Callable[[], float] = time.time) -> None:
        """A line that is kept in a store; the clock tells seconds, alike on all servers."""
        self._store, self._clock = kept, clock

    def order(self, mine: Sequence[str], gone: Sequence[str] = ()) -> list[str]:
        """Who stands in line, the first in front.

        Args:
            mine: tickets of this server, in their order; those that are not in line yet are put at its end.
            gone: tickets to take out.
        """
        now = self._clock()
        known = _tickets(self._store.read(KEY))
        fresh = all(known.get(ticket, 0) > now + LEASE - RENEWED for ticket in mine)
        if fresh and not any(ticket in known for ticket in gone) and all(until > now for until in known.values()):
            return list(known)

        def tend(document: Document) -> Document:
            standing = {one: until for one, until in _tickets(document).items() if until > now and one not in gone}
            standing |= dict.fromkeys(mine, now + LEASE)  # a key that is there keeps its place
            return {"line": list(standing.items())}

        return list(_tickets(self._store.change(KEY, tend)))


def _tickets(document: Document) -> dict[str, float]:
    """Until when each ticket stands, in their order; what makes no sense is left out."""
    line = document.get("line")
    found = [one for one in line if isinstance(one, list | tuple) and len(one) == 2] if isinstance(line, list) else []
    return {str(ticket): float(until) for ticket, until in found if isinstance(until, int | float)}


@st.cache_resource(show_spinner=False)
def line() -> Line:
    """The one line of this server, and of those that share its store."""
    return Line(store())
