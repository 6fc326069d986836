"""What browsers are told with every answer. That all pages live with it: tests/browser/test_every_page.py."""

from __future__ import annotations

import http.client

import pytest

from app.server.answer_headers import may_be_framed
from benchmarks.server import Server


def headers(served: Server, path: str) -> http.client.HTTPMessage:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    connection.request("GET", path, headers={"accept": "text/html"})
    answer = connection.getresponse()
    answer.read()
    return answer.headers


def rules(found: http.client.HTTPMessage) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in found["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["/", "/generate", "/_stcore/health", "/nothing/here.png", f"/?w={'a' * 70_000}"])
def test_every_answer_says_what_it_is_and_what_may_run(served: Server, path: str) -> None:
    found = headers(served, path)
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"
    assert found["cross-origin-resource-policy"] == "same-origin"
    policy = rules(found)
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    scripts = policy["script-src"].split()
    assert {"'self'", "blob:", "'unsafe-eval'"} <= set(scripts)
    assert all(one in {"'self'", "blob:", "'unsafe-eval'"} or one.startswith("'sha256-") for one in scripts)
    assert "http" not in found["content-security-policy"]  # no other site may send or hear anything


@pytest.mark.parametrize(("query", "framed"), [("", False), ("?embed=false", False), ("?model=vae&embed=true", True)])
def test_another_site_shows_the_page_in_a_frame_only_where_it_is_asked_to(
    served: Server, query: str, framed: bool
) -> None:
    found = headers(served, f"/{query}")
    assert rules(found).get("frame-ancestors") == (None if framed else "'self'")
    assert found["x-frame-options"] == (None if framed else "SAMEORIGIN")


@pytest.mark.parametrize(
    "query", [b"embed=TRUE", b"EMBED=true", b"embed=1", b"x=embed%3Dtrue", b"embed=true1", b"\xff"]
)
def test_what_streamlit_may_take_for_no_frame_is_none(query: bytes) -> None:
    assert not may_be_framed(query)
