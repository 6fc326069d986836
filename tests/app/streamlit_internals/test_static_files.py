"""Streamlit's scripts from memory are what Streamlit itself would answer; for all else it is asked."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from app.early_pad.page_head import code_of_all_pages
from app.streamlit_internals import static_files
from app.streamlit_internals.page_html import PAGE
from tests.conftest import run_alone

STREAMLIT = create_streamlit_static_handler(str(PAGE.parent), None)
FILES = {kind: sorted(path.name for path in (PAGE.parent / "static" / kind).iterdir()) for kind in ("js", "css")}
SCRIPT = next(name for name in FILES["js"] if name.startswith("index."))


def ask(app: Any, path: str, method: str = "GET", **headers: str) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": method, "path": path, "root_path": "", "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run_alone(app(scope, _say_nothing, send))
    return sent


async def _say_nothing() -> Message:
    await asyncio.Event().wait()  # a browser that neither says more nor goes away
    return {}


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "passed on"})


GATE = static_files.StaticFiles(streamlit)


@pytest.mark.parametrize("path", [f"/static/js/{SCRIPT}", f"/static/css/{FILES['css'][0]}"])
def test_a_file_comes_with_streamlits_own_headers(path: str) -> None:
    ours, theirs = ask(GATE, path), ask(STREAMLIT, path)
    assert ours[0]["status"] == theirs[0]["status"] == 200
    assert dict(ours[0]["headers"]) == dict(theirs[0]["headers"])
    assert b"".join(part["body"] for part in ours[1:]) == b"".join(part["body"] for part in theirs[1:])


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/lesson", "GET", {}),
        ("/static/js/nonsense.js", "GET", {}),
        ("/static/js/../index.html", "GET", {}),
        ("/static/js/..", "GET", {}),
        ("/static/js/..\\index.html", "GET", {}),
        (f"/elsewhere/static/js/{SCRIPT}", "GET", {}),
        (f"/static/js/{SCRIPT}", "HEAD", {}),
        (f"/static/js/{SCRIPT}", "GET", {"range": "bytes=0-9"}),
        (f"/static/js/{SCRIPT}", "GET", {"if_none_match": '"it"'}),
    ],
)
def test_all_else_passes_through(path: str, method: str, headers: dict[str, str]) -> None:
    assert ask(GATE, path, method, **headers) == [{"type": "passed on"}]


def test_a_file_that_was_packed_is_the_same_for_who_takes_it_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "_packed", {})
    names = code_of_all_pages()
    assert f"js/{SCRIPT}" in names
    static_files.pack(names)
    for name in names:
        assert gzip.decompress(static_files._packed[name]) == (PAGE.parent / "static" / name).read_bytes()
    path = f"/static/js/{SCRIPT}"
    start, body = ask(GATE, path, accept_encoding="br, gzip")
    headers = dict(start["headers"])
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"Accept-Encoding"
    assert int(headers[b"content-length"]) == len(body["body"]) < len(ask(GATE, path)[1]["body"]) / 2
    assert b"etag" not in headers
    plain = dict(ask(GATE, path)[0]["headers"])
    assert {name: headers[name] for name in (b"content-type", b"cache-control")} == {
        name: plain[name] for name in (b"content-type", b"cache-control")
    }
    assert b"content-encoding" not in plain


def test_a_large_file_goes_out_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "LARGEST", 10)
    static_files._read.cache_clear()
    assert ask(GATE, f"/static/js/{SCRIPT}") == [{"type": "passed on"}]
    static_files._read.cache_clear()
