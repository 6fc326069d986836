"""Who may connect to the app, and what they may ask of Streamlit: our own pages, what these need, and not too often.

Streamlit refuses most pages of other sites, but takes every server of the same computer for a friend, whatever its
port; and before it refuses a page it asks a site of Amazon's for this computer's address. Here the answer is given
without asking.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.rates import limiter, parse
from app.streamlit_internals.command_line import is_set
from app.streamlit_internals.messages import passed_on

_log = logging.getLogger(__name__)
REFUSED = (
    "A page of %r wanted to connect to %r and was refused. If it is yours, let the proxy before the app hand on the "
    "Host that the browser asked for, or name the page's origin in server.corsAllowedOrigins."
)
LONGEST = 200  # characters of a stranger's words in the log
EACH, ALL = parse("30/minute"), parse("300/minute")  # files that are made when they are asked for


class Connections:
    """Middleware that refuses a websocket of another origin's page, and keeps from Streamlit what nobody needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin, host = headers.get("origin"), headers.get("host", "")
        if not may_connect(origin, host):
            _log.warning(REFUSED, str(origin)[:LONGEST], host[:LONGEST])
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the answer is 403
            return
        connection = f"{scope.get('client')}"

        def may_export() -> bool:
            return limiter.hit(EACH, "exports", connection) and limiter.hit(ALL, "exports")

        async def sifted() -> Message:
            while True:
                message = await receive()
                if not message.get("bytes"):
                    return message
                data = passed_on(message["bytes"], may_export)
                if data is not None:
                    return {**message, "bytes": data}

        await self._app(scope, sifted, send)


def may_connect(origin: str | None, host: str) -> bool:
    """Whether a websocket is opened by one of our own pages, or by no page at all.

    Args:
        origin: of the page, as its browser says; None for programs, which could say what they like.
        host: that was asked for.
    """
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    asked = urlsplit(origin.lower())
    if asked.netloc and asked.netloc == host.lower():
        return True
    allowed = {str(one).strip().rstrip("/").lower() for one in st.get_option("server.corsAllowedOrigins")}
    named = str(st.get_option("browser.serverAddress") or "").lower() if is_set("browser.serverAddress") else ""
    return origin.lower() in allowed or bool(named and asked.hostname == named)
