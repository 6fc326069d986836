"""A real Valkey or Redis on loopback, for tests of what servers of one class share."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError

from tests.conftest import PATIENCE

PROGRAM = shutil.which("valkey-server") or shutil.which("redis-server")
MISSING = "there is no store here: apt-get install valkey-server or redis-server (.ci/run does)"


@contextmanager
def store_on(port: int) -> Iterator[str]:
    """A store that keeps nothing on the disk, until the block ends; its address."""
    assert PROGRAM is not None
    process = subprocess.Popen(
        [PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(port):
            assert process.poll() is None, "the store ended by itself"
            assert time.monotonic() < end
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        return bool(Redis(port=port, socket_timeout=1).ping())
    except RedisError:
        return False
