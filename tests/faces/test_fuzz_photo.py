"""Mutated picture files for a minute (FACESPACE_FUZZ_SECONDS); `python -m benchmarks fuzz` runs 50,000 by hand."""

import os

import numpy as np
import pytest

from benchmarks.fuzz import mutate, real_files, run_child
from faces.photo import read_photo

SECONDS = float(os.environ.get("FACESPACE_FUZZ_SECONDS", "60"))


def test_the_files_to_mutate_are_all_readable_and_mutations_repeat():
    files = real_files()
    assert all(read_photo(data).mode == "RGB" for data in files)
    first, again = (mutate(files[0], files[1], np.random.default_rng(5)) for _ in range(2))
    assert first == again != files[0]


@pytest.mark.slow
def test_no_mutated_file_crashes_hangs_or_grows():
    outcome = run_child(seed=int.from_bytes(os.urandom(4), "big"), seconds=SECONDS)
    assert not isinstance(outcome, str), outcome
    assert outcome.faults == []
    assert outcome.refused > outcome.inputs / 20  # the mutations do damage
    assert outcome.pictures > outcome.inputs / 20  # and not so much that no decoder is reached
    assert outcome.growth_mb < 300
