"""Run mixed cases by hand: `python -m tests.mixing --cases 10000`; `--first 17 --cases 1 --kind pairs` is one."""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections import Counter

from tests.mixing.running import KINDS, run

words = argparse.ArgumentParser(description=__doc__)
words.add_argument("--cases", type=int, default=1000)
words.add_argument("--first", type=int, default=0, help="number of the first case")
words.add_argument("--seed", type=int, default=0)
words.add_argument("--kind", choices=[*KINDS], help="only these")
given = words.parse_args()
logging.disable(logging.WARNING)  # Streamlit misses its server
warnings.simplefilter("ignore")
came, faults = Counter[str](), 0
for outcome in run(given.seed, range(given.first, given.first + given.cases), given.kind):
    came[f"{outcome.kind}: {outcome.came or 'FAULT'}"] += 1
    if outcome.fault:
        faults += 1
        print(f"{outcome.kind}, seed {given.seed}, case {outcome.number}: {outcome.fault}", flush=True)
    if sum(came.values()) % 500 == 0:
        print(f"{sum(came.values()):,} cases, {faults} faults", file=sys.stderr, flush=True)
for name, count in sorted(came.items()):
    print(f"{name}: {count:,}")
sys.exit(bool(faults))
