"""A head start for the browser: the page's HTML names the decoder, so that it opens while Streamlit still loads.

Without it the browser would hear of the decoder only from the page's script, after half a second of Streamlit's own
start, and then fetch and compile several megabytes.
"""

from __future__ import annotations

import json
import logging
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.serving import frontend_base, missing_assets, publish_file

_log = logging.getLogger(__name__)
END_OF_HEAD = b"</head>"
MODULES = (
    "runtime/decoder.mjs",
    "latent_pad/latent_pad.mjs",
    "atlas_map/atlas_map.mjs",
)


class HeadStart:
    """Middleware that adds `tags()` to the head of each HTML page; everything else passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or "text/html" not in Headers(scope=scope).get("accept", "")
        ):
            await self._app(scope, receive, send)
            return
        # As plain text and from its beginning, whatever the browser has: the answer changes with our files.
        unwanted = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in unwanted]
        await self._app({**scope, "headers": headers}, receive, _Insertion(send, _model_of(scope)).send)


class _Insertion:
    """Holds back an HTML answer until it is whole, and sends it with the tags."""

    def __init__(self, send: Send, model: str | None) -> None:
        self._send = send
        self._model = model
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(END_OF_HEAD, (await run_in_threadpool(tags, self._model)).encode() + END_OF_HEAD, 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        headers["content-length"] = str(len(body))
        del headers["etag"]
        del headers["last-modified"]
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _model_of(scope: Scope) -> str | None:
    """The model that a link names."""
    return next(iter(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("model", [])), None)


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return message["status"] == 200 and headers.get("content-type", "").startswith("text/html")


def tags(model: str | None = None) -> str:
    """HTML for the head of a page; empty where nothing can be begun early. Never raises: the page works without.

    Args:
        model: the name in the page's link, if it has one.
    """
    try:
        return "" if missing_assets() else _tags(model)
    except Exception:
        _log.warning("The page goes without its head start", exc_info=True)
        return ""


def _tags(model: str | None) -> str:
    base, decoder = frontend_base(), _decoder(model)
    content = json.dumps({"decoder": decoder}).replace("<", "\\u003c")
    return "\n".join(
        [
            *(f'<link rel="modulepreload" href="{base}/{name}">' for name in MODULES),
            f'<script type="application/json" id="facespace-head-start">{content}</script>',
            f'<script type="module" async src="{base}/runtime/head_start.mjs"></script>\n',
        ]
    )


def _decoder(model: str | None) -> str | None:
    """Address of a model's decoder, of the first model's if there is no such name; None where it is yet to be made."""
    from app.cache import find_checkpoints  # late: the server answers before numpy is imported
    from models.decoder_file import find_decoder

    folders = find_checkpoints()[0]
    folder = folders.get(model or "") or next(iter(folders.values()), None)
    path = find_decoder(folder) if folder else None
    return publish_file(path) if path else None
