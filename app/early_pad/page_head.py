"""What is added to a page's HTML: our style, the address of the decoder, and the first pad.

Without it the browser would hear of them only from the page's script, after a second of Streamlit's own start: what is
drawn by then would jump, and several megabytes would still have to be fetched. See
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
from app.server.frontend_files import PLOTLY
from app.server.published import PREFIX, frontend_base, missing_assets, page_files, publish_file, route_root
from app.streamlit_internals.element_code import (
    CHART,
    KINDS,
    LATEX,
    element_modules,
    first_modules,
    named_by_the_page,
    react,
)
from app.streamlit_internals.pings import PINGS
from app.texts.catalogue import texts_for_modules

checkpoints_open = threading.Event()  # a page may ask for what is in them without keeping anybody waiting
OPENING = 1.5
"""Seconds that the first page of a server waits for them: they are opened in less, and without its pad it would stand
later by more."""
if TYPE_CHECKING:
    from app.components.latent_pad import PadMessage

_log = logging.getLogger(__name__)
HEAD, END_OF_HEAD, BODY, ENGLISH = b"<head>", b"</head>", b"<body>", b'<html lang="en">'
BEFORE_STREAMLIT = {"history": "", "backend": "", "elements_at_once": f' data-react="{react()}"'}
"""Modules of page/, and what their tags say to them."""
# Modules that the first face needs; the worker's as well.
SHARED = ("page/",)
SOON = ("decoding/", *SHARED, "latent_pad/")
ALSO = {"/your-face": ("face_marks/",), "/generate": ("face_grid/",)}
"""What a page's address ends with, and what that page needs as well."""
WITHOUT_FACES = ("/generate", "/your-face", "/models")  # pages whose faces the browser does not draw
FACES_IN_LESSON = (None, "autoencoder", "generating")  # chapters where it does; without a name, the first
MAP_IN_LESSON = "exploring"  # the chapter that begins with a map
LESSON = "/lesson"  # whose maps are drawn a while after it was opened
MORE_KINDS = {
    LESSON: (LATEX,),
    "/edit": ("FileUploader", "Multiselect", "TextInput"),
    "/generate": ("FileUploader", "NumberInput", "Slider"),
    "/your-face": ("FileUploader",),
    "/models": ("TextInput",),
}
"""What a page's address ends with, and which elements of Streamlit's it has besides those of most pages."""
OF_CHAPTERS = {"training": ("Slider",), "variational": ("Slider", "Metric"), "reparametrisation": ("Slider",)}
"""The same for chapters of the lesson."""
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
            ours, elements = _modules(path, params), _elements(path, params)
            before, behind = (ours, elements) if _is_first_page(path) else ("", ours + elements)
            return _before_streamlit() + before, texts_for_modules(language) + _start(path, params) + behind
    except Exception:
        _log.warning("The page comes without what is added to its head", exc_info=True)
        return "", ""


def _before_streamlit() -> str:
    """What has to run before Streamlit's own code, which stands further down, and what that will ask for first."""
    base = frontend_base()
    scripts = "".join(  # none of them async, which would let Streamlit's come first
        f'\n<script type="module" src="{base}/page/{name}.mjs"{said}></script>'
        for name, said in BEFORE_STREAMLIT.items()
    )
    return scripts + "".join(f'\n<link rel="preload" as="fetch" crossorigin href="{address}">' for address in PINGS)


def _modules(path: str, params: Mapping[str, str]) -> str:
    """Our own modules that the page will need.

    On the first page before all else: a browser fetches six files at a time, and Streamlit names sixty. On the others
    nothing of ours is seen before Streamlit stands, so its files come first.
    """
    wanted: tuple[str, ...] = SOON if _draws_faces(path, params) else SHARED
    wanted += next((more for end, more in ALSO.items() if path.rstrip("/").endswith(end)), ())
    modules = sorted(name for name in page_files() if name.startswith(wanted) and name.endswith(".mjs"))
    return "".join(f'\n<link rel="modulepreload" href="{frontend_base()}/{name}">' for name in modules)


def _draws_faces(path: str, params: Mapping[str, str]) -> bool:
    """Whether the page begins with faces that the browser draws."""
    if path.rstrip("/").endswith(LESSON):
        return params.get("chapter") in FACES_IN_LESSON
    return not path.rstrip("/").endswith(WITHOUT_FACES)


def _elements(path: str, params: Mapping[str, str]) -> str:
    """Behind all else: Streamlit asks for these only when the server has sent what they draw."""
    addresses = element_modules(_kinds(path, params))
    return "".join(f'\n<link rel="modulepreload" href="{address}">' for address in addresses)


def code_of_all_pages() -> list[str]:
    """Streamlit's scripts and styles of all our pages, by their paths below `static/`."""
    more = [kind for kinds in (*MORE_KINDS.values(), *OF_CHAPTERS.values()) for kind in kinds]
    elements = element_modules((*KINDS, *sorted(set(more)), CHART))
    return [*named_by_the_page(), *(address.removeprefix("./static/") for address in elements)]


def _kinds(path: str, params: Mapping[str, str]) -> tuple[str, ...]:
    """Streamlit's elements on a page."""
    end = next((end for end in MORE_KINDS if path.rstrip("/").endswith(end)), "")
    of_chapter = OF_CHAPTERS.get(params.get("chapter", ""), ()) if end == LESSON else ()
    return *KINDS, *MORE_KINDS.get(end, ()), *of_chapter


def _start(path: str, params: Mapping[str, str]) -> str:
    pad = _pad(path, params)
    lesson = path.rstrip("/").endswith(LESSON)
    known = {
        "decoder": _decoder(params.get("model")),
        "later": not _draws_faces(path, params),
        "pad": pad,
        "plotly": f"{frontend_base()}/vendor/{PLOTLY}" if lesson or _is_first_page(path) else None,
        "mapFirst": _begins_with_a_map(path, params),
        "elements": first_modules(_kinds(path, params)),
    }
    content = json.dumps(known).replace("<", "\\u003c")
    return "\n".join(
        [
            *([f'<template id="facespace-early-pad">{_look_of_the_pad()}</template>'] if pad else []),
            f'<script type="application/json" id="facespace-page-head">{content}</script>',
            f'<script type="module" async src="{frontend_base()}/page/before_streamlit.mjs"></script>',
            f'<script type="module" src="{frontend_base()}/page/after_streamlit.mjs"></script>\n',
        ]
    )


def _begins_with_a_map(path: str, params: Mapping[str, str]) -> bool:
    return _is_first_page(path) or (path.rstrip("/").endswith(LESSON) and params.get("chapter") == MAP_IN_LESSON)


def _pad(path: str, params: Mapping[str, str]) -> PadMessage | None:
    """What the first pad of the page is given; None for other pages, and while a server starts long."""
    if not _is_first_page(path) or not checkpoints_open.wait(OPENING):
        return None
    from app.early_pad.first_pad import first_pad  # late: the server answers before numpy is imported

    return first_pad(params)


def _is_first_page(path: str) -> bool:
    return path.rstrip("/") == route_root().removesuffix(PREFIX)


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
