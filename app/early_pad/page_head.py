"""What is added to a page's HTML: our style, the address of the decoder, and the first pad.

Without it the browser would hear of them only from the page's script, after a second of Streamlit's own start: what is
drawn by then would jump, and several megabytes would still have to be fetched and compiled. See
`latent_pad/early.mjs` for what it does with the pad.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import texts
from app.drawing.page_styles import EVERYWHERE as STYLE
from app.drawing.theme import theme_colours
from app.paths import COMPONENTS
from app.server.published import PREFIX, frontend_base, missing_assets, page_files, publish_file, route_root
from app.streamlit_internals.element_code import element_modules
from app.texts.catalogue import texts_for_modules

checkpoints_open = threading.Event()  # a page may ask for what is in them without keeping anybody waiting
if TYPE_CHECKING:
    from app.components.latent_pad import PadMessage

_log = logging.getLogger(__name__)
HEAD, END_OF_HEAD, BODY, ENGLISH = b"<head>", b"</head>", b"<body>", b'<html lang="en">'
# Modules that the first face needs; the worker's as well.
SOON = ("decoding/", "page/", "latent_pad/", "vendor/ort.wasm.bundle")
ALSO = {"/your-face": ("face_marks/",)}  # what a page's address ends with, and what that page needs as well
LATER = ("/lesson",)  # pages that draw their first map a while after they were opened
PAD = COMPONENTS / "latent_pad"


class HeadTags:
    """Middleware that adds `tags()` and our style to each HTML page; everything else passes through untouched."""

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
        await self._app({**scope, "headers": headers}, receive, _Insertion(send, scope).send)


class _Insertion:
    """Holds back an HTML answer until it is whole, and sends it with the tags."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._path = str(scope["path"])
        self._params = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
        self._language = texts.wanted(self._params.get(texts.PARAMETER), Headers(scope=scope).get("accept-language"))
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
        begin, end = await run_in_threadpool(tags, self._path, self._params, self._language)
        body = self._body.replace(HEAD, HEAD + begin.encode(), 1).replace(END_OF_HEAD, end.encode() + END_OF_HEAD, 1)
        body = body.replace(BODY, BODY + STYLE.encode(), 1)  # after Streamlit's own style
        body = body.replace(ENGLISH, f'<html lang="{self._language}">'.encode(), 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        headers["content-length"] = str(len(body))
        del headers["etag"]
        del headers["last-modified"]
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return message["status"] == 200 and headers.get("content-type", "").startswith("text/html")


def tags(path: str, params: Mapping[str, str], language: str) -> tuple[str, str]:
    """HTML for the beginning and for the end of a page's head; empty where nothing can be begun early.

    Never raises: the page works without.

    Args:
        path, params: of the page's address.
        language: of the reader, one of `texts.LANGUAGES`.
    """
    try:
        if missing_assets():
            return "", ""
        with texts.speaking(language):
            return _preloads(path), texts_for_modules(language) + _start(path, params) + _elements()
    except Exception:
        _log.warning("The page comes without what is added to its head", exc_info=True)
        return "", ""


def _preloads(path: str) -> str:
    """Before all else: a browser fetches six files at a time, and Streamlit names sixty."""
    base = frontend_base()
    wanted = SOON + next((more for end, more in ALSO.items() if path.rstrip("/").endswith(end)), ())
    modules = sorted(name for name in page_files() if name.startswith(wanted) and name.endswith(".mjs"))
    # Not async: it has to run before Streamlit's own code, which stands further down.
    history = f'\n<script type="module" src="{base}/page/history.mjs"></script>'
    return history + "".join(f'\n<link rel="modulepreload" href="{base}/{name}">' for name in modules)


def _elements() -> str:
    """Behind all else: Streamlit asks for these only when the server has sent what they draw."""
    return "".join(f'\n<link rel="modulepreload" href="{address}">' for address in element_modules())


def _start(path: str, params: Mapping[str, str]) -> str:
    pad = _pad(path, params)
    plotly = f"{frontend_base()}/vendor/plotly.min.js" if path.rstrip("/").endswith(LATER) else None
    known = {"decoder": _decoder(params.get("model")), "pad": pad, "plotly": plotly}
    content = json.dumps(known).replace("<", "\\u003c")
    return "\n".join(
        [
            *([f'<template id="facespace-early-pad">{_look_of_the_pad()}</template>'] if pad else []),
            f'<script type="application/json" id="facespace-page-head">{content}</script>',
            f'<script type="module" async src="{frontend_base()}/page/before_streamlit.mjs"></script>\n',
        ]
    )


def _pad(path: str, params: Mapping[str, str]) -> PadMessage | None:
    """What the first pad of the page is given; None for other pages than the first one, and while the server starts."""
    if path.rstrip("/") != route_root().removesuffix(PREFIX) or not checkpoints_open.is_set():
        return None
    from app.early_pad.first_pad import first_pad  # late: the server answers before numpy is imported

    return first_pad(params)


def _look_of_the_pad() -> str:
    """The pad's HTML and style, as Streamlit will put them into its page, with the theme's colours."""
    colours = {"": theme_colours("light"), "([data-dark])": theme_colours("dark")}
    theme = "".join(f":host{which} {{ {values} }}\n" for which, values in colours.items())
    style = [(PAD / name).read_text(encoding="utf-8") for name in ("latent_pad.css", "early.css")]
    return f"<style>{theme}{''.join(style)}</style>{(PAD / 'latent_pad.html').read_text(encoding='utf-8')}"


def _decoder(model: str | None) -> str | None:
    """Address of a model's decoder, of the first model's if there is no such name; None where it is yet to be made."""
    from app.checkpoints.discovery import find_checkpoints, model_to_begin_with  # late, as above
    from models.onnx.find_decoder import find_decoder

    found = find_checkpoints()[0]
    files = found.get(model or "") or (found[model_to_begin_with(found)] if found else None)
    path = find_decoder(files) if files else None
    return publish_file(path) if path else None
