"""The soak table's visitors, a few of them for some seconds: nobody is lost, and who is would be counted."""

from __future__ import annotations

import pytest

from benchmarks.server import Server
from benchmarks.soak import STEPS, Walk, soak, table_of
from tests.conftest import run_alone


@pytest.mark.slow
def test_three_visitors_walk_about_and_nobody_is_lost(served: Server) -> None:
    found = run_alone(soak(served, 3, 4, pause=0))
    assert not found.lost
    assert sum(found.steps.values()) >= 3
    rows = table_of(found, 3, 4, tracebacks=0)
    assert [row.measured for row in rows][-2:] == ["0", "0"]


def test_a_session_that_ends_is_counted_and_growth_is_the_second_halfs() -> None:
    found = Walk(memory=[(0, 100.0), (5, 130.0), (10, 150.0)])
    found.steps["face"] = 7
    found.lost["face: ConnectionError the server closed the connection"] = 2
    measured = [row.measured for row in table_of(found, 40, 10, tracebacks=1)]
    assert measured[0] == "7: " + ", ".join(f"{7 if step == 'face' else 0} x {step}" for step in STEPS)
    assert measured[2] == "+20 MB"
    assert measured[3] == "2: face: ConnectionError the server closed the connection (2)"
    assert measured[4] == "1"
