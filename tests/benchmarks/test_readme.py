"""Tables between marks in the README."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import QUICK, README, SLOW
from benchmarks.models import FOLDERS, text
from benchmarks.readme import MarksError, between_marks, write_table
from benchmarks.report import Row

PAGE = "before\n<!-- table live -->\nold\n<!-- end live -->\nafter\n"


def test_a_table_replaces_what_stands_between_its_marks_and_nothing_else():
    assert between_marks(PAGE, "live", r"new \1") == "before\n<!-- table live -->\nnew \\1\n<!-- end live -->\nafter\n"


TURNED = "<!-- end live --><!-- table live -->"


@pytest.mark.parametrize("page", ["", PAGE + PAGE, PAGE.replace("end", "table"), TURNED])
def test_missing_doubled_or_turned_marks_are_named(page):
    with pytest.raises(MarksError, match="<!-- table live -->"):
        between_marks(page, "live", "new")


def test_a_measured_table_says_when_and_where(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(PAGE)
    write_table(readme, "live", [Row("a drag", "9 ms", "under 16 ms")])
    assert "| a drag | 9 ms | under 16 ms |" in readme.read_text()
    assert re.search(r"`python -m benchmarks live --write`, \d{4}-\d\d-\d\d, \S+", readme.read_text())


def test_the_readme_has_a_place_for_every_table():
    page = README.read_text(encoding="utf-8")
    for name in (*FOLDERS, *QUICK, *SLOW):
        between_marks(page, name, "")


@pytest.mark.parametrize("name", FOLDERS)
def test_the_readme_states_what_the_shipped_figures_say(name):
    page = README.read_text(encoding="utf-8")
    assert between_marks(page, name, text(name)) == page
