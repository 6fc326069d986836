"""Visitors who walk about for a long time: does the server's memory go on growing, is anybody lost, does anything fail?

Protocol clients (`protocol.py`) go from page to page, ask for faces, give photos, and leave and come back, at random by
a seed. MINUTES=60 makes it an hour.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

import psutil

from app.paths import PORTRAIT
from benchmarks.protocol import Visitor
from benchmarks.report import Row
from benchmarks.server import Server, running_app, settle

MINUTES = float(os.environ.get("MINUTES", "10"))
SESSIONS = 40
PAUSE = 10.0  # seconds between a visitor's steps, on average
SAMPLE = 15.0  # seconds between two looks at the memory
PATIENCE = 120.0  # seconds for a step; what takes longer is lost
PAGES = ("explore", "generate", "edit", "morph", "your-face", "models", "lesson")
STEPS = {"page": 5, "face": 6, "photo": 2, "leave": 1}  # how often each, of their sum


@dataclass
class Walk:
    """What has come of it.

    Attributes:
        steps: by kind.
        lost: sessions that ended or did not answer, by the step and the error.
        memory: (seconds, megabytes) of the server.
    """

    steps: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)


def measure() -> list[Row]:
    """One server, forty visitors, ten minutes unless MINUTES says otherwise."""
    with tempfile.TemporaryFile() as log, running_app(FACESPACE_CELEBA="", said=log) as server:
        settle(server)
        found = asyncio.run(soak(server, SESSIONS, 60 * MINUTES))
        log.seek(0)
        tracebacks = log.read().count(b"Traceback (most recent call last)")
    return table_of(found, SESSIONS, 60 * MINUTES, tracebacks)


async def soak(server: Server, sessions: int, seconds: float, pause: float = PAUSE) -> Walk:
    """Let so many visitors walk about for so long.

    Args:
        server: that they visit.
        sessions: how many at a time.
        seconds: how long, from the moment when the first one comes.
        pause: seconds between a visitor's steps, on average.
    """
    found, began = Walk(), time.monotonic()
    process = psutil.Process(server.process.pid)

    async def look() -> None:
        while (passed := time.monotonic() - began) < seconds:
            found.memory.append((passed, process.memory_info().rss / 1e6))
            await asyncio.sleep(min(SAMPLE, seconds))

    await asyncio.gather(look(), *(_visit(server, found, began + seconds, pause, seed) for seed in range(sessions)))
    found.memory.append((time.monotonic() - began, process.memory_info().rss / 1e6))
    return found


async def _visit(server: Server, found: Walk, end: float, pause: float, seed: int) -> None:
    """One visitor's walk; who loses the session comes back, and it is counted."""
    chance = random.Random(seed)
    visitor: Visitor | None = None
    while time.monotonic() < end:
        step = "come"
        try:
            visitor = visitor or await _come(server)
            await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)
            step = chance.choices([*STEPS], [*STEPS.values()])[0]
            visitor = await _step(visitor, step, chance)
            found.steps[step] += 1
        except Exception as error:  # whatever ends a session is a figure
            found.lost[f"{step}: {type(error).__name__} {error}".strip()] += 1
            visitor = None
    if visitor is not None:
        await visitor.close()


async def _come(server: Server) -> Visitor:
    visitor = await Visitor(server.url).open()
    await visitor.at_rest(seconds=PATIENCE)
    return visitor


async def _step(visitor: Visitor, step: str, chance: random.Random) -> Visitor | None:
    runs = visitor.runs
    if step == "leave":
        await visitor.close()
        return None
    if step == "page":
        await visitor.go(chance.choice(PAGES))
    elif step == "face":
        button = visitor.control("button", "Random face")
        if button is None:  # another page than Explore has none
            await visitor.go("explore")
        else:
            await visitor.set(button, "trigger_value", True)
    else:
        await _photo(visitor)
        return visitor
    await visitor.at_rest(runs + 1, PATIENCE)
    return visitor


async def _photo(visitor: Visitor) -> None:
    await visitor.go("your-face")  # the end of a run that was under way says nothing of this page
    box = await visitor.shown("file_uploader", "Photos", PATIENCE)
    if await visitor.upload(box, [("portrait.jpg", PORTRAIT.read_bytes())]) != [204]:
        raise ConnectionError("a photo was refused")
    await visitor.until(lambda: any("What the models see" in text for text in visitor.texts), PATIENCE)
    await visitor.until(lambda: not visitor.running, PATIENCE)


def table_of(found: Walk, sessions: int, seconds: float, tracebacks: int) -> list[Row]:
    """The rows of a walk."""
    name = f"{sessions} sessions for {seconds / 60:g} minutes"
    curve = [
        f"{_at(found, share * seconds):,.0f} MB after {share * seconds / 60:g}" for share in (0.1, 0.25, 0.5, 0.75)
    ]
    last = found.memory[-1][1]
    late = [megabytes for passed, megabytes in found.memory if passed >= seconds / 2]
    steps = ", ".join(f"{found.steps[step]:,} x {step}" for step in STEPS)
    lost = ", ".join(f"{words} ({count})" for words, count in found.lost.items())
    return [
        Row(f"{name}: steps", f"{sum(found.steps.values()):,}: {steps}"),
        Row(f"{name}: memory of the server", f"{', '.join(curve)}, {last:,.0f} MB at the end"),
        Row(f"{name}: growth in its second half", f"{late[-1] - late[0]:+,.0f} MB", "none"),
        Row(f"{name}: lost sessions", f"{sum(found.lost.values())}{f': {lost}' if lost else ''}", "0"),
        Row(f"{name}: tracebacks in the log", f"{tracebacks}", "0"),
    ]


def _at(found: Walk, seconds: float) -> float:
    return min(found.memory, key=lambda sample: abs(sample[0] - seconds))[1]
