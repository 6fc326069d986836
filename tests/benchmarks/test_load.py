"""The load table's clients, a handful of them: nobody meets an error, and every figure is one."""

from __future__ import annotations

from benchmarks.load import crowd, table_of
from benchmarks.server import Server
from tests.conftest import run_alone


def test_five_sessions_come_change_things_and_give_a_photo(served: Server) -> None:
    found = run_alone(crowd([served], 5, a_second=50, between=0))
    assert not found.errors
    assert len(found.first) == 5
    assert len(found.changes) == 12
    assert len(found.photos) == 1
    assert found.seconds > 0
    assert [row.measured for row in table_of(found, 1)][-1] == "0"


def test_a_client_whose_server_has_gone_is_counted(served: Server) -> None:
    gone = Server("http://localhost:9", served.process, 0)
    found = run_alone(crowd([gone], 2, a_second=50, between=0))
    assert found.errors == {"URLError": 2}
    assert table_of(found, 1)[-1].measured == "2: URLError (2)"
    assert table_of(found, 1)[0].measured == "none"
