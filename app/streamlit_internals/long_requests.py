"""How long the head of a request may be before the server cuts the connection without a word.

Relies on: Streamlit serves by uvicorn with h11 and sets no limit, so each connection takes that of uvicorn's module.
"""

from __future__ import annotations

MOST_BYTES = 3_000_000  # browsers send links of up to two million characters


def hear_out() -> None:
    """Read the whole head of a long request, so that it can be answered (`app.server.long_links`)."""
    from uvicorn.protocols.http import h11_impl

    vars(h11_impl)["DEFAULT_MAX_INCOMPLETE_EVENT_SIZE"] = MOST_BYTES
