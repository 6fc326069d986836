"""Print the README's tables, or write them into it.

python -m benchmarks                     measure what takes a few minutes
python -m benchmarks placement           one table by name
python -m benchmarks placement --write   and put it into the README, with its day and machine
python -m benchmarks models family       the checkpoints' figures, as evaluate.py left them
"""

from __future__ import annotations

import argparse
import importlib

from benchmarks import models
from benchmarks.readme import between_marks, write_table
from benchmarks.report import table
from benchmarks.server import ROOT

QUICK = (
    "training",
    "app",
    "live",
    "crowd",
    "filtering",
    "many-points",
    "placement",
    "your-face",
    "generate",
    "lesson",
    "first-visits",
    "live-run",
    "site",
)
SLOW = ("landmarks", "alignment", "hidden-faces", "classroom", "load", "soak", "atlas-memory", "bad-input", "fuzz")
README = ROOT / "README.md"


def main() -> None:
    """Read the command line, measure, print, and write where asked."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [*models.FOLDERS, *QUICK, *SLOW]
    words.add_argument("names", nargs="*", choices=[[], *known], help="tables to make; default: the quick ones")
    words.add_argument("--write", action="store_true", help="put them between their marks in the README")
    given = words.parse_args()
    for name in given.names or [*models.FOLDERS, *QUICK]:
        if name in models.FOLDERS:
            made = models.text(name)
            if given.write:
                README.write_text(between_marks(README.read_text(encoding="utf-8"), name, made), encoding="utf-8")
        else:
            rows = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").measure()
            made = table(rows)
            if given.write:
                write_table(README, name, rows)
        print(f"\n{name}\n\n{made}", flush=True)


if __name__ == "__main__":
    main()
