"""One running app for all tests that ask a server over the network."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import pytest

from benchmarks.server import running_app


@pytest.fixture(scope="session")
def served() -> Iterator[SplitResult]:
    """Address of the app as on a clean clone."""
    with running_app(FACESPACE_CELEBA="") as server:
        yield urlsplit(server.url)
