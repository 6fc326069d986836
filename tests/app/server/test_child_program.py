"""The process's side: it gets ready before the order comes, and says its lines."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

from app.server import child_program

DONE: list[object] = []


def work(order: bytes, say) -> None:
    DONE.append(order)
    say(step="Half way", share=0.5)


@pytest.mark.parametrize("order", [b"an order", b""])
def test_it_gets_ready_and_carries_out_the_order_if_one_comes(order, monkeypatch, capsys):
    DONE.clear()
    made = SimpleNamespace(prepare=lambda: DONE.append("ready"), run=work)
    monkeypatch.setitem(sys.modules, "a_module", made)
    monkeypatch.setattr(sys, "argv", ["child_program", "a_module"])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(order)))
    child_program.main()
    assert (["ready", order] if order else ["ready"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == ([{"step": "Half way", "share": 0.5}] if order else [])
