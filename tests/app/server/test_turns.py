"""Heavy work takes turns: in order, one place for each who asks, and a place that is given up holds nobody up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from app.server.turns import Turns
from tests.conftest import PATIENCE


class Cancelled(Exception):  # noqa: N818 - as Streamlit's own is none either
    pass


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as pool:
        yield pool


def asked(turns: Turns, pool: ThreadPoolExecutor, work: Callable[[], None], told: list[int]) -> Future[None]:
    """Ask for a turn in a thread of its own; returns once it has the turn or waits."""
    begun = threading.Event()

    def waiting(before: int) -> None:
        told.append(before)
        begun.set()

    def run() -> None:
        with turns.turn(waiting):
            begun.set()
            work()

    future = pool.submit(run)
    assert begun.wait(PATIENCE)
    return future


def test_work_is_done_in_the_order_in_which_it_was_asked_for(pool: ThreadPoolExecutor) -> None:
    turns, go, done, told = Turns(1), threading.Event(), list[str](), list[int]()
    first = asked(turns, pool, lambda: go.wait(PATIENCE), [])
    others = [asked(turns, pool, lambda name=name: done.append(name), told) for name in "abc"]  # type: ignore[misc]
    assert told[:1] == [1]
    assert max(told) == 3
    go.set()
    for future in [first, *others]:
        future.result(PATIENCE)
    assert done == ["a", "b", "c"]


def test_so_many_work_at_once_as_are_allowed(pool: ThreadPoolExecutor) -> None:
    turns, together = Turns(2), threading.Barrier(2)
    both = [asked(turns, pool, lambda: together.wait(PATIENCE) and None, []) for _ in range(2)]
    for future in both:
        future.result(PATIENCE)


def test_one_with_many_photos_and_one_with_one_take_turns(pool: ThreadPoolExecutor) -> None:
    turns, go, done = Turns(1), threading.Event(), list[str]()
    first = asked(turns, pool, lambda: go.wait(PATIENCE), [])

    def many() -> None:
        for number in range(3):
            with turns.turn(lambda _: waiting.set()):
                done.append(f"many {number}")

    waiting = threading.Event()
    crowd = pool.submit(many)
    assert waiting.wait(PATIENCE)
    single = asked(turns, pool, lambda: done.append("one"), [])
    go.set()
    for future in (first, crowd, single):
        future.result(PATIENCE)
    assert done.index("one") == 1


def test_who_cancels_gives_the_place_up(pool: ThreadPoolExecutor) -> None:
    turns, go, told = Turns(1), threading.Event(), list[int]()
    first = asked(turns, pool, lambda: go.wait(PATIENCE), [])

    def cancel(before: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled), turns.turn(cancel):
        pytest.fail("nobody's turn")
    last = asked(turns, pool, lambda: None, told)
    assert told[0] == 1  # not two
    go.set()
    first.result(PATIENCE)
    last.result(PATIENCE)


def test_work_that_fails_ends_its_turn() -> None:
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.turn(pytest.fail):
        raise ZeroDivisionError
    with turns.turn(pytest.fail):
        pass
