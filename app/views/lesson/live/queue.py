"""One live run at a time in a class: a line of visitors, from which those drop out who no longer look.

Servers that share a store have one line (`app/server/class_line.py`); each starts the runs of its own visitors.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Generic, Protocol, TypeVar

from app.server.class_line import Line
from app.server.class_store import InMemory
from app.texts import _

PATIENCE = 45.0  # seconds without a look; a page that is open looks each second, but a busy server may be late
SHORT = 5.0  # the same where the visitor's connection is closed; a network may fail for a moment
LOOKING = 1.0  # seconds between the queue's own looks


class Run(Protocol):
    """What is waited for."""

    @property
    def running(self) -> bool:
        """Whether it goes on."""

    def stop(self) -> None:
        """End it."""


R = TypeVar("R", bound=Run)


@dataclass(eq=False)
class Place(Generic[R]):
    """A visitor's place in the line.

    Attributes:
        begin: starts the visitor's run.
        connected: whether the visitor's page is open.
        seen: when the visitor last looked.
        run: theirs, once it was their turn; it stays here when it has ended.
        refused: why the system could not start it.
        left: whether the visitor gave it up.
        lost: whether it was taken away, since nobody looked.
        ticket: names it in the line of all servers.
    """

    begin: Callable[[], R]
    connected: Callable[[], bool]
    seen: float
    run: R | None = None
    refused: str | None = None
    left: bool = False
    lost: bool = False
    ticket: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def problem(self) -> str | None:
        """A sentence, in the language of whoever asks, where it could not be started."""
        if self.refused is None:
            return None
        return _("The run could not be started: {reason}.").format(reason=self.refused)


class RunQueue(Generic[R]):
    """The line. Whoever stands first has the run."""

    def __init__(
        self, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic, line: Line | None = None
    ) -> None:
        """An empty line.

        Args:
            patience: seconds without a look after which a place is given up.
            clock: tells the time.
            line: that this server shares with others; one of its own if not given.
        """
        self._patience, self._clock = patience, clock
        self._line = line or Line(InMemory())
        self._places: list[Place[R]] = []  # of this server's visitors
        self._order: list[str] = []  # tickets of all
        self._lock = Lock()
        self._watched = False

    def join(self, begin: Callable[[], R], connected: Callable[[], bool] = lambda: True) -> Place[R]:
        """Stand in line; the run starts at once where nobody else's is going.

        Args:
            begin: starts the run; an OSError says that it cannot be started.
            connected: whether the visitor's page is open.
        """
        place = Place(begin, connected, self._clock())
        with self._lock:
            self._places.append(place)
            if not self._watched:
                self._watched = True
                Thread(target=self._watch, daemon=True, name="line for live training").start()
        self.tend()
        return place

    def look(self, place: Place[R]) -> int | None:
        """Say that the visitor is still there.

        Returns:
            How many are before them, 0 while their own run goes on; None once it has ended or the place is lost.
        """
        place.seen = self._clock()
        self.tend()
        with self._lock:
            return self._order.index(place.ticket) if place in self._places and place.ticket in self._order else None

    def leave(self, place: Place[R]) -> None:
        """Give the place up, and end the run."""
        with self._lock:
            place.left = True
            self._drop(place)
        self.tend()

    def tend(self) -> None:
        """Let go of those who no longer look and of what has ended, and start what comes next."""
        with self._lock:
            for place in list(self._places):
                unseen = self._clock() - place.seen
                if unseen > self._patience or (unseen > SHORT and not place.connected()):
                    place.lost = True
                    self._drop(place)
                elif place.run is not None and not place.run.running:
                    self._take_out(place)
            self._line_up()
            while (first := self._first()) is not None:
                if first.run is None:
                    self._start(first)
                if first.run is not None and first.run.running:
                    return
                self._take_out(first)

    def _line_up(self, *gone: str) -> None:
        """Say who of this server stands in line, and hear who stands before them."""
        self._order = self._line.order([place.ticket for place in self._places], gone)

    def _first(self) -> Place[R] | None:
        """Who has the turn, where that is a visitor of this server."""
        return next((place for place in self._places if place.ticket == self._order[0]), None) if self._order else None

    def _drop(self, place: Place[R]) -> None:
        if place.run is not None:
            place.run.stop()
        if place in self._places:
            self._take_out(place)

    def _take_out(self, place: Place[R]) -> None:
        self._places.remove(place)
        self._line_up(place.ticket)

    def _start(self, place: Place[R]) -> None:
        try:
            place.run = place.begin()
        except OSError as error:
            place.refused = str(error.strerror or error)

    def _watch(self) -> None:
        """Tend the line as long as there is one: nobody looks for a visitor who has closed the page."""
        while True:
            time.sleep(LOOKING)
            self.tend()
            with self._lock:
                if not self._places:
                    self._watched = False
                    return
