"""Work that takes its time in a process of its own: the page stays quick, and all memory comes back at its end."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock, Thread, Timer
from typing import Any

from app.paths import ROOT
from app.texts import N_

_log = logging.getLogger(__name__)
LOW_PRIORITY = 5
ENDS = re.compile(rb"[\r\n]")  # a progress bar starts its line anew with a carriage return
READY = 600.0  # seconds that a program waits for its order
GRACE = 30  # seconds beyond its own limit after which it is ended from outside
PREPARING = 300.0  # seconds until which a program whose limit counts from its first step has to take that
_clock = time.monotonic


_ready: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
_lock = Lock()


def work_of(module: str) -> tuple[str, ...]:
    """The program that carries out a module's orders, for `Process` and `get_ready`; see `child_program`."""
    return ("-m", "app.server.child_program", module)


def get_ready(program: Sequence[str]) -> None:
    """Start a program that will soon be wanted: it imports what it needs, and the next `Process` of it gives the order.

    One of each program waits at a time, for `READY` seconds; without an order it ends by itself. What cannot be started
    now is started when it is wanted.
    """
    key = tuple(program)
    with _lock, suppress(OSError):
        if key in _ready and _ready[key].poll() is None:
            return
        waiting = _ready[key] = _start(program, False)
        _after_visitors(waiting)
    timer = Timer(READY, _forget, (key, waiting))
    timer.daemon = True
    timer.start()


def _take_ready(key: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    with _lock:
        waiting = _ready.pop(key, None)
    return waiting if waiting is not None and waiting.poll() is None else None


def _forget(key: tuple[str, ...], waiting: subprocess.Popen[bytes]) -> None:
    with _lock:
        if _ready.get(key) is not waiting:
            return
        del _ready[key]
    waiting.terminate()
    waiting.wait()


def _start(program: Sequence[str], errors_too: bool) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if errors_too else None,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"},
    )


def _after_visitors(process: subprocess.Popen[bytes]) -> None:
    """Let whoever looks at a page come first."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, LOW_PRIORITY)


class Process:
    """A program of ours: it reads an order from standard input and says lines of JSON.

    A subclass that runs one of another kind hears its lines itself, in `_hear`.

    Attributes:
        step, share: what it does, in English, and how far that is, 0 to 1.
        problem: an English sentence where it failed.
        began: whether its time counts already.
    """

    def __init__(
        self,
        program: Sequence[str],
        order: bytes,
        seconds: float,
        *,
        errors_too: bool = False,
        says_when_it_begins: bool = False,
    ) -> None:
        """Start it.

        Args:
            program: for Python's command line, such as `work_of("models.training.tiny")`.
            order: what it reads.
            seconds: the most that it may take.
            errors_too: also hear what it writes to standard error, where progress bars go.
            says_when_it_begins: it will say "began", and the seconds count from then on; until then it may import and
                gather what it needs for `PREPARING` seconds.

        Raises:
            OSError: the system gives no process.
        """
        self.step, self.share = N_("Starting a process of its own"), 0.0
        self.problem: str | None = None
        self._cancelled = False
        self._seconds, self.began = seconds, not says_when_it_begins
        self._latest = _clock() + (seconds + GRACE if self.began else PREPARING)
        self._process = (None if errors_too else _take_ready(tuple(program))) or _start(program, errors_too)
        _after_visitors(self._process)
        self._thread = Thread(target=self._converse, args=(order,), daemon=True, name=" ".join(program))
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it goes on; one that takes far too long is ended."""
        if _clock() > self._latest:
            if not self.began:
                self.problem = N_("It was not ready after five minutes: this computer may have too much to do.")
            self.stop()
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it; what it said stays."""
        self._cancelled = True
        self._process.terminate()

    def _converse(self, order: bytes) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            with self._process.stdin as given:
                given.write(order)
        except OSError:
            pass  # it has ended; its return code says how
        with self._process.stdout as said:
            rest = b""
            while chunk := os.read(said.fileno(), 1 << 16):
                *lines, rest = ENDS.split(rest + chunk)
                for line in filter(None, lines):
                    self._hear(line)
            if rest:
                self._hear(rest)
        if self._process.wait() != 0 and not self._cancelled and self.problem is None:
            self.problem = N_("The run ended by itself; the server's log says why.")

    def _hear(self, line: bytes) -> None:
        try:
            self._take(json.loads(line))
        except (ValueError, KeyError, TypeError):
            _log.warning("a process said what nobody understands: %r", line[:200])

    def _take(self, message: dict[str, Any]) -> None:
        """Keep what a message says.

        Raises:
            ValueError, KeyError, TypeError: it makes no sense.
        """
        if "step" in message:
            self.step, self.share = str(message["step"]), float(message["share"])
        if "began" in message:
            self.began, self._latest = True, _clock() + self._seconds + GRACE
        if "problem" in message:
            self.problem = str(message["problem"])
