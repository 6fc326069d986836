"""What servers of one class share: in memory and in a real store, and while that does not answer."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from app.server import class_network, class_store
from app.server.class_line import LEASE, Line
from app.server.class_room import Look, Room, Topic
from app.server.class_store import AGAIN, PROBLEM, Change, Document, InMemory, InValkey, Mirrored, Store, StoreError
from benchmarks.server import free_port
from tests.app.server.store_server import MISSING, PROGRAM, store_on
from tests.conftest import PATIENCE

TOPIC = Topic("dataset", "How many?")
needs_store = pytest.mark.skipif(PROGRAM is None, reason=MISSING)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with store_on(free_port()) as url:
        yield url


@pytest.fixture(params=["memory", pytest.param("valkey", marks=needs_store)])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return InMemory()
    url = request.getfixturevalue("address")
    Redis.from_url(url).flushall()
    return Mirrored(InValkey(url))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy for a moment is no store that does not answer."""
    monkeypatch.setattr(class_store, "LONGEST", PATIENCE)


class Failing:
    """A store whose line can be cut."""

    problem = None

    def __init__(self) -> None:
        self.inner, self.cut, self.asked = InMemory(), False, 0

    def _ask(self) -> InMemory:
        self.asked += 1
        if self.cut:
            raise StoreError("cut")
        return self.inner

    def read(self, key: str) -> Document:
        return self._ask().read(key)

    def change(self, key: str, by: Change) -> Document:
        return self._ask().change(key, by)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_no_answer_of_a_class_that_answers_at_once_is_lost(store: Store) -> None:
    servers = [Room(store), Room(store)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: servers[i % 2].answer(TOPIC, f"visitor {i}", i % 3), range(90)))
    assert servers[0].answers(TOPIC) == Counter({0: 30, 1: 30, 2: 30}) == servers[1].answers(TOPIC)


@needs_store
def test_two_servers_share_votes_what_is_shown_and_where_the_teacher_points(address: str) -> None:
    Redis.from_url(address).flushall()
    one, other = (Room(Mirrored(InValkey(address))) for _ in range(2))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: (one, other)[i % 2].answer(TOPIC, f"visitor {i}", i % 2), range(60)))
    assert one.answers(TOPIC) == other.answers(TOPIC) == Counter({0: 30, 1: 30})
    one.show(TOPIC, True)
    assert other.is_shown(TOPIC)
    other.point("edit", {"face": "3"})
    assert one.look == Look(1, "edit", {"face": "3"})
    one.clear(TOPIC)
    assert not other.answers(TOPIC)
    assert not other.is_shown(TOPIC)
    (key,) = Redis.from_url(address).keys("*answers*")
    assert 0 < int(Redis.from_url(address).ttl(key)) <= class_store.DAY


def test_while_the_store_is_away_a_server_goes_on_and_hands_in_what_has_changed(caplog) -> None:
    far, clock = Failing(), Clock()
    here, there = Room(Mirrored(far, clock)), Room(far)
    here.answer(TOPIC, "early", 0)
    assert here.problem is None
    far.cut = True
    with caplog.at_level(logging.WARNING):
        here.answer(TOPIC, "meanwhile", 1)
        here.show(TOPIC, True)
    assert here.answers(TOPIC) == Counter({0: 1, 1: 1})
    assert here.is_shown(TOPIC)
    assert here.problem == PROBLEM
    assert len(caplog.records) == 1
    asked = far.asked
    assert here.answers(TOPIC)[1] == 1
    assert far.asked == asked, "a store that is silent must not hold up every page"
    far.cut = False
    there.answer(TOPIC, "elsewhere", 1)
    clock.now += AGAIN
    assert here.answers(TOPIC) == Counter({0: 1, 1: 2})
    assert here.problem is None
    assert there.answers(TOPIC) == Counter({0: 1, 1: 2})
    assert there.is_shown(TOPIC)


def test_a_store_that_comes_back_empty_gets_what_the_servers_still_know() -> None:
    far, clock = Failing(), Clock()
    here = Room(Mirrored(far, clock))
    here.answer(TOPIC, "early", 2)
    far.cut = True
    here.point("edit", {})
    far.cut, far.inner = False, InMemory()
    clock.now += AGAIN
    assert here.answers(TOPIC) == Counter({2: 1})
    assert Room(far).look == Look(1, "edit", {})


@needs_store
def test_what_a_stranger_writes_into_the_store_breaks_no_page(address: str) -> None:
    client = Redis.from_url(address)
    room, line = Room(Mirrored(InValkey(address))), Line(Mirrored(InValkey(address)))
    for nonsense in (b"\xff", b"[1]", b"null", b'{"given": 3, "number": "x", "line": 7}', b'{"given": {"a": "b"}}'):
        for key in (TOPIC.key, "look:", "line:live"):
            client.set(class_store.PREFIX + key, nonsense)
        assert room.answers(TOPIC) == Counter()
        assert room.look == Look()
        assert line.order([]) == []
    client.set(class_store.PREFIX + "look:", b'{"number": 5, "page": "<b>", "params": {"face": 3}}')
    assert room.look == Look(5, "<b>", {"face": "3"})
    client.delete(*client.keys(class_store.PREFIX + "*"))
    client.lpush(class_store.PREFIX + TOPIC.key, "a list")
    room.answer(TOPIC, "visitor", 1)
    assert room.problem == PROBLEM
    assert room.answers(TOPIC) == Counter({1: 1})


def test_the_tickets_of_two_servers_stand_in_one_line_and_a_server_that_has_gone_holds_nobody_up(store: Store) -> None:
    clock = Clock()
    one, other = Line(store, clock), Line(store, clock)
    assert one.order(["a"]) == ["a"]
    assert other.order(["b", "c"]) == ["a", "b", "c"]
    assert one.order(["a", "d"]) == ["a", "b", "c", "d"]
    assert other.order(["c"], gone=["b"]) == ["a", "c", "d"]
    clock.now += LEASE - 1
    assert other.order(["c"]) == ["a", "c", "d"]
    clock.now += 2
    assert other.order(["c"]) == ["c"]
    assert one.order(["d"]) == ["c", "d"]


def test_a_server_that_shares_a_store_is_open_to_a_class_and_an_address_that_is_none_stops_nobody(
    monkeypatch, caplog
) -> None:
    monkeypatch.setattr(class_network, "listens", lambda: False)
    monkeypatch.delenv(class_store.SETTING, raising=False)
    assert not class_network.is_open()
    assert class_store.announcement() is None
    monkeypatch.setenv(class_store.SETTING, "redis://:secret@stores.example:6379/0")
    assert class_network.is_open()
    assert class_store.announcement() == "Class state is shared through stores.example:6379."
    monkeypatch.setenv(class_store.SETTING, "no address")
    class_store.store.clear()
    with caplog.at_level(logging.WARNING):
        assert isinstance(class_store.store(), InMemory)
    assert class_store.SETTING in caplog.text
    class_store.store.clear()
