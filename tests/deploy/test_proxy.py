"""Two servers behind the real proxy with the configuration that is shipped; clients without a browser."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.paths import PORTRAIT
from benchmarks.protocol import Visitor
from benchmarks.proxy import CADDY, MISSING, proxy
from benchmarks.server import Server, free_port, running_app
from tests.conftest import PATIENCE, run_alone

pytestmark = pytest.mark.skipif(CADDY is None, reason=MISSING)
LINK = "model=vae&face=155482"


def fetched(url: str) -> Mapping[str, str]:
    """The headers of an answer with status 200, once there is one."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # the proxy has made its certificate itself
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE, context=trusting) as answer:
                return dict(answer.headers.items())
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < end, f"{url} does not answer"
            time.sleep(0.05)


@pytest.fixture
def two(served: Server) -> Iterator[tuple[Server, Server]]:
    """One to be lost, and one that stays."""
    with running_app(FACESPACE_CELEBA="") as one:
        yield one, served


async def with_face(visitor: Visitor) -> Visitor:
    """A page whose link names a face, once the page shows it."""
    await visitor.open("", LINK)
    await visitor.until(lambda: any("**Face 155482**" in text for text in visitor.texts))
    await visitor.at_rest()
    return visitor


@pytest.mark.slow
def test_who_loses_a_server_gets_another_with_the_face_of_the_link_and_photos_go_where_the_page_is(
    two: tuple[Server, Server], tmp_path: Path
) -> None:
    outside = f"http://localhost:{free_port()}"

    async def visit() -> None:
        visitors: list[Visitor] = []
        places: set[str] = set()
        while len(places) < 2:
            assert len(visitors) < 40, "all visitors of one address came to one server"
            visitors.append(await with_face(Visitor(outside)))
            places.add(visitors[-1].cookies["facespace"])
        two[0].process.kill()
        lost = [visitor for visitor in visitors if await gone(visitor)]
        assert 0 < len(lost) < len(visitors)
        assert {visitor.cookies["facespace"] for visitor in lost} < places
        for visitor in lost:
            again = await with_face(Visitor(outside, cookies=dict(visitor.cookies)))
            assert again.cookies["facespace"] not in {one.cookies["facespace"] for one in lost}
            await again.close()
        there = await Visitor(outside, cookies=dict(lost[0].cookies)).open("your-face")
        box = await there.shown("file_uploader", "Photos")
        assert await there.upload(box, [("portrait.jpg", PORTRAIT.read_bytes())]) == [204]
        for visitor in visitors:
            await visitor.close()

    async def gone(visitor: Visitor) -> bool:
        """Whether the connection has ended; the others' still answers."""
        runs = visitor.runs
        try:
            await visitor.rerun()
            await visitor.at_rest(runs + 1)
        except ConnectionError:
            return True
        return False

    with proxy(tmp_path, outside, two):
        fetched(f"{outside}/_stcore/health")
        run_alone(visit())


def test_https_of_a_name_in_the_own_network_answers(served: Server, tmp_path: Path) -> None:
    outside = f"https://localhost:{free_port()}"
    with proxy(tmp_path, outside, [served], tls="tls internal"):
        headers = fetched(f"{outside}/")
    assert headers["X-Content-Type-Options"] == "nosniff"
