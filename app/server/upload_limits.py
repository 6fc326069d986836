"""How many files, and how many bytes, visitors may send: each of them, and all together, before anything is read.

A class may drop its photos at once; a program that sends without end is told to wait, and a file that is too large is
refused by its announced length. Streamlit's own limit is that of the largest file of all, an owner's checkpoint.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.held_files import bytes_held, reserve
from app.server.rates import RateLimitItem, limiter, parse
from app.streamlit_internals import uploads
from app.texts import _, speaking, wanted

MEGABYTES = 20  # of a photo or a shelf
FRAMING = 64 * 1024  # bytes that a form adds to its file
MOST_HELD = 1_500_000_000  # bytes of all visitors' files, those on their way included
EACH, ALL = parse("60/minute"), parse("600/minute")
SECONDS = 120  # for one file to arrive
MOST_TRUSTED = 1000  # sessions; the one that was trusted longest ago goes first

_trusted: OrderedDict[str, None] = OrderedDict()


def trust() -> None:
    """Let the visitor whose page runs now send files of any size that Streamlit takes: for the owner's checkpoints."""
    if (session := uploads.this_session()) is not None:
        _trusted[session] = None
        while len(_trusted) > MOST_TRUSTED:
            _trusted.popitem(last=False)


class UploadLimits:
    """Middleware that lets an upload through, or says in a sentence why not; all else passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        session = uploads.session_of(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if session is None or session in _trusted:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        size, language = _announced(headers), wanted(None, headers.get("accept-language"))
        with speaking(language):
            refusal = _refusal(session, size)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        arrived = reserve(size)
        try:
            async with asyncio.timeout(SECONDS):
                await self._app(scope, receive, send)
        except TimeoutError:
            with speaking(language):
                late = PlainTextResponse(_("The file took too long to arrive. Send it again."), 408)
            await late(scope, receive, send)
        finally:
            arrived()


def _announced(headers: Headers) -> int:
    """Bytes that will come, as the request says; one that does not say may bring as many as are allowed, and more."""
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else MEGABYTES * 1024 * 1024 + FRAMING + 1


def _refusal(session: str, size: int) -> Response | None:
    if size > MEGABYTES * 1024 * 1024 + FRAMING:
        words = _("A file may have {megabytes} MB, and its length has to be announced.")
        return PlainTextResponse(words.format(megabytes=MEGABYTES), 413)
    if not _within(EACH, session) or not _within(ALL, "all"):
        return PlainTextResponse(_("Too many files within a minute. Wait a minute."), 429, {"Retry-After": "60"})
    if bytes_held() + uploads.bytes_not_taken() + size > MOST_HELD:
        words = _("Others' photos fill the memory that is set apart for photos. Try again later.")
        return PlainTextResponse(words, 503, {"Retry-After": "60"})
    return None


def _within(limit: RateLimitItem, whose: str) -> bool:
    return limiter.hit(limit, "uploads", whose)
