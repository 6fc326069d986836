"""Two servers of one class with a real store between them: a vote at one is seen at the other; who points leads all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.server.class_store import PROBLEM, SETTING
from benchmarks.protocol import Visitor
from benchmarks.server import free_port, running_app
from tests.app.server.store_server import MISSING, PROGRAM, store_on
from tests.conftest import PATIENCE, run_alone

QUESTION = ("lesson", "chapter=reparametrisation")
OPTIONS = ("The score function", "Both alike")
STUDENT = {"X-Forwarded-For": "10.0.0.9"}  # who comes through a proxy is not the owner


async def sees(visitor: Visitor, words: str) -> None:
    """Run the page again, as it does by itself each other second, until it shows something."""
    async with asyncio.timeout(PATIENCE):
        while not any(words in text for text in visitor.texts):
            visitor.texts.clear()
            runs = visitor.runs
            await visitor.rerun()
            await visitor.at_rest(runs + 1, PATIENCE)


async def press(visitor: Visitor, label: str) -> None:
    button = await visitor.shown("button", label, PATIENCE)
    runs = visitor.runs
    await visitor.set(button, "trigger_value", True)
    await visitor.at_rest(runs + 1, PATIENCE)


async def vote(visitor: Visitor, option: str) -> None:
    box = await visitor.shown("radio", "Your guess", PATIENCE)
    runs = visitor.runs
    await visitor.set(box, "string_value", option)
    await visitor.at_rest(runs + 1, PATIENCE)


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason=MISSING)
def test_a_vote_at_one_server_is_seen_at_the_other_and_nobody_loses_the_page_with_the_store(tmp_path: Path) -> None:
    port = free_port()
    shared = {SETTING: f"redis://127.0.0.1:{port}/0", "FACESPACE_CELEBA": ""}

    async def class_with_a_store(one: str, other: str) -> tuple[Visitor, Visitor]:
        student = await Visitor(one).open(*QUESTION, STUDENT)
        teacher = await Visitor(other).open(*QUESTION)
        for visitor in (student, teacher):
            await visitor.at_rest(seconds=PATIENCE)
        await vote(student, OPTIONS[0])
        await sees(teacher, "1 answer of the class so far.")
        assert not any("What the class said" in text for text in student.texts)
        await press(teacher, "Show what the class said")
        await sees(student, "What the class said")
        return student, teacher

    async def without(student: Visitor, teacher: Visitor, other: str) -> None:
        await vote(student, OPTIONS[1])
        await sees(teacher, PROBLEM)
        pupil = await Visitor(other).open(*QUESTION, STUDENT)
        await pupil.at_rest(seconds=PATIENCE)
        await vote(pupil, OPTIONS[1])
        await sees(teacher, "2 answers of the class so far.")  # of its own server, and what it knew before

    async def again(student: Visitor, teacher: Visitor) -> None:
        async with asyncio.timeout(PATIENCE):
            while PROBLEM in teacher.texts:
                teacher.texts.clear()
                await sees(teacher, "2 answers of the class so far.")
        await sees(student, "(2 answers)")
        await press(teacher, "Everyone look here")
        await sees(student, "Your teacher brought you here.")

    async def lesson(one: str, other: str) -> None:
        with store_on(port):
            student, teacher = await class_with_a_store(one, other)
        await without(student, teacher, other)
        with store_on(port):  # empty: what the servers still know comes back
            await again(student, teacher)
        for visitor in (student, teacher):
            await visitor.close()

    with running_app(**shared) as one, running_app(**shared) as other:
        run_alone(lesson(one.url, other.url))
