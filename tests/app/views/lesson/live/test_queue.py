"""The line for live runs, by a clock that the tests turn."""

import time

import pytest

from app.server.class_line import Line
from app.server.class_store import InMemory
from app.views.lesson.live.queue import RunQueue
from tests.conftest import PATIENCE


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class FakeRun:
    def __init__(self) -> None:
        self.running, self.stopped = True, False

    def stop(self) -> None:
        self.running, self.stopped = False, True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock, monkeypatch) -> RunQueue:
    monkeypatch.setattr(RunQueue, "_watch", lambda self: None)  # the tests tend it themselves
    return RunQueue(patience=10, clock=clock)


def test_one_run_at_a_time_and_the_next_begins_when_it_ends(line):
    first, second, third = (line.join(FakeRun) for _ in range(3))
    assert [line.look(place) for place in (first, second, third)] == [0, 1, 2]
    assert second.run is None
    first.run.running = False
    assert line.look(second) == 0
    assert second.run.running
    assert line.look(third) == 1
    assert line.look(first) is None
    assert not first.left
    assert not first.lost
    assert first.run is not None


def test_cancelling_stops_the_run_and_lets_the_next_one_begin(line):
    first, second, third = (line.join(FakeRun) for _ in range(3))
    line.leave(second)
    assert second.left
    assert second.run is None
    line.leave(first)
    assert first.run.stopped
    assert line.look(third) == 0


def test_who_no_longer_looks_loses_the_run_or_the_place(line, clock):
    first, second, third = (line.join(FakeRun) for _ in range(3))
    for clock.now in (8.0, 16.0):
        line.look(third)
    line.tend()
    assert first.lost
    assert first.run.stopped
    assert second.lost
    assert second.run is None
    assert third.run.running
    clock.now = 40
    line.tend()
    assert third.run.stopped
    assert line.look(third) is None


def test_who_has_closed_the_page_loses_it_soon_but_not_for_a_failing_moment(line, clock):
    open_pages = {"first"}
    first = line.join(FakeRun, lambda: "first" in open_pages)
    second = line.join(FakeRun)
    open_pages.clear()
    clock.now = 4
    assert line.look(second) == 1
    open_pages.add("first")
    line.look(first)
    clock.now = 10
    line.tend()
    assert first.run.running
    open_pages.clear()
    line.look(second)
    assert first.lost
    assert line.look(second) == 0


def test_a_run_that_cannot_be_started_says_so_and_holds_nobody_up(line):
    def fail() -> FakeRun:
        raise OSError(12, "Cannot allocate memory")

    first, second = line.join(fail), line.join(FakeRun)
    assert first.problem == "The run could not be started: Cannot allocate memory."
    assert line.look(first) is None
    assert line.look(second) == 0


def test_an_abandoned_run_is_found_even_if_nobody_else_comes(clock, monkeypatch):
    monkeypatch.setattr("app.views.lesson.live.queue.LOOKING", 0.01)
    place = RunQueue(patience=10, clock=clock).join(FakeRun)
    clock.now = 20
    begin = time.monotonic()
    while not place.run.stopped and time.monotonic() < begin + PATIENCE:
        time.sleep(0.02)
    assert place.run.stopped
    assert place.lost


def test_two_servers_have_one_line_and_each_starts_the_runs_of_its_own_visitors(clock, monkeypatch):
    monkeypatch.setattr(RunQueue, "_watch", lambda self: None)
    store = InMemory()
    here, there = (RunQueue(patience=10, clock=clock, line=Line(store)) for _ in range(2))
    first, second, third = here.join(FakeRun), there.join(FakeRun), here.join(FakeRun)
    assert [here.look(first), there.look(second), here.look(third)] == [0, 1, 2]
    assert second.run is None
    first.run.running = False
    assert here.look(third) == 1
    assert there.look(second) == 0
    assert second.run.running
    there.leave(second)
    assert second.run.stopped
    assert here.look(third) == 0
    assert third.run.running
