"""What a class has in common while the server runs: its answers, counted without names, and where the teacher points.

All of it is in memory alone and is gone with the server.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

MOST_TOPICS = 200  # the one asked longest ago goes first
MOST_ANSWERS = 2000  # visitors counted for a question


@dataclass(frozen=True)
class Topic:
    """A question of a chapter: of another model it may be another one."""

    chapter: str
    question: str


@dataclass(frozen=True)
class Look:
    """Where the teacher points.

    Attributes:
        number: counts up; 0 before the first one.
        page: its path, as in its address.
        params: of its address: model, face, sliders and the like.
    """

    number: int = 0
    page: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


class Room:
    """The class. Every method may be called by many visitors at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[Topic, dict[str, int]] = OrderedDict()
        self._shown: set[Topic] = set()
        self._look = Look()

    def answer(self, topic: Topic, visitor: str, option: int | None) -> None:
        """Count a visitor's answer in place of an earlier one; None takes it back."""
        with self._lock:
            given = self._answers.setdefault(topic, {})
            if option is None:
                given.pop(visitor, None)
            elif visitor in given or len(given) < MOST_ANSWERS:
                given[visitor] = option
            self._answers.move_to_end(topic)
            while len(self._answers) > MOST_TOPICS:
                self._shown.discard(self._answers.popitem(last=False)[0])

    def answers(self, topic: Topic) -> Counter[int]:
        """How many chose each option, by its number."""
        with self._lock:
            return Counter(self._answers.get(topic, {}).values())

    def show(self, topic: Topic, shown: bool) -> None:
        """Let everybody see what the class said, or nobody."""
        with self._lock:
            (self._shown.add if shown else self._shown.discard)(topic)

    def is_shown(self, topic: Topic) -> bool:
        """Whether everybody may see what the class said."""
        with self._lock:
            return topic in self._shown

    def clear(self, topic: Topic) -> None:
        """Forget the answers to a question, and cover them again."""
        with self._lock:
            self._answers.pop(topic, None)
            self._shown.discard(topic)

    def point(self, page: str, params: Mapping[str, str]) -> None:
        """Bring everybody to a page, once."""
        with self._lock:
            self._look = Look(self._look.number + 1, page, dict(params))

    @property
    def look(self) -> Look:
        """Where the teacher pointed last."""
        return self._look


@st.cache_resource(show_spinner=False)
def room() -> Room:
    """The one class of this server."""
    return Room()
