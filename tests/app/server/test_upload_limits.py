"""How much visitors may send: tried against the running app, and against the gate alone where hundreds are needed."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app.paths import PORTRAIT
from app.server import held_files, upload_limits
from app.server.upload_limits import MEGABYTES, UploadLimits
from app.session.photos import File
from app.streamlit_internals import uploads
from benchmarks.protocol import Visitor
from benchmarks.server import Server
from tests.conftest import PATIENCE, run_alone

PATH = "/_stcore/upload_file/{}/photo"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    upload_limits.limiter.storage.reset()
    yield
    upload_limits.limiter.storage.reset()


def put(session: str, headers: dict[str, str], path: str = PATH) -> int:
    """The gate's status; 204 where Streamlit would hear of the file, which must then be counted."""
    return answered(session, headers, path)[0]


def answered(session: str, headers: dict[str, str], path: str = PATH) -> tuple[int, str]:
    """What the gate answers: its status and its words."""

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        assert held_files.bytes_held() >= int(headers.get("content-length", "0")) or session in upload_limits._trusted
        await PlainTextResponse("", 204)(scope, receive, send)

    async def receive() -> Message:
        raise AssertionError("a file was read before it was allowed")

    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "PUT", "path": path.format(session), "headers": raw}
    run_alone(UploadLimits(streamlit)(scope, receive, send))
    return messages[0]["status"], b"".join(message.get("body", b"") for message in messages).decode()


def test_a_photo_comes_through_and_a_file_that_is_too_large_is_refused_before_it_is_sent(served: Server) -> None:
    async def visit() -> tuple[list[int], str]:
        visitor = await Visitor(served.url).open("your-face")
        await visitor.at_rest()
        box = await visitor.shown("file_uploader", "Photos")
        statuses = await visitor.upload(box, [("one.jpg", b"no picture"), ("two.jpg", b"nor this")])
        session = visitor.session
        await visitor.close()
        return statuses, session

    statuses, session = run_alone(visit())
    assert statuses == [204, 204]
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=PATIENCE)
    connection.putrequest("PUT", PATH.format(session))
    connection.putheader("Content-Length", str(300_000_000))
    connection.endheaders()  # and not a byte of the file
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (
        413,
        "A file may have 20\N{NO-BREAK SPACE}MB, and its length has to be announced.".encode(),
    )


@pytest.mark.parametrize("headers", [{}, {"content-length": "-1"}, {"content-length": "9" * 5000}])
def test_a_length_that_is_not_announced_is_too_much(headers: dict[str, str]) -> None:
    assert put("ada", headers) == 413


def test_who_reads_german_is_refused_in_german() -> None:
    words = "Eine Datei darf 20\N{NO-BREAK SPACE}MB haben, und ihre Länge muss angekündigt sein."
    assert answered("ada", {"accept-language": "de"}) == (413, words)


def test_one_visitor_waits_after_sixty_files_and_the_next_one_does_not() -> None:
    assert [put("ada", {"content-length": "1000"}) for _ in range(61)] == [204] * 60 + [429]
    assert put("grace", {"content-length": "1000"}) == 204


def test_all_together_wait_after_six_hundred() -> None:
    assert {put(f"student {number % 30}", {"content-length": "1000"}) for number in range(600)} == {204}
    assert put("one more", {"content-length": "1000"}) == 429


def test_files_that_nobody_has_taken_yet_and_photos_on_pages_share_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    large = {"content-length": str(MEGABYTES * 1_000_000)}
    monkeypatch.setattr(uploads, "bytes_not_taken", lambda: upload_limits.MOST_HELD - 30_000_000)
    assert put("ada", large) == 204
    photo = File("me.jpg", bytes(15_000_000))
    assert put("ada", large) == 503
    del photo
    assert put("ada", large) == 204


def test_the_owners_checkpoints_may_be_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "this_session", lambda: "owner")
    monkeypatch.setattr(upload_limits, "_trusted", type(upload_limits._trusted)())
    assert put("owner", {"content-length": "300000000"}) == 413
    upload_limits.trust()
    assert put("owner", {"content-length": "300000000"}) == 204
    assert put("ada", {"content-length": "300000000"}) == 413


def test_a_file_that_never_ends_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_limits, "SECONDS", 0.01)
    before = held_files.bytes_held()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    status: list[int] = []

    async def send(message: Message) -> None:
        status.extend([message["status"]] if message["type"] == "http.response.start" else [])

    scope = {"type": "http", "method": "PUT", "path": PATH.format("ada"), "headers": [(b"content-length", b"9")]}
    run_alone(UploadLimits(slow)(scope, never, send))
    assert status == [408]
    assert held_files.bytes_held() == before


def test_what_is_no_upload_passes_untouched() -> None:
    assert put("", {}, "/facespace/data/0/mu.i8") == 204


def test_photos_that_come_at_once_take_turns_and_pages_say_how_many_come_before(served: Server) -> None:
    async def give() -> list[Visitor]:
        visitors = [await Visitor(served.url).open("your-face") for _ in range(4)]
        boxes = [await visitor.shown("file_uploader", "Photos") for visitor in visitors]
        for visitor in visitors:
            await visitor.at_rest()
        photo = PORTRAIT.read_bytes()
        sent = [one.upload(box, [("me.jpg", photo)]) for one, box in zip(visitors, boxes, strict=True)]
        assert await asyncio.gather(*sent) == [[204]] * 4
        for visitor in visitors:
            await visitor.shown("button", "me.jpg", PATIENCE)
            await visitor.close()
        return visitors

    told = [text for visitor in run_alone(give()) for text in visitor.texts if "before your photo" in text]
    assert told


def test_at_the_computer_itself_a_checkpoint_above_the_visitors_limit_comes_through(served: Server) -> None:
    async def bring() -> list[list[int]]:
        visitor = await Visitor(served.url).open("models")
        box = await visitor.shown("file_uploader", "The three files")
        network = [("encoder.onnx", bytes(MEGABYTES * 1024 * 1024 + 1_000_000))]
        statuses = [await visitor.upload(box, network)]
        await visitor.close()
        stranger = await Visitor(served.url).open("models", headers={"X-Forwarded-For": "203.0.113.9"})
        box = await stranger.shown("file_uploader", "Load a shelf file")
        await stranger.at_rest()
        assert stranger.control("file_uploader", "The three files") is None
        statuses.append(await stranger.upload(box, network))
        await stranger.close()
        return statuses

    owner, stranger = run_alone(bring())
    assert owner == [204]
    assert stranger != [204]
