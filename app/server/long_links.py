"""A link that is too long for the app gets a sentence; the server under it would cut the connection."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.texts import N_, _, speaking, wanted

LONGEST = 64_000
"""Bytes of a link's parameters. The longest that a page writes, every slider of a bank moved, has some 5,000."""
PAGE = '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>\n<p>{words}</p></html>'
TITLE = N_("This link is too long")
WORDS = N_(
    "This link has {count:,} characters after its question mark, and a link of this app never has more than {most:,}. "
    'Ask for it again, or <a href="?">begin without it</a>.'
)


class LongLinks:
    """Middleware that answers 414 to requests with more parameters than any link has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and (count := len(scope.get("query_string", b""))) > LONGEST:
            language = wanted(None, Headers(scope=scope).get("accept-language"))
            with speaking(language):
                words = _(WORDS).format(count=count, most=LONGEST)
                page = PAGE.format(language=language, title=_(TITLE), words=words)
            await HTMLResponse(page, 414)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
