"""A process that says what its order tells it, for the tests: a line each, then it waits or ends."""

import sys
import time

if __name__ == "__main__":
    order = sys.stdin.buffer.read().decode()
    for line in order.splitlines():
        if line == "wait":
            time.sleep(600)
        if line == "fail":
            sys.exit(3)
        print(line, flush=True)
