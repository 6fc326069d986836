import http.client
from urllib.parse import urlsplit

import pytest

from app.server.long_links import LONGEST
from benchmarks.server import running_app


@pytest.fixture(scope="module")
def address():
    with running_app(FACESPACE_CELEBA="") as server:
        yield urlsplit(server.url)


@pytest.mark.parametrize(("length", "status"), [(0, 200), (LONGEST - 2, 200), (LONGEST, 414), (1_000_000, 414)])
def test_a_link_of_any_length_is_answered(address, length, status):
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.request("GET", f"/?w={'a' * length}", headers={"accept": "text/html"})
    answer = connection.getresponse()
    assert answer.status == status
    text = answer.read().decode()
    assert (f"This link has {length + 2:,} characters" in text) == (status == 414)
