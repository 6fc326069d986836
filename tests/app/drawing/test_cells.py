"""Tables of signed numbers as colours."""

from __future__ import annotations

import base64
import html
import json
import re
import xml.etree.ElementTree as ET

import numpy as np

from app import texts
from app.drawing.cells import DOWN, MOST, UP, Cells, cells_block

VALUES = np.array([[MOST, 0.0, -MOST], [np.nan, MOST / 2, -5.0]])


def cells(**more) -> Cells:
    notes = [["a", "b", "c"], ["d", "e", "f"]]
    return Cells(VALUES, ["<one>", "two"], ["x", "y", "z"], "{row}, {column}: {note}", notes, **more)


def fills(block: str) -> dict[tuple[str, str], list[tuple[int, int]]]:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', block)
    assert found
    paths = ET.fromstring(base64.b64decode(found[1])).iter("{http://www.w3.org/2000/svg}path")
    return {
        (path.get("fill", ""), path.get("fill-opacity", "")): [
            (int(r), int(c)) for c, r in re.findall(r"M(\d+)\.04 (\d+)\.04", path.get("d", ""))
        ]
        for path in paths
    }


def test_each_cell_has_its_sign_as_a_colour_and_its_size_as_strength() -> None:
    found = fills(cells_block(cells(), "table"))
    assert found[UP, "1"] == [(0, 0)]
    assert found[UP, "0.5"] == [(1, 1)]
    assert found[DOWN, "1"] == [(0, 2), (1, 2)]  # beyond the strongest there is none
    assert len(next(iter(found.values()))) == VALUES.size  # the grey below them all


def test_a_pointer_is_told_names_and_note_and_columns_can_go_without_names_above() -> None:
    block = cells_block(cells(), "table")
    told = re.search(r'data-cells="([^"]*)"', block)
    assert told
    facts = json.loads(html.unescape(told[1]))
    assert (facts["rows"], facts["notes"][1][2]) == (["<one>", "two"], "f")
    assert "<one>" not in block
    assert block.count('class="over"') == 3
    assert cells_block(cells(named_above=False), "table").count('class="over"') == 0


def test_a_legend_says_what_the_colours_are_in_the_readers_numbers() -> None:
    assert "<figcaption>" not in cells_block(cells(), "table")
    with texts.speaking("de"):
        assert "+0,6</span>" in cells_block(cells(title="Changed by"), "table")


def test_a_table_of_nothing_is_drawn() -> None:
    assert "<figure" in cells_block(Cells(np.zeros((0, 0)), [], [], "{note}", []), "nothing")
