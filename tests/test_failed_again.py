"""What `.ci/run` does with tests that failed: a few are run again, alone, and only what passes then is let through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.failed_again import MOST, main


def recorded(folder: Path, *names: str) -> Path:
    cache = folder / "cache"
    (cache / "v" / "cache").mkdir(parents=True)
    (cache / "v" / "cache" / "lastfailed").write_text(json.dumps(dict.fromkeys(names, True)))
    return cache


@pytest.mark.parametrize(("body", "passes"), [("assert True", True), ("assert False", False)])
def test_a_test_that_failed_is_run_again(tmp_path: Path, body: str, passes: bool) -> None:
    test = tmp_path / "test_one.py"
    test.write_text(f"def test_it():\n    {body}\n")
    assert (main(recorded(tmp_path, f"{test}::test_it")) == 0) is passes


def test_many_failures_are_no_accident(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(recorded(tmp_path, *(f"tests/test_none.py::test_{i}" for i in range(MOST + 1)))) == 1
    assert "up to 3 are run again" in capfd.readouterr().out


def test_without_a_record_nothing_is_let_through(tmp_path: Path) -> None:
    """Where lint or a type stopped the run before pytest, or pytest could not begin."""
    assert main(tmp_path) == 1
    assert main(recorded(tmp_path)) == 1
