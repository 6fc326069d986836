"""Who may connect, and what a visitor cannot ask for, tried against the running app by Streamlit's own messages."""

from __future__ import annotations

import http.client
import re
import time

import pytest
import streamlit as st
from starlette.types import Message, Receive, Scope, Send
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from app.server import connections
from app.server.connections import Connections, may_connect
from benchmarks.protocol import Visitor
from benchmarks.server import Server
from tests.conftest import PATIENCE, run_alone


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://localhost:9", "null", "http://localhost.elsewhere.example", "file://"],
)
def test_a_page_of_another_origin_opens_no_connection(served: Server, origin: str) -> None:
    async def knock() -> int:
        try:
            visitor = await Visitor(served.url).open(headers={"Origin": origin})
        except InvalidStatus as refused:
            return refused.response.status_code
        await visitor.close()
        return 101

    assert run_alone(knock()) == 403


def test_nobody_is_asked_for_this_computers_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "get_external_ip", lambda: pytest.fail("a site of Amazon's was asked"))
    assert not may_connect("https://elsewhere.example", "localhost:8501")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "localhost:8501"),
        ("http://localhost:8501", "localhost:8501"),
        ("https://Faces.example", "faces.example"),  # behind a proxy that hands on the Host
        ("http://[::1]:8501", "[::1]:8501"),
    ],
)
def test_our_own_pages_and_programs_connect(origin: str | None, host: str) -> None:
    assert may_connect(origin, host)


def test_an_origin_that_the_owner_has_named_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"server.enableCORS": True, "server.corsAllowedOrigins": ["https://school.example/"]}
    monkeypatch.setattr(st, "get_option", options.get)
    monkeypatch.setattr(connections, "is_set", lambda option: False)
    assert may_connect("https://school.example", "10.0.0.7:8501")
    assert not may_connect("https://other.example", "10.0.0.7:8501")


def fetched(served: Server, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=PATIENCE)
    connection.request("GET", path, headers={"accept": "text/html"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("latin-1")


def test_a_visitor_cannot_empty_the_servers_caches(served: Server) -> None:
    """What is published lies in one, as do the class's answers: after Streamlit's "Clear cache" both would be gone."""
    end = time.monotonic() + PATIENCE
    while not (found := re.search(r'"decoder": "\.(/[^"]+)"', fetched(served, "/")[1])):
        assert time.monotonic() < end, "the server has not opened its checkpoints"
        time.sleep(0.5)
    assert fetched(served, found[1])[0] == 200

    async def clear() -> None:
        visitor = await Visitor(served.url).open("your-face")
        await visitor.at_rest()
        await visitor.send(BackMsg(clear_cache=True))
        box = await visitor.shown("file_uploader", "Photos")
        await visitor.upload(box, [])  # answered after what was sent before
        await visitor.close()

    run_alone(clear())
    assert fetched(served, found[1])[0] == 200


def test_files_cannot_be_asked_for_without_end() -> None:
    """A stand-in for Streamlit hears what is left of forty downloads that one page asks for."""
    connections.limiter.storage.reset()
    download = BackMsg()
    download.backend_operation_request.deferred_file.file_id = "strip.png"
    frames = [{"type": "websocket.receive", "bytes": download.SerializeToString()}] * 40
    heard: list[BackMsg] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        while frames:
            heard.append(BackMsg.FromString((await receive())["bytes"]))

    async def receive() -> Message:
        return frames.pop()

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope = {"type": "websocket", "headers": [], "client": ("10.0.0.7", 1234)}
    run_alone(Connections(streamlit)(scope, receive, send))
    made = [one.backend_operation_request.WhichOneof("payload") for one in heard]
    assert made == ["deferred_file"] * 30 + [None] * 10
