"""Work that keeps all cores busy for a second or more: a few at a time, in the order in which it was asked for.

A visitor asks for one turn at a time, and again for the next piece of work, so somebody with twelve photos and somebody
with one take turns. What waits holds its file and no more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

LOOKING = 0.5  # seconds between two looks of who waits; a press of Cancel is noticed then


class Turns:
    """A line. Every method may be called by many visitors at a time."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._line: list[object] = []
        self._moved = Condition()

    @contextmanager
    def turn(self, waiting: Callable[[int], object]) -> Iterator[None]:
        """Wait for a turn and have it until the end of the block.

        Args:
            waiting: told again and again how many come before; not called where nobody does. What it raises, as
                Streamlit does where a run has been cancelled, gives the place up.
        """
        place = object()
        with self._moved:
            self._line.append(place)
        try:
            while (before := self._before(place)) > 0:
                waiting(before)
                with self._moved:
                    if self._line.index(place) >= self._at_once:
                        self._moved.wait(LOOKING)
            yield
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def _before(self, place: object) -> int:
        """How many have to end before this place has its turn."""
        with self._moved:
            return max(0, self._line.index(place) - self._at_once + 1)


heavy_work = Turns(max(1, (os.cpu_count() or 2) // 2))  # the face detector takes two cores
