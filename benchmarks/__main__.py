"""Print the README's tables.

python -m benchmarks               what takes a few minutes
python -m benchmarks placement     one table by name: training, app, live, crowd, placement, your-face, generate,
                                   lesson, alignment, classroom, atlas-memory, bad-input, fuzz
"""

from __future__ import annotations

import argparse
import importlib

from benchmarks.report import table

QUICK = ("training", "app", "live", "crowd", "placement", "your-face", "generate", "lesson")
SLOW = ("alignment", "classroom", "atlas-memory", "bad-input", "fuzz")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("names", nargs="*", choices=[[], *QUICK, *SLOW], help="tables to make; default: the quick ones")
    names = words.parse_args().names or QUICK
    for name in names:
        rows = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").measure()
        print(f"\n{name}\n\n{table(rows)}", flush=True)


if __name__ == "__main__":
    main()
