from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from app.server.class_room import Look, Room, Topic
from app.server.class_store import MOST

TOPIC = Topic("dataset", "How many?")


def test_each_visitor_counts_once_with_the_last_answer_and_can_take_it_back():
    room = Room()
    with ThreadPoolExecutor(8) as class_:
        list(class_.map(lambda i: room.answer(TOPIC, f"visitor {i % 20}", i % 3), range(200)))
    assert sum(room.answers(TOPIC).values()) == 20
    for visitor in ("visitor 1", "visitor 2"):
        room.answer(TOPIC, visitor, 2)
    room.answer(TOPIC, "visitor 3", None)
    assert sum(room.answers(TOPIC).values()) == 19
    assert room.answers(Topic("dataset", "Another question")) == Counter()


def test_answers_are_covered_until_they_are_shown_and_again_once_they_are_cleared():
    room = Room()
    room.answer(TOPIC, "one", 1)
    assert not room.is_shown(TOPIC)
    room.show(TOPIC, True)
    assert room.is_shown(TOPIC)
    room.clear(TOPIC)
    assert not room.is_shown(TOPIC)
    assert not room.answers(TOPIC)


def test_questions_that_were_asked_long_ago_are_forgotten():
    room = Room()
    for number in range(MOST + 1):
        room.answer(Topic("dataset", str(number)), "one", 0)
    assert not room.answers(Topic("dataset", "0"))
    assert room.answers(Topic("dataset", "1")) == Counter({0: 1})


def test_each_pointing_has_a_number_of_its_own():
    room = Room()
    assert room.look == Look()
    room.point("edit", {"face": "3"})
    room.point("edit", {"face": "3"})
    assert room.look == Look(2, "edit", {"face": "3"})
