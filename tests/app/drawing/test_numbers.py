import re

from app.drawing.numbers import percent
from app.paths import ROOT


def test_a_share_reads_as_the_sentences_of_the_app_write_it():
    assert (percent(0.064), percent(0.064, 1), percent(1)) == (
        "6\N{NO-BREAK SPACE}%",
        "6.4\N{NO-BREAK SPACE}%",
        "100\N{NO-BREAK SPACE}%",
    )


def test_no_page_writes_percent_in_another_style():
    other = re.compile(r":\.\d%\}|format=\"percent\"|tickformat=\"[^\"]*%")
    found = [path.name for path in (ROOT / "app").rglob("*.py") if other.search(path.read_text(encoding="utf-8"))]
    assert found == ["gallery.py"]  # the width of a bar, in CSS
