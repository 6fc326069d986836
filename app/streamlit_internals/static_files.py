"""Streamlit's own scripts and styles from memory: a page asks for more than a hundred of them at once.

Streamlit opens, reads and closes each file in threads of their own. While others compute for the first visitor, each
change of threads waits for its turn, and a file takes several. And it sends them as they are, several megabytes a page;
once `pack` has run, browsers get a third of that.

Relies on: they lie below `static/` of the package's folder `static`, are served under that address behind the base
path, and have a hash of their content in the name, so that Streamlit has browsers keep them for a year.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import STATIC_ASSET_CACHE_MAX_AGE_SECONDS

from app.streamlit_internals.page_html import PAGE

FOLDERS = ("js", "css")
NAME = re.compile(r"\w[\w.-]*")
LARGEST = 1_000_000  # bytes; larger ones are few, and go out in pieces
CONDITIONS = {b"range", b"if-range", b"if-none-match", b"if-modified-since"}
Headers = list[tuple[bytes, bytes]]
_packed: dict[str, bytes] = {}  # by path below `static/`, such as "js/index.DormvYxC.js"


def pack(names: Iterable[str]) -> None:
    """Compress some of the files, by their paths below `static/`, for all who ask for them from then on."""
    for name in names:
        _packed[name] = gzip.compress((PAGE.parent / "static" / name).read_bytes(), 6, mtime=0)


class StaticFiles:
    """Middleware that answers for those files; all else, and whoever asks for part of a file, passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = None
        if scope["type"] == "http" and scope["method"] == "GET":
            place, _, name = str(scope["path"]).rpartition("/")
            if name and CONDITIONS.isdisjoint(header for header, _ in scope["headers"]):
                packs = any(header == b"accept-encoding" and b"gzip" in said for header, said in scope["headers"])
                folder = _folders().get(place, "")
                found = _packed_answer(folder, name) if packs else _read(folder, name)
        if found is None:
            await self._app(scope, receive, send)
            return
        headers, content = found
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": content})


def _folders() -> dict[str, str]:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    root = f"/{base}/static" if base else "/static"
    return {f"{root}/{folder}": folder for folder in FOLDERS}


@lru_cache(maxsize=512)  # more than there are
def _read(folder: str, name: str) -> tuple[Headers, bytes] | None:
    path = PAGE.parent / "static" / folder / name
    if not folder or not NAME.fullmatch(name) or not path.is_file():
        return None
    answer = _answer(path)
    return None if path.stat().st_size > LARGEST else (answer.raw_headers, path.read_bytes())


def _packed_answer(folder: str, name: str) -> tuple[Headers, bytes] | None:
    content = _packed.get(f"{folder}/{name}")
    if content is None:
        return _read(folder, name)
    answer = _answer(PAGE.parent / "static" / folder / name)
    del answer.headers["etag"]  # of the file as it is
    answer.headers.update(
        {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Content-Length": str(len(content))},
    )
    return answer.raw_headers, content


def _answer(path: Path) -> FileResponse:
    answer = FileResponse(path, stat_result=path.stat())
    answer.headers["Cache-Control"] = f"public, immutable, max-age={STATIC_ASSET_CACHE_MAX_AGE_SECONDS}"
    return answer
