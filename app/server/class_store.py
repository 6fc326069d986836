"""Where the servers of one class keep what they share: small documents, in memory for one, in Valkey or Redis for more.

The address stands in `FACESPACE_CLASS_STORE`, such as redis://localhost:6379/0. While the store does not answer, each
server goes on by itself with what it last knew, and hands in what has changed meanwhile once the store is back.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from copy import deepcopy
from threading import Lock
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import streamlit as st

from app.texts import N_

_log = logging.getLogger(__name__)
SETTING = "FACESPACE_CLASS_STORE"
Document = dict[str, Any]
"""What a JSON object holds. One that is not there is empty."""
Change = Callable[[Document], Document]
"""Makes the new document of the old one, which it may alter; called again where another server was quicker."""

MOST = 200  # documents of a kind in memory; the one that changed longest ago goes first
DAY = 24 * 3600  # seconds after its last change for which the store keeps a document
LONGEST = 1.0  # seconds for an answer of the store
AGAIN = 5.0  # seconds after which one that did not answer is asked anew
MOST_MISSED = 5000  # changes that wait for it
PREFIX = "facespace:"
PROBLEM = N_(
    "The servers of this class cannot reach the store that they share: for now each counts and points by itself. "
    "It comes right once the store named in FACESPACE_CLASS_STORE answers."
)


class StoreError(Exception):
    """The store does not answer, or its address is none; the message is for the log."""


class Store(Protocol):
    """Documents by key, `kind:name`. Every method may be called by many visitors at a time."""

    @property
    def problem(self) -> str | None:
        """What the teacher should know, a text of the catalogue, where something is wrong."""

    def read(self, key: str) -> Document:
        """A document."""

    def change(self, key: str, by: Change) -> Document:
        """Change a document, with nobody else's change lost, and return what it is now."""


class InMemory:
    """Of this process alone."""

    problem = None

    def __init__(self) -> None:
        self._lock = Lock()
        self._kinds: dict[str, OrderedDict[str, Document]] = {}

    def read(self, key: str) -> Document:
        """See `Store`."""
        with self._lock:
            return deepcopy(self._kinds.get(_kind(key), OrderedDict()).get(key, {}))

    def change(self, key: str, by: Change) -> Document:
        """See `Store`."""
        with self._lock:
            documents = self._kinds.setdefault(_kind(key), OrderedDict())
            documents[key] = by(documents.get(key, {}))
            documents.move_to_end(key)
            while len(documents) > MOST:
                documents.popitem(last=False)
            return deepcopy(documents[key])

    def all(self) -> dict[str, Document]:
        """Every document by its key."""
        with self._lock:
            return {key: deepcopy(document) for kind in self._kinds.values() for key, document in kind.items()}


class InValkey:
    """In a Valkey or a Redis that several servers reach. Its methods raise StoreError where it does not answer."""

    problem = None

    def __init__(self, url: str) -> None:
        """Connects later.

        Args:
            url: redis://, rediss:// or unix://, with a password where the store wants one.

        Raises:
            StoreError: it is no such address.
        """
        from redis import Redis  # late: where nothing is shared, nobody needs it
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        try:
            self._client = Redis.from_url(
                url,
                socket_timeout=LONGEST,
                socket_connect_timeout=LONGEST,
                retry=Retry(NoBackoff(), 1),  # a connection that was left open while the store restarted
            )
        except ValueError as error:
            raise StoreError(
                f"{SETTING} is no address of a store, such as redis://localhost:6379/0: {error}"
            ) from error

    def read(self, key: str) -> Document:
        """See `Store`."""
        from redis import RedisError

        try:
            return _document(self._client.get(PREFIX + key))
        except (RedisError, OSError) as error:
            raise StoreError(str(error)) from error

    def change(self, key: str, by: Change) -> Document:
        """See `Store`."""
        from redis import RedisError

        def exchange(pipeline: Any) -> Document:
            changed = by(_document(pipeline.get(PREFIX + key)))
            pipeline.multi()
            pipeline.set(PREFIX + key, json.dumps(changed), ex=DAY)
            return changed

        try:
            return cast(Document, self._client.transaction(cast(Any, exchange), PREFIX + key, value_from_callable=True))
        except (RedisError, OSError) as error:
            raise StoreError(str(error)) from error


class Mirrored:
    """A store with what this server knows of it beside, for while it does not answer."""

    def __init__(self, far: Store, clock: Callable[[], float] = time.monotonic) -> None:
        """Of a store whose methods may raise StoreError; the clock tells seconds."""
        self._far, self._clock = far, clock
        self._near = InMemory()
        self._missed: deque[tuple[str, Change]] = deque(maxlen=MOST_MISSED)
        self._lock = Lock()  # one change at a time, so that servers vie for a document and their visitors do not
        self._silent_until = 0.0
        self._lost = False

    @property
    def problem(self) -> str | None:
        """See `Store`."""
        return PROBLEM if self._lost else None

    def read(self, key: str) -> Document:
        """See `Store`."""
        if self._lost and self._lock.acquire(blocking=False):  # one visitor looks whether it is back
            try:
                self._reachable()
            finally:
                self._lock.release()
        if not self._lost:
            try:
                document = self._far.read(key)
            except StoreError as error:
                self._lose(error)
            else:
                return self._near.change(key, lambda _: document)
        return self._near.read(key)

    def change(self, key: str, by: Change) -> Document:
        """See `Store`."""
        with self._lock:
            if self._reachable():
                try:
                    document = self._far.change(key, by)
                except StoreError as error:
                    self._lose(error)
                else:
                    return self._near.change(key, lambda _: document)
            self._missed.append((key, by))
            return self._near.change(key, by)

    def _reachable(self) -> bool:
        """Whether to ask the store; after a silence, once it has been told what it missed."""
        if not self._lost:
            return True
        if self._clock() < self._silent_until:
            return False
        self._silent_until = self._clock() + AGAIN  # whoever comes meanwhile does not wait for the answer
        try:
            self._tell()
        except StoreError as error:
            self._lose(error)
            return False
        self._lost = False
        _log.warning("The store of the class answers again.")
        return True

    def _tell(self) -> None:
        """Hand in what has changed; a document that the store has lost, as it is known here.

        Raises:
            StoreError: it is silent again.
        """
        for key, known in self._near.all().items():
            if known and not self._far.read(key):
                self._far.change(key, lambda document, known=known: document or known)  # type: ignore[misc]
                self._missed = deque((change for change in self._missed if change[0] != key), MOST_MISSED)
        while self._missed:
            self._far.change(*self._missed[0])
            self._missed.popleft()

    def _lose(self, error: StoreError) -> None:
        if not self._lost:
            _log.warning("The store of the class does not answer, so this server goes on by itself: %s", error)
        self._lost, self._silent_until = True, self._clock() + AGAIN


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The one store of this server: the shared one where one is named, else its memory."""
    if not is_shared():
        return InMemory()
    try:
        return Mirrored(InValkey(os.environ[SETTING]))
    except StoreError as error:
        _log.warning("%s. This server counts by itself.", error)
        return InMemory()


def is_shared() -> bool:
    """Whether a store is named that several servers share."""
    return bool(os.environ.get(SETTING))


def announcement() -> str | None:
    """What the terminal says of the store, without its password; None where nothing is shared."""
    if not is_shared():
        return None
    where = urlsplit(os.environ[SETTING])
    return f"Class state is shared through {where.hostname or 'a socket'}{f':{where.port}' if where.port else ''}."


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _document(data: Any) -> Document:
    """What the store holds as JSON; what somebody else has put there and is none counts as nothing."""
    try:
        found = json.loads(data) if data else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
