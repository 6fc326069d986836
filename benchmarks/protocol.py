"""A visitor without a browser: it speaks Streamlit's own messages over a websocket, as the page's script does.

Hundreds of them fit where a few browsers would: what is measured is the server. Of what a page shows it keeps the
controls, so that it can change them, and the words, so that a test can look for them.
"""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

LARGEST = 200 * 1024 * 1024  # bytes of a message, as Streamlit has it
PATIENCE = 60.0  # seconds


@dataclass
class Control:
    """Something on a page that has a state: its kind as Streamlit's messages name it, its id and its label."""

    kind: str
    id: str
    label: str


@dataclass
class Visitor:
    """One session.

    Attributes:
        url: of the app, without a slash at the end.
        controls: by id, of the page as it stands.
        texts: words that the page shows, as far as they come as Markdown, as an alert or as a progress bar's words.
        runs: how many runs of the page's script have ended, also those that were cut short.
        running: whether the server says that one is under way.
        first_delta: seconds from setting off to the first thing that is drawn; None before.
        received: bytes of all messages.
        session: its id on the server.
        cookies: as a browser keeps them; those of an earlier visit may be given.
    """

    url: str
    controls: dict[str, Control] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    runs: int = 0
    running: bool = False
    first_delta: float | None = None
    received: int = 0
    session: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _answers: dict[str, Any] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _query: str = ""
    _page: str = ""
    _page_hash: str = ""

    async def open(self, path: str = "", query: str = "", headers: Mapping[str, str] | None = None) -> Visitor:
        """Connect and ask for a page.

        Args:
            path: of the page, such as "your-face"; "" for the first one.
            query: of its address, without the question mark.
            headers: to send with the handshake, such as another Origin.

        Raises:
            websockets.exceptions.InvalidStatus: the server refuses.
        """
        began = time.monotonic()
        self._began, self._query, self._page = began, query, path
        token = await asyncio.to_thread(self._greet)
        where = urlsplit(self.url)
        given = dict(headers or {})
        origin = given.pop("Origin", f"{where.scheme}://{where.netloc}")
        self._socket: ClientConnection = await connect(
            f"{'wss' if where.scheme == 'https' else 'ws'}://{where.netloc}{where.path}/_stcore/stream",
            origin=Origin(origin),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={**given, "Cookie": self._cookie_header()},
            max_size=LARGEST,
            open_timeout=PATIENCE,
        )
        assert self._socket.response is not None
        self._keep(self._socket.response.headers.get_all("Set-Cookie"))  # a proxy may have chosen another server
        self._reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def close(self) -> None:
        """Go away, as a closed tab does."""
        await self._socket.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    @property
    def close_code(self) -> int | None:
        """What the server said as it closed the connection; None while it has not."""
        return self._socket.close_code

    async def closed(self, seconds: float) -> None:
        """Wait until the server has gone.

        Raises:
            TimeoutError: it has not.
        """
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reader)

    async def go(self, path: str) -> None:
        """Go to another page of the same session, as a click on its name does.

        Args:
            path: of the page, such as "your-face".
        """
        self._page, self._page_hash, self._query = path, "", ""
        self._states.clear()
        self.controls.clear()
        self.texts.clear()
        await self.rerun()

    async def rerun(self) -> None:
        """Ask for a run with the controls as they are set."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name, state.page_script_hash = self._query, self._page, self._page_hash
        state.context_info.url = self.url
        state.widget_states.widgets.extend(self._states.values())
        await self.send(message)

    async def send(self, message: Message) -> None:
        """Send a message of any kind.

        Raises:
            ConnectionError: the server has gone.
        """
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as closed:
            raise ConnectionError("the server closed the connection") from closed

    async def set(self, control: Control, field_name: str, value: Any) -> None:
        """Change a control and ask for a run.

        Args:
            control: one of `controls`.
            field_name: where its value stands in Streamlit's WidgetState, such as "bool_value".
            value: to put there; of a "trigger_value" nothing is kept.
        """
        state = WidgetState(id=control.id)
        setattr(state, field_name, value)
        self._states[control.id] = state
        await self.rerun()
        if field_name == "trigger_value":
            del self._states[control.id]

    async def upload(self, control: Control, files: Sequence[tuple[str, bytes]]) -> list[int]:
        """Send files as a box does, and ask for a run; returns the status of each
        answer, 0 without one."""
        message = BackMsg()
        asked = uuid.uuid4().hex
        message.file_urls_request.request_id = asked
        message.file_urls_request.session_id = self.session
        message.file_urls_request.file_names.extend(name for name, _ in files)
        await self.send(message)
        urls = (await self.until(lambda: self._answers.pop(asked, None))).file_urls
        statuses = [
            await asyncio.to_thread(self.put, place.upload_url, name, data)
            for place, (name, data) in zip(urls, files, strict=True)
        ]
        state = WidgetState(id=control.id)
        for place, (name, data), status in zip(urls, files, statuses, strict=True):
            if status == 204:
                state.file_uploader_state_value.uploaded_file_info.add(
                    name=name, size=len(data), file_id=place.file_id, file_urls=place
                )
        self._states[control.id] = state
        await self.rerun()
        return statuses

    def put(self, path: str, name: str, data: bytes) -> int:
        """Send one file to an address that the server named; returns the answer's status, 0 without one."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + f"\r\n--{mark}--\r\n".encode()
        request = urllib.request.Request(
            f"{self.url}{path}",
            body,
            {
                "Content-Type": f"multipart/form-data; boundary={mark}",
                "Cookie": self._cookie_header(),
                "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", ""),
            },
            method="PUT",
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:  # a server that has refused reads no more
            return 0

    async def until(self, look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Wait until something is true of what has been received; returns what it gave.

        Raises:
            TimeoutError: it did not come to be.
            ConnectionError: the server has gone.
        """
        async with asyncio.timeout(seconds):
            while not (found := look()):
                if self._reader.done():
                    raise ConnectionError("the server closed the connection")
                self._changed.clear()
                waiting = asyncio.create_task(self._changed.wait())
                await asyncio.wait({waiting, self._reader}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        return found

    async def at_rest(self, runs: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until so many runs have ended since the visitor came."""
        await self.until(lambda: self.runs >= runs, seconds)

    async def shown(self, kind: str, label: str = "", seconds: float = PATIENCE) -> Control:
        """Wait until the page shows a control."""
        found: Control = await self.until(lambda: self.control(kind, label), seconds)
        return found

    def control(self, kind: str, label: str = "") -> Control | None:
        """The first control of a kind whose label holds some words."""
        return next((one for one in self.controls.values() if one.kind == kind and label in one.label), None)

    def _greet(self) -> str:
        """Take the cookies of a visit; returns the token among them that goes with uploads."""
        request = urllib.request.Request(f"{self.url}/_stcore/health", headers={"Cookie": self._cookie_header()})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            self._keep(answer.headers.get_all("Set-Cookie") or [])
        return self.cookies.get("_streamlit_xsrf", "none")

    def _keep(self, set_cookies: Sequence[str]) -> None:
        for one in set_cookies:
            name, _, value = one.split(";", 1)[0].partition("=")
            self.cookies[name] = value

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for data in self._socket:
                assert isinstance(data, bytes)
                self.received += len(data)
                message = ForwardMsg()
                message.ParseFromString(data)
                self._hear(message)
                self._changed.set()

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self._page_hash, self._page = message.navigation.page_script_hash, ""
        elif kind == "session_status_changed":
            self.running = message.session_status_changed.script_is_running
        elif kind == "script_finished":
            self.runs += 1
        elif kind == "file_urls_response":
            self._answers[message.file_urls_response.response_id] = message.file_urls_response
        elif kind == "delta":
            if self.first_delta is None:
                self.first_delta = time.monotonic() - self._began
            if message.delta.WhichOneof("type") == "new_element":
                self._draw(message.delta.new_element)

    def _draw(self, element: Message) -> None:
        kind = element.WhichOneof("type")  # type: ignore[arg-type]
        drawn = getattr(element, kind) if kind else None
        if getattr(drawn, "id", ""):
            self.controls[drawn.id] = Control(kind, drawn.id, str(getattr(drawn, "label", "")))
        words = getattr(drawn, "body", "") or getattr(drawn, "text", "")
        if isinstance(words, str) and words:
            self.texts.append(words)
