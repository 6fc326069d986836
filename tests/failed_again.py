"""Runs the few tests that the last run of pytest saw failing once more, alone on the machine, one after the other.

`.ci/run` calls it: a browser test that fails beside a second worker and passes alone has met a busy machine.
It is named, so that it can be mended; what fails alone, too, or more than a few, is a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MOST = 3


def last_failed(cache: Path) -> list[str]:
    """Names of the tests that failed last, by pytest's own record; none where pytest has not come so far."""
    record = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(record.read_text())) if record.is_file() else []


def main(cache: Path = Path(".pytest_cache")) -> int:
    """The exit status: 0 if some tests had failed, at most `MOST`, and all of them pass now."""
    failed = last_failed(cache)
    if not 0 < len(failed) <= MOST:
        print(f"{len(failed)} failed tests are on record; up to {MOST} are run again, none of none.")
        return 1
    # The marker of the command line takes the place of the one in pyproject.toml, which leaves slow tests out.
    command = [sys.executable, "-m", "pytest", "-m", "slow or not slow", *failed]
    status = subprocess.run(command, check=False).returncode
    print("Passed alone, not beside others:" if status == 0 else "Failed alone, too:", *failed, sep="\n  ")
    return status


if __name__ == "__main__":
    sys.exit(main())
