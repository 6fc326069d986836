"""Whatever is mixed of what people hand in: no traceback, nobody renumbered, nothing taken in that then does not work.

`python -m tests.mixing --cases 10000` was run by hand; a minute of it runs here.
"""

import itertools
import os
import time

import pytest

from tests.mixing.running import KINDS, run

SECONDS = float(os.environ.get("FACESPACE_FUZZ_SECONDS", "60"))
SEED = 12  # of the 10,000 cases that were run by hand: the same each time; other seeds are for `python -m tests.mixing`


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_cases_of_each_kind(kind):
    outcomes = list(run(0, range(60), kind))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert len({outcome.came for outcome in outcomes}) == 2  # some are good, some are refused


@pytest.mark.slow
def test_a_minute_of_cases():
    began = time.monotonic()
    numbers = itertools.takewhile(lambda _: time.monotonic() - began < SECONDS, itertools.count())
    assert [outcome for outcome in run(SEED, numbers) if outcome.fault] == []
