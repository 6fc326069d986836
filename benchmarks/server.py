"""The app as a separate process, for whoever measures or tests it from outside."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

ROOT = Path(__file__).parents[1]
_given: set[int] = set()  # by `free_port`, to this process
SETTLED = 45  # seconds after its start, when the app has loaded what nobody had to wait for


@dataclass(frozen=True)
class Server:
    """A running app: its address, its process and how long it took to answer (seconds)."""

    url: str
    process: subprocess.Popen[bytes]
    seconds: float


def free_port() -> int:
    """A port that nobody listens on, and that nobody is given by chance before it is used.

    Systems take the ports of connections that go out, which a browser opens by the hundred, from 32,768 up.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        if port in _given:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.add(port)
            return port


@contextmanager
def running_app(
    folder: Path | None = None,
    timeout: float = 300,
    *,
    for_class: bool = False,
    said: IO[bytes] | None = None,
    **environment: str,
) -> Iterator[Server]:
    """Start the app, or another one, wait until it answers, and stop it at the end.

    Args:
        folder: of a small app with a `door.py`, as tests have; Facespace itself if not given.
        timeout: seconds to wait for the first answer.
        for_class: open it to the network, by `app.server.class_network`.
        said: an open file for what the app prints, and its log; one that nobody sees if not given.
        environment: variables to set, such as FACESPACE_CHECKPOINTS; an empty one is removed.

    Raises:
        TimeoutError: no answer in time; the message holds what the app printed.
    """
    port = free_port()
    program = ["streamlit", "run", "door.py" if folder else "streamlit_app.py", f"--server.port={port}"]
    if for_class:
        program = ["app.server.class_network", f"--port={port}"]
    options = {
        **({} if for_class else {"server.address": "localhost"}),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-m", *program, *(f"--{name}={value}" for name, value in options.items())]
    variables = {name: value for name, value in {**os.environ, "PYTHONPATH": str(ROOT), **environment}.items() if value}
    url = f"http://localhost:{port}"
    with tempfile.TemporaryFile() as unseen:  # a pipe that nobody reads would fill up and stop the app
        log = said or unseen
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder or ROOT, env=variables, stdout=log, stderr=log)
        try:
            while not _answers(url):
                if process.poll() is not None or time.monotonic() - began > timeout:
                    process.kill()
                    log.seek(0)
                    words = log.read().decode(errors="replace")[-2000:]
                    raise TimeoutError(f"the app did not answer within {timeout} s: {words}")
                time.sleep(0.05)
            yield Server(url, process, time.monotonic() - began)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def settle(server: Server) -> None:
    """Wait until the app has loaded torch and the face detector, which it does some seconds after its start."""
    time.sleep(max(0.0, psutil.Process(server.process.pid).create_time() + SETTLED - time.time()))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=20) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
