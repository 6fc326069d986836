"""The table `site`: what thirty visitors at once cost a plain static server of the folder without a server of ours.

A visitor asks as its browser does: for the page and what the first face needs, then for the rest that the folder's
service worker keeps; at the second visit for the page and for the service worker's own script, which a browser looks at
anew.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.report import Row
from benchmarks.server import free_port

VISITORS = 30
PAGE, WORKER = "index.html", "service-worker.js"
FACE_NEEDS = ("decoder.onnx", "gauge.f32")
"""Besides the modules that the page asks for: the decoder, and what it is judged by."""
STYLES = ("site/site.css", "atlas_map/atlas_map.css", "wordmark.svg", "icon.svg")
START = 15.0  # seconds in which a static server must answer


@dataclass(frozen=True)
class Visit:
    """What a visitor asks for, in order: paths below the folder."""

    face: list[str]
    rest: list[str]
    again: list[str]


def measure() -> list[Row]:
    """Write the folder, serve it with `python -m http.server`, and send thirty visitors there at once."""
    from app.static_site.__main__ import main

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "faces"
        if main([str(folder), "--chapters"]):  # without the lesson, which takes minutes and comes on request
            raise RuntimeError("the folder could not be written.")
        visit, port = visit_of(folder), free_port()
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", place]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                address = f"http://127.0.0.1:{port}/faces/"
                _wait_for(address)
                return _rows(visit, address, psutil.Process(server.pid))
            finally:
                server.terminate()


def visit_of(folder: Path) -> Visit:
    """What a browser asks a folder for."""
    from app.static_site.folder import ENTRIES
    from app.static_site.shell import modules

    script = (folder / WORKER).read_text(encoding="utf-8")
    kept = json.loads(script.partition("self.FOLDER = ")[2].partition(";\n")[0])
    files = [name.removeprefix("./") for name in (*kept["files"], *(page for page in kept["pages"] if page != "./"))]
    needed = {name for name in modules(ENTRIES[PAGE]) if not name.startswith("vendor/")}
    early = [
        name
        for name in files
        if any(part in name for part in FACE_NEEDS) or name.endswith(STYLES) or _below_base(name) in needed
    ]
    rest = [name for name in files if name not in early and name != PAGE]
    return Visit(face=[PAGE, *early], rest=[WORKER, *rest], again=[PAGE, WORKER])


def _below_base(name: str) -> str:
    """The path of a module below the front-end base, whose name has a hash."""
    parts = name.split("/", 3)
    return parts[3] if name.startswith("facespace/page/") else ""


def _wait_for(address: str) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START:
        try:
            fetch(address, [PAGE])
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{address} did not answer within {START:g} s.")


def fetch(address: str, names: list[str]) -> int:
    """Ask for files one after the other over one connection, as far as the server keeps it; bytes of what came.

    Raises:
        OSError: one did not come.
    """
    parts = urlsplit(address)
    size = 0
    for name in names:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        connection.request("GET", parts.path + name)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise OSError(f"{address}{name} answered {answer.status}.")
        size += len(content)
    return size


def _rows(visit: Visit, address: str, server: psutil.Process) -> list[Row]:
    rows = []
    for words, names, goal in (
        ("until the first face", visit.face, "at most 6 MB each"),
        ("all that a browser keeps besides", visit.rest, "at most 15 MB with the first face"),
        ("second visit", visit.again, ""),
    ):
        before, began = sum(server.cpu_times()[:2]), time.monotonic()
        with ThreadPoolExecutor(VISITORS) as pool:
            sizes = list(pool.map(lambda _visitor, names=names: fetch(address, names), range(VISITORS)))
        seconds, busy = time.monotonic() - began, sum(server.cpu_times()[:2]) - before
        each = f"{len(names)} requests and {sizes[0] / 1e6:.2f} MB each"
        together = f"{len(names) * VISITORS:,} and {sum(sizes) / 1e6:,.0f} MB together in {seconds:.1f} s"
        measured = f"{each}; {together}, of which the server's Python computed {busy:.1f} s"
        rows.append(Row(f"{VISITORS} visitors at once, {words}", measured, goal))
    memory = server.memory_info().rss / 1e6
    return [*rows, Row("Memory of the static server after them", f"{memory:.0f} MB")]
