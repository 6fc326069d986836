import http.client

import pytest

from app.server.long_links import LONGEST


@pytest.mark.parametrize(("length", "status"), [(0, 200), (LONGEST - 2, 200), (LONGEST, 414), (1_000_000, 414)])
def test_a_link_of_any_length_is_answered(served, length, status):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    connection.request("GET", f"/?w={'a' * length}", headers={"accept": "text/html"})
    answer = connection.getresponse()
    assert answer.status == status
    text = answer.read().decode()
    assert (f"This link has {length + 2:,} characters" in text) == (status == 414)
