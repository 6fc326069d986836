"""One run at a time in a folder: of two, one would overwrite what the other has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from models.checkpoint_files import CheckpointError

LOCK_FILE = "training.lock"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of `folder`, which is made if missing; a process that is killed lets go of it.

    Raises:
        CheckpointError: another run is at work there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK_FILE
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CheckpointError(
            f"another run is writing to {folder}. Wait until it ends, or give another --out."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # before it is let go of: the next run would otherwise lock a file that then goes
        lock.release()
        with suppress(OSError):
            folder.rmdir()  # only where nothing came of it
