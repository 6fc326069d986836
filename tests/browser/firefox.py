"""Debian's Firefox, driven by WebDriver BiDi, which it speaks by itself: the second browser engine that anybody tries.

Playwright drives a Firefox of its own alone, and Debian has no geckodriver.
Source: W3C, "WebDriver BiDi".
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 120.0  # seconds
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
LARGEST = 64 * 1024 * 1024  # bytes of an answer
DEEP = """const deep = (selector, root = document) => {
  const found = root.querySelector(selector);
  if (found) return found;
  for (const element of root.querySelectorAll("*")) {
    const inside = element.shadowRoot && deep(selector, element.shadowRoot);
    if (inside) return inside;
  }
  return null;
};"""
"""Finds an element also within what components keep to themselves."""


def find() -> str | None:
    """Path of a Firefox on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def firefox(program: str, profile: Path) -> Iterator[Page]:
    """A Firefox without a window and with one page."""
    command = [
        program,
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        "--remote-debugging-port",
        "0",
        "about:blank",
    ]
    log = profile.with_name("firefox.log")
    with log.open("wb") as written, subprocess.Popen(command, stdout=written, stderr=written) as process:
        try:
            with connect(f"{_address(log)}/session", max_size=LARGEST, open_timeout=PATIENCE) as socket:
                page = Page(socket)
                yield page
                page.ask("browser.close")
        finally:
            process.terminate()


def _address(log: Path) -> str:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if found := LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(f"Firefox did not say where it listens: {log.read_text(errors='replace')[-500:]}")


class Page:
    """What a test does on a page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self.ask("session.new", capabilities={})
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
            if answer.get("id") != self._asked:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['message']}")
            return dict(answer["result"])

    def open(self, address: str) -> None:
        """Go to an address."""
        self.ask("browsingContext.navigate", context=self._context, url=address, wait="interactive")

    def wait(self, condition: str) -> Any:
        """The value of a JavaScript expression once it is no longer false; `deep` finds elements in it."""
        # What is looked for may still be on its way, so a failure counts as not yet.
        look = f"""new Promise((done) => {{ {DEEP}
          const now = () => {{ try {{ return {condition}; }} catch {{ return false; }} }};
          const look = () => {{
            const value = now();
            value ? done(JSON.stringify(value)) : setTimeout(look, 50);
          }};
          look();
        }})"""
        target = {"context": self._context}
        said = self.ask("script.evaluate", expression=look, target=target, awaitPromise=True)
        if said["type"] != "success":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])

    def drag(self, x: float, y: float, by: float, steps: int = 10) -> None:
        """Drag the mouse sideways by so many pixels."""
        ways = [
            {"type": "pointerMove", "x": round(x + by * step / steps), "y": round(y)} for step in range(1, steps + 1)
        ]
        held = [
            {"type": "pointerDown", "button": 0},
            *(one for way in ways for one in (way, {"type": "pause", "duration": 20})),
        ]
        begin = {"type": "pointerMove", "x": round(x), "y": round(y)}
        mouse = {"type": "pointer", "id": "mouse", "actions": [begin, *held, {"type": "pointerUp", "button": 0}]}
        self.ask("input.performActions", context=self._context, actions=[mouse])
