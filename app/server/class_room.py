"""What a class has in common while its servers run: its answers, counted without names, and where the teacher points.

One server keeps all of it in memory, where it is gone at its end; several share it (`class_store.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import streamlit as st

from app.server.class_store import Document, InMemory, Store, store

MOST_ANSWERS = 2000  # visitors counted for a question


@dataclass(frozen=True)
class Topic:
    """A question of a chapter: of another model it may be another one."""

    chapter: str
    question: str

    @property
    def key(self) -> str:
        """Of its answers in the store."""
        return f"answers:{sha256(repr((self.chapter, self.question)).encode()).hexdigest()[:16]}"


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

    def __init__(self, kept: Store | None = None) -> None:
        """A class whose state is kept there; in memory if not given."""
        self._store = kept or InMemory()

    @property
    def problem(self) -> str | None:
        """What the teacher should know, a text of the catalogue, where something is wrong."""
        return self._store.problem

    def answer(self, topic: Topic, visitor: str, option: int | None) -> None:
        """Count a visitor's answer in place of an earlier one; None takes it back."""
        if _given(self._store.read(topic.key)).get(visitor) == option:
            return  # a page says the same at each of its runs

        def put(document: Document) -> Document:
            given = _given(document)
            if option is None:
                given.pop(visitor, None)
            elif visitor in given or len(given) < MOST_ANSWERS:
                given[visitor] = option
            return {**document, "given": given}

        self._store.change(topic.key, put)

    def answers(self, topic: Topic) -> Counter[int]:
        """How many chose each option, by its number."""
        return Counter(_given(self._store.read(topic.key)).values())

    def show(self, topic: Topic, shown: bool) -> None:
        """Let everybody see what the class said, or nobody."""
        self._store.change(topic.key, lambda document: {**document, "shown": shown})

    def is_shown(self, topic: Topic) -> bool:
        """Whether everybody may see what the class said."""
        return self._store.read(topic.key).get("shown") is True

    def clear(self, topic: Topic) -> None:
        """Forget the answers to a question, and cover them again."""
        self._store.change(topic.key, lambda _: {"given": {}, "shown": False})

    def point(self, page: str, params: Mapping[str, str]) -> None:
        """Bring everybody to a page, once."""
        said = dict(params)
        self._store.change("look:", lambda now: {"number": _look(now).number + 1, "page": page, "params": said})

    @property
    def look(self) -> Look:
        """Where the teacher pointed last."""
        return _look(self._store.read("look:"))


def _given(document: Document) -> dict[str, int]:
    """Each visitor's answer. Others may write into a shared store: what is no answer is left out."""
    given = document.get("given")
    return {k: v for k, v in given.items() if isinstance(v, int)} if isinstance(given, dict) else {}


def _look(document: Document) -> Look:
    match document:
        case {"number": int() as number, "page": str() as page, "params": dict() as params}:
            return Look(number, page, {str(name): str(said) for name, said in params.items()})
    return Look()


@st.cache_resource(show_spinner=False)
def room() -> Room:
    """The one class of this server, and of those that share its store."""
    return Room(store())
