"""Debian's Firefox, driven by WebDriver BiDi, which it speaks by itself: the second browser engine that anybody tries.

Playwright drives a Firefox of its own by a protocol of its own; over BiDi (its channel `moz-firefox`) it sends commands
that an ESR does not know yet. Debian has no geckodriver, which Selenium needs. So this is a small client of our own.
Source: W3C, "WebDriver BiDi".
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 120.0  # seconds; other jobs may keep both cores busy, and only what fails waits so long
PAUSE = 0.1  # seconds between two looks at a page
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
LARGEST = 64 * 1024 * 1024  # bytes of an answer
STILL = 'user_pref("ui.prefersReducedMotion", 1);\n'  # no face moves by itself
SIZE = ("--width", "1440", "--height", "900")


def find() -> str | None:
    """Path of a Firefox on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Page]:
    """A Firefox without a window and with one page; its profile and what it says are in an empty folder."""
    profile, log = folder / "profile", folder / "firefox.log"
    profile.mkdir()
    (profile / "user.js").write_text(STILL, encoding="utf-8")
    command = [program, "--headless", "--no-remote", *SIZE, "--profile", str(profile), "--remote-debugging-port", "0"]
    with (
        log.open("wb") as written,
        subprocess.Popen([*command, "about:blank"], stdout=written, stderr=written) as process,
    ):
        try:
            with connect(f"{_address(log)}/session", max_size=LARGEST, open_timeout=PATIENCE) as socket:
                page = Page(socket)
                yield page
                page.ask("browser.close")
        finally:
            process.terminate()


def _address(log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while not (found := LISTENING.search(log.read_text(encoding="utf-8", errors="replace"))):
        if time.monotonic() > end:
            raise TimeoutError(f"Firefox did not say where it listens: {log.read_text(errors='replace')[-500:]}")
        time.sleep(PAUSE)
    return found[1]


class Page:
    """What a test does on a page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self._said: deque[str] = deque(maxlen=20)
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer.

        Raises:
            RuntimeError: Firefox answers with an error.
            TimeoutError: it does not answer.
        """
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("method") == "log.entryAdded":
                self._said.append(f"{answer['params']['level']}: {answer['params']['text']}")
            if answer.get("id") != self._asked:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['message']}")
            return dict(answer["result"])

    def open(self, address: str) -> None:
        """Go to an address."""
        self.ask("browsingContext.navigate", context=self._context, url=address, wait="interactive")

    def value(self, expression: str) -> Any:
        """What a JavaScript expression says, as JSON.

        Raises:
            RuntimeError: it throws, or the page has gone meanwhile.
        """
        target = {"context": self._context}
        said = self.ask("script.evaluate", expression=f"JSON.stringify({expression})", target=target, awaitPromise=True)
        if said["type"] != "success":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"].get("value", "null"))

    def wait(self, expression: str) -> Any:
        """What an expression says once that is no longer nothing.

        Raises:
            TimeoutError: it never says anything; with what stood in its way and what the page wrote to the console.
        """
        end, problem = time.monotonic() + PATIENCE, "it says nothing"
        while time.monotonic() < end:
            try:
                if value := self.value(expression):
                    return value
            except RuntimeError as error:  # what is looked for may still be on its way
                problem = str(error)
            time.sleep(PAUSE)
        raise TimeoutError(f"{expression}\n{problem}\n" + "\n".join(self._said))

    def drag(self, x: float, y: float, by: float, steps: int = 10) -> None:
        """Drag the mouse sideways by so many pixels."""
        begin, *ways = (
            {"type": "pointerMove", "x": round(x + by * step / steps), "y": round(y)} for step in range(steps + 1)
        )
        held = [one for way in ways for one in (way, {"type": "pause", "duration": 20})]
        actions = [begin, {"type": "pointerDown", "button": 0}, *held, {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        self.ask("input.performActions", context=self._context, actions=[mouse])
