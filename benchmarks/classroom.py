"""A class opens the app: thirty cold pages one after the other, then as many at once as this machine can open.

Each student is a browser context of its own with an empty cache, in headless Chromium on the server's own machine, and
stays until all have come. A browser of thirty students takes more processor time than the server, and shares it here:
times at once are those of a machine that does everything. STUDENTS=3 makes it a quick try.
Cells read "median / 95th percentile (how many)".
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, Request, WebSocket, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks.report import Row
from benchmarks.server import Server, running_app, settle
from benchmarks.visit import processor_seconds, spread, visitor
from tests.browser.find_chromium import launch

STUDENTS = int(os.environ.get("STUDENTS", "30"))
SPARE = 3_000_000_000  # bytes of memory that stay free
MOST_WAIT = 300_000  # milliseconds for a page among many
AT_REST = 3000  # milliseconds after the last face, in which the server still answers


@dataclass
class Student:
    """A page and what it has received, in bytes."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    messages: int = 0

    def first_face(self) -> float:
        """Wait for it; seconds from opening the page.

        Raises:
            BrowserError: it did not come.
        """
        self.page.wait_for_function("window.wire?.seen > 0", timeout=MOST_WAIT)
        return float(self.page.evaluate("wire.seen / 1000"))

    def files(self) -> int:
        """Bytes of everything but messages, as sent (compressed where the server does)."""
        sizes = [request.sizes() for request in self.requests]
        return sum(size["responseHeadersSize"] + max(size["responseBodySize"], 0) for size in sizes)


@dataclass(frozen=True)
class Load:
    """What the students of one round took; memory and processor time of the server together."""

    faces: Sequence[float]
    files: Sequence[int]
    messages: Sequence[int]
    memory: int
    seconds: float
    lost: int = 0


def measure() -> list[Row]:
    """Both rounds on one server that has loaded what it loads once."""
    with sync_playwright() as playwright, running_app(FACESPACE_CELEBA="") as server:
        browser = launch(playwright)
        settle(server)
        with _student(browser, server) as first:  # opens what the server opens once
            first.first_face()
            first.page.wait_for_timeout(AT_REST)
        free = psutil.virtual_memory().available
        queue = one_after_the_other(browser, server, STUDENTS)
        page_bytes = max(1, free - psutil.virtual_memory().available) // max(1, len(queue.faces))
        browser.close()
        browser = launch(playwright)
        room = int((psutil.virtual_memory().available - SPARE) // max(page_bytes, 150_000_000))
        crowd = at_once(browser, server, max(2, min(STUDENTS, room)))
        browser.close()
    return rows(queue, crowd)


def one_after_the_other(browser: Browser, server: Server, count: int) -> Load:
    """Open so many pages, each when the one before is at rest; all stay open, unless memory runs out."""
    before = _memory(server), processor_seconds(server)
    faces, students = [], []
    with ExitStack() as open_pages:
        for _ in range(count):
            if psutil.virtual_memory().available < SPARE:
                open_pages.close()
            students.append(open_pages.enter_context(_student(browser, server)))
            faces.append(students[-1].first_face())
            students[-1].page.wait_for_timeout(AT_REST)
        memory, seconds = _memory(server) - before[0], processor_seconds(server) - before[1]
        files = [student.files() for student in students if not student.page.is_closed()]
    return Load(faces, files, [student.messages for student in students], memory, seconds)


def at_once(browser: Browser, server: Server, count: int) -> Load:
    """Send so many browsers off before waiting for any of them."""
    before = _memory(server), processor_seconds(server)
    faces, lost = [], 0
    with ExitStack() as open_pages:
        students = [open_pages.enter_context(_student(browser, server)) for _ in range(count)]
        for student in students:
            try:
                faces.append(student.first_face())
            except BrowserError:
                lost += 1
        students[-1].page.wait_for_timeout(AT_REST)
        memory, seconds = _memory(server) - before[0], processor_seconds(server) - before[1]
        files = [student.files() for student in students]
    return Load(faces, files, [student.messages for student in students], memory, seconds, lost)


def rows(queue: Load, crowd: Load) -> list[Row]:
    """The table."""
    count, many = len(queue.faces), len(crowd.faces) + crowd.lost
    return [
        Row(f"{count} students one after the other: from opening the page to the first face", spread(queue.faces, "s")),
        Row("Files that a new student downloads", f"{np.median(queue.files) / 1e6:.1f} MB"),
        Row("Messages from the server until the page is at rest", f"{np.median(queue.messages) / 1e6:.2f} MB"),
        Row("The server's processor time for each", f"{queue.seconds / count:.2f} s"),
        Row("The server's memory for each", f"{queue.memory / count / 1e6:.1f} MB", "under 30 MB"),
        Row(f"{many} students at once: from opening the page to the first face", spread(crowd.faces, "s")),
        Row(f"{many} students at once: the slowest", f"{max(crowd.faces, default=float('nan')):.1f} s"),
        Row(f"{many} students at once: pages that never showed a face", str(crowd.lost), "0"),
        Row(f"{many} students at once: the server's processor time for each", f"{crowd.seconds / many:.2f} s"),
        Row(f"{many} students at once: the server's memory for each", f"{crowd.memory / many / 1e6:.1f} MB"),
    ]


@contextmanager
def _student(browser: Browser, server: Server) -> Iterator[Student]:
    """A new browser context that has just set off for the app."""
    with visitor(browser) as context:
        context.set_default_timeout(MOST_WAIT)
        student = Student(context.new_page())

        def loaded(request: Request) -> None:
            student.requests.append(request)

        def heard(payload: str | bytes) -> None:
            student.messages += len(payload)

        def connected(socket: WebSocket) -> None:
            socket.on("framereceived", heard)

        student.page.on("requestfinished", loaded)
        student.page.on("websocket", connected)
        student.page.goto(server.url, wait_until="commit")
        yield student


def _memory(server: Server) -> int:
    """Resident bytes of the server and its children."""
    process = psutil.Process(server.process.pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])
