"""What browsers are told with every answer: what a page may load and run, and who may show it in a frame.

The policy is as strict as our pages allow: Streamlit writes style by script and runs its components' first lines from a
Blob, Plotly's WebGL makes functions from text (without, the map is a sentence), and onnxruntime-web is compiled from
WebAssembly. No script that somebody has put into a page's HTML is run, and no other site is asked for anything.
Sources: W3C, Content Security Policy Level 3, and Fetch, Cross-Origin-Resource-Policy.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.streamlit_internals.page_html import inline_script_hashes

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob: 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a link holds a face and its sliders, which are nobody else's business
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class AnswerHeaders:
    """Middleware that adds the headers to every answer, whoever gave it, and keeps those that are there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        framed = may_be_framed(scope.get("query_string", b""))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_of_an_answer(framed).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def may_be_framed(query: bytes) -> bool:
    """Whether an address asks for the page to be shown within another site's, as Streamlit has it: `?embed=true`.

    The page's controls then belong to nobody in particular: `app.server.owner` takes no such visitor for the owner.
    """
    return "true" in parse_qs(query.decode("latin-1")).get("embed", [])


@cache
def headers_of_an_answer(framed: bool) -> dict[str, str]:
    """All headers, by name; `framed` answers may be shown within any site's page, others within this server's alone."""
    rules = POLICY | {"script-src": " ".join([POLICY["script-src"], *inline_script_hashes()])}
    if framed:
        more = {}
    else:
        rules |= {"frame-ancestors": "'self'"}
        more = {"X-Frame-Options": "SAMEORIGIN"}  # for browsers that do not know frame-ancestors
    return PLAIN | more | {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in rules.items())}
