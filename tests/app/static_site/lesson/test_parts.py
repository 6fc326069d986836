"""Pages as trees: what tells two of them apart, and what an answer lets appear."""

from __future__ import annotations

from app.static_site.lesson.parts import Part, changes, covered, leaf, numbered


def block(*children: Part, name: str = "") -> Part:
    return Part(f'<div class="{name}">', children=children)


def test_the_smallest_pieces_tell_two_pages_apart() -> None:
    here = numbered(block(leaf("a"), block(leaf("b"), leaf("c")), leaf("d")))
    there = block(leaf("a"), block(leaf("b"), leaf("C")), leaf("d"))
    found = changes(here, there)
    assert list(found) == ["0.1.1"]
    assert found["0.1.1"].html == '<div data-at="0.1.1" class="stElementContainer">C</div>'
    longer = block(leaf("a"), block(leaf("b"), leaf("c"), leaf("new")), leaf("d"))
    assert list(changes(here, longer)) == ["0.1"]
    assert changes(here, block(leaf("a"), block(leaf("b"), leaf("c")), leaf("d"))) == {}


def test_what_an_answer_brings_is_hidden_until_then_and_keeps_its_name() -> None:
    settled = numbered(block(block(leaf("read"), leaf("chart"), leaf("words"), name="step"), leaf("end")))
    asked = block(block(leaf("read"), leaf("the answer would be given away"), name="step"), leaf("end"))
    step = covered(asked, settled).children[0]
    assert [(child.flag, child.at) for child in step.children] == [
        ("", "0.0.0"),
        ("open", ""),
        ("covered", "0.0.1"),
        ("covered", "0.0.2"),
    ]
    assert step.children[2].html.startswith('<div data-at="0.0.1" data-when="covered" hidden')
    assert covered(settled, settled) is settled
