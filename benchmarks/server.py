"""The app as a separate process, for whoever measures or tests it from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running app: its address, its process and how long it took to answer (seconds)."""

    url: str
    process: subprocess.Popen[bytes]
    seconds: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(timeout: float = 120, **environment: str) -> Iterator[Server]:
    """Start `streamlit run streamlit_app.py`, wait until it answers, and stop it at the end.

    Args:
        timeout: seconds to wait for the first answer.
        environment: variables to set, such as FACESPACE_CHECKPOINTS; an empty one is removed.

    Raises:
        TimeoutError: no answer in time; the message holds what the app printed.
    """
    port = free_port()
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    url = f"http://localhost:{port}"
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() - began > timeout:
                process.kill()
                said = process.stderr.read().decode(errors="replace")[-2000:] if process.stderr else ""
                raise TimeoutError(f"the app did not answer within {timeout} s: {said}")
            time.sleep(0.05)
        yield Server(url, process, time.monotonic() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
