"""A module's work in a process of its own: `python -m app.server.child_program MODULE`, which `child_process` starts.

The module has `prepare()`, which imports what the work needs while nobody waits for it yet, and `run(order, say)`: an
order comes by standard input, and each thing that there is to say goes to standard output as a line of JSON.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Get ready, then carry out the order, if one comes at all."""
    work = import_module(sys.argv[1])
    work.prepare()
    if order := sys.stdin.buffer.read():
        work.run(order, _say)


def _say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
