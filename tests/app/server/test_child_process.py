"""A process of its own: what it says arrives, and it goes when it is told to."""

import time

import psutil
import pytest

from app.server import child_process as process
from app.server.child_process import Process
from tests.conftest import PATIENCE

STEP = '{"step": "Half way", "share": 0.5}'


@pytest.fixture(autouse=True)
def no_waiting_behind_others(monkeypatch) -> None:
    monkeypatch.setattr(process, "LOW_PRIORITY", 0)


def talk(*lines: str, seconds: float = PATIENCE) -> Process:
    return Process(["-m", "tests.app.talker"], "\n".join(lines).encode(), seconds)


def wait(until) -> None:
    begin = time.monotonic()
    while not until() and time.monotonic() < begin + PATIENCE:
        time.sleep(0.02)
    assert until()


def test_what_it_says_arrives_and_what_nobody_understands_is_left_out():
    talker = talk("no JSON", '{"step": "Without a share"}', STEP)
    wait(lambda: not talker.running)
    assert (talker.step, talker.share, talker.problem) == ("Half way", 0.5, None)


def test_a_process_that_fails_says_so_and_its_own_words_come_first():
    silent, frank = talk("fail"), talk('{"problem": "Too few pictures."}', "fail")
    wait(lambda: not silent.running and not frank.running)
    assert "the server's log says why" in silent.problem
    assert frank.problem == "Too few pictures."


def test_cancelling_ends_it_and_is_no_problem():
    talker = talk(STEP, "wait")
    child = psutil.Process(talker._process.pid)
    wait(lambda: talker.share == 0.5)
    assert talker.running
    talker.stop()
    wait(lambda: not talker.running)
    assert not child.is_running()
    assert talker.problem is None


def test_one_that_takes_far_too_long_is_ended():
    talker = talk("wait", seconds=-process.GRACE)
    wait(lambda: not talker.running)
    assert talker._process.returncode not in (None, 0)


def test_its_time_counts_from_when_it_says_that_it_begins(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(process, "_clock", lambda: now[0])
    program = ["-m", "tests.app.talker"]
    order = b'{"began": true}\n{"step": "Trains", "share": 0.5}\nwait'
    slow, stuck = (Process(program, said, 10, says_when_it_begins=True) for said in (order, b"wait"))
    now[0] = process.PREPARING - 1  # imports and gathering may have taken so long
    assert stuck.running
    assert not stuck.began
    wait(lambda: slow.share == 0.5)
    assert slow.began
    slow._latest = now[0] + 10 + process.GRACE  # whenever its words came
    now[0] += 10 + process.GRACE - 1
    assert slow.running
    now[0] += 2
    wait(lambda: not slow.running and not stuck.running)
    assert slow.problem is None
    assert "not ready after five minutes" in stuck.problem


def test_one_that_was_got_ready_takes_the_order_and_there_is_one_at_a_time():
    program = ("-m", "tests.app.talker")
    process.get_ready(program)
    waiting = process._ready[program]
    process.get_ready(program)
    assert process._ready[program] is waiting
    talker = talk(STEP)
    assert talker._process is waiting
    assert program not in process._ready
    wait(lambda: not talker.running)
    assert (talker.share, talker.problem) == (0.5, None)


def test_one_that_nobody_wants_ends(monkeypatch):
    monkeypatch.setattr(process, "READY", 0.05)
    started, start = [], process._start
    monkeypatch.setattr(process, "_start", lambda *order: started.append(start(*order)) or started[-1])
    program = ("-m", "tests.app.talker")
    process.get_ready(program)
    (waiting,) = started
    wait(lambda: waiting.poll() is not None)
    assert program not in process._ready
