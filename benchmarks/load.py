"""Crowds of protocol clients on one server and on two: how soon a page begins, what a session costs, what breaks first.

No browser takes part, so what is measured is the server; clients and servers share this machine, loopback only. Each
client opens Explore, asks for a random face a few times, and one in ten gives a photo. With two replicas clients go to
them in turn, as a proxy with a cookie would send them. Last, behind the real proxy, one of two servers is killed while
everybody looks at the face of a link. SESSIONS=30 makes it a quick try.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from websockets.exceptions import WebSocketException

from app.paths import PORTRAIT
from benchmarks.protocol import Visitor
from benchmarks.proxy import CADDY, proxy
from benchmarks.report import Row
from benchmarks.server import Server, free_port, running_app, settle

CROWDS = tuple(int(count) for count in os.environ.get("SESSIONS", "30,100,300").split(","))
REPLICAS = (1, 2)
A_SECOND = 5  # clients that set off in a second: 300 within a minute
CHANGES = 3
BETWEEN = 5.0  # seconds between a client's changes
PHOTOS = 10  # one client in so many gives a photo
KILLED = 60  # sessions where a server is killed
LINK, FACE = "model=vae&face=155482", "**Face 155482**"
GRACE = 15.0  # seconds after which a connection counts as one that was not lost
AGAIN = 0.5  # seconds between two tries to come back, as Streamlit's page begins with
PATIENCE = 120.0  # seconds for anything; what takes longer is an error


@dataclass
class Crowd:
    """What has come of so many clients: seconds, one entry a client or a change; errors by their words."""

    count: int
    first: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    photos: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    megabytes: float = 0.0  # that all servers have more than before, while every session is still there
    seconds: float = 0.0  # of processor time, of all servers


def measure() -> list[Row]:
    """Every crowd on one server and on two, which are started anew for each."""
    rows = []
    for replicas in REPLICAS:
        for count in CROWDS:
            with ExitStack() as running:
                servers = [running.enter_context(running_app(FACESPACE_CELEBA="")) for _ in range(replicas)]
                settle(servers[-1])
                rows += table_of(asyncio.run(crowd(servers, count)), replicas)
    return rows + ([kill(KILLED)] if CADDY else [])


def kill(count: int) -> Row:
    """Kill one of two servers behind the proxy; how long its clients go without their faces."""
    outside = f"http://localhost:{free_port()}"
    with ExitStack() as running:
        servers = [running.enter_context(running_app(FACESPACE_CELEBA="")) for _ in range(2)]
        home = running.enter_context(TemporaryDirectory())
        running.enter_context(proxy(Path(home), outside, servers))
        settle(servers[-1])
        lost = asyncio.run(_kill(outside, servers[0], count))
    what = f"{count} sessions, one of two servers killed: until its clients are back with their faces"
    return Row(what, f"{_spread(lost)}, the last {max(lost, default=float('nan')):.2f} s", "under 5 s")


async def _kill(outside: str, server: Server, count: int) -> list[float]:
    """Seconds without its face of each client that had to come back."""
    here: list[Visitor] = []
    for _ in range(count):
        here.append(await _with_face(Visitor(outside)))
    server.process.kill()
    began = time.monotonic()

    async def come_back(visitor: Visitor) -> float | None:
        with suppress(TimeoutError):  # what a browser notices by itself
            await visitor.closed(GRACE)
            while True:
                with suppress(OSError, WebSocketException):
                    again = await _with_face(Visitor(outside, cookies=dict(visitor.cookies)))
                    seconds = time.monotonic() - began
                    await again.close()
                    return seconds
                await asyncio.sleep(AGAIN)
        await visitor.close()
        return None

    seconds = await asyncio.gather(*(come_back(visitor) for visitor in here))
    return [one for one in seconds if one is not None]


async def _with_face(visitor: Visitor) -> Visitor:
    await visitor.open("", LINK)
    await visitor.until(lambda: any(FACE in text for text in visitor.texts), PATIENCE)
    return visitor


def table_of(found: Crowd, replicas: int) -> list[Row]:
    """The rows of one crowd."""
    name = f"{found.count} sessions, {replicas} server{'s' if replicas > 1 else ''}"
    failed = ", ".join(f"{words} ({count})" for words, count in found.errors.items())
    return [
        Row(f"{name}: from setting off to the first delta", _spread(found.first), "99 %: under 5 s"),
        Row(f"{name}: from a change to the end of its run", _spread(found.changes)),
        Row(f"{name}: from giving a photo to its reconstructions", _spread(found.photos)),
        Row(f"{name}: memory a session", f"{found.megabytes / found.count:.1f} MB", "under 15 MB"),
        Row(f"{name}: processor time a session", f"{found.seconds / found.count:.2f} s"),
        Row(f"{name}: errors", f"{sum(found.errors.values())}{f': {failed}' if failed else ''}", "0"),
    ]


async def crowd(servers: Sequence[Server], count: int, a_second: float = A_SECOND, between: float = BETWEEN) -> Crowd:
    """Let so many clients come one after the other, do what they do, and stay until all have done it."""
    found = Crowd(count)
    before = _megabytes(servers), _processor_seconds(servers)
    here: list[Visitor] = []

    async def come(number: int) -> None:
        await asyncio.sleep(number / a_second)
        visitor = Visitor(servers[number % len(servers)].url)
        try:
            here.append(visitor)
            await _visit(visitor, found, between, photo=number % PHOTOS == 0)
        except Exception as error:  # a client that fails is a figure, whatever it was
            found.errors[type(error).__name__] += 1

    await asyncio.gather(*(come(number) for number in range(count)))
    found.megabytes = _megabytes(servers) - before[0]
    found.seconds = _processor_seconds(servers) - before[1]
    await asyncio.gather(*(visitor.close() for visitor in here), return_exceptions=True)
    return found


async def _visit(visitor: Visitor, found: Crowd, between: float, *, photo: bool) -> None:
    if photo:
        await visitor.open("your-face")
    else:
        await visitor.open()
    await visitor.at_rest(seconds=PATIENCE)
    assert visitor.first_delta is not None
    found.first.append(visitor.first_delta)
    if photo:
        await _give_a_photo(visitor, found)
        return
    for _ in range(CHANGES):
        await asyncio.sleep(between)
        button = await visitor.shown("button", "Random face", PATIENCE)
        began, runs = time.monotonic(), visitor.runs
        await visitor.set(button, "trigger_value", True)
        await visitor.at_rest(runs + 1, PATIENCE)
        found.changes.append(time.monotonic() - began)


async def _give_a_photo(visitor: Visitor, found: Crowd) -> None:
    box = await visitor.shown("file_uploader", "Photos", PATIENCE)
    began = time.monotonic()
    statuses = await visitor.upload(box, [("portrait.jpg", PORTRAIT.read_bytes())])
    if statuses != [204]:
        raise ConnectionError(f"a photo was refused: {statuses}")
    await visitor.until(lambda: any("What the models see" in text for text in visitor.texts), PATIENCE)
    found.photos.append(time.monotonic() - began)


def _spread(values: Sequence[float]) -> str:
    """Median, 99th percentile and how many, in seconds."""
    if not values:
        return "none"
    middle, late = np.percentile(values, [50, 99])
    return f"median {middle:.2f} s, 99 % {late:.2f} s ({len(values)})"


def _megabytes(servers: Sequence[Server]) -> float:
    return sum(psutil.Process(server.process.pid).memory_info().rss for server in servers) / 1e6


def _processor_seconds(servers: Sequence[Server]) -> float:
    times = [psutil.Process(server.process.pid).cpu_times() for server in servers]
    return float(sum(time.user + time.system for time in times))
