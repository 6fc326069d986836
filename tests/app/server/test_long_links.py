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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/?w={'a' * LONGEST}", '<html lang="de"><meta charset="utf-8"><title>Dieser Link ist zu lang</title>'),
        ("/facespace/data/0/mu.i8", "Das gibt es hier nicht. Lade die Seite neu."),
    ],
)
def test_who_reads_german_is_answered_in_german(served, path, words):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    connection.request("GET", path, headers={"accept": "text/html", "accept-language": "de-CH,de;q=0.9,en;q=0.8"})
    assert words in connection.getresponse().read().decode()
