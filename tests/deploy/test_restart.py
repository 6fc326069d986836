"""A server that is told to stop lets its pages know at once, so that they connect again while it starts anew."""

from __future__ import annotations

import signal

import pytest

from benchmarks.protocol import Visitor
from benchmarks.server import running_app
from tests.conftest import PATIENCE, run_alone


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends a process without telling it")
def test_pages_are_told_that_the_server_restarts_and_it_ends_by_itself() -> None:
    with running_app(FACESPACE_CELEBA="") as server:

        async def visit() -> int | None:
            visitor = await Visitor(server.url).open()
            await visitor.at_rest()
            server.process.terminate()
            await visitor.closed(PATIENCE)
            return visitor.close_code

        assert run_alone(visit()) == 1012  # service restart, RFC 6455's registry of codes
        assert server.process.wait(PATIENCE) == -signal.SIGTERM
