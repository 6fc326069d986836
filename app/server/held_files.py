"""How much of the computer's memory the visitors' files take, so that no crowd can fill it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from weakref import finalize

_lock = Lock()
_held = 0


def hold(owner: object, size: int) -> None:
    """Count the bytes of a file for as long as the object that has it is there."""
    _add(size)
    finalize(owner, _add, -size).atexit = False


def reserve(size: int) -> Callable[[], None]:
    """Count bytes that are about to come; returns what to call when they are here, or will not come."""
    _add(size)
    return lambda: _add(-size)


def bytes_held() -> int:
    """Of all visitors together."""
    return _held


def _add(size: int) -> None:
    global _held  # noqa: PLW0603 - one number for the process, as its memory is
    with _lock:
        _held += size
