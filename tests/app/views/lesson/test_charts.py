"""The small maps of the lesson as plain pictures."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app.views.lesson.charts import MOST_DOTS, dots


def paths(block: str) -> list[list[tuple[float, float]]]:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', block)
    assert found
    drawn = ET.fromstring(base64.b64decode(found[1])).iter("{http://www.w3.org/2000/svg}path")
    return [
        [(float(x), float(y)) for x, y in re.findall(r"M([-.0-9]+) ([-.0-9]+)h0", path.get("d", ""))] for path in drawn
    ]


def test_dots_stand_where_the_places_are_with_up_upwards_and_both_ways_alike() -> None:
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    block = dots(xy, np.array([True, False, False]), "<Hats>", 208)
    others, present = paths(block)
    assert present == [(56.0, 204.0)]  # 200 by 200 in the middle of 312 by 208
    assert others == [(256.0, 204.0), (56.0, 4.0)]
    assert "&lt;Hats&gt;" in block
    assert "A map of 3 faces, 1 of them" in block


@pytest.mark.parametrize("count", [1, 5 * MOST_DOTS + 1])
def test_one_place_can_be_drawn_and_of_many_no_more_than_a_thousand(count: int) -> None:
    xy = np.random.default_rng(0).standard_normal((count, 2)).astype(np.float32)
    others, present = paths(dots(xy, xy[:, 0] > 0, "Hat", 230))
    assert 1 <= len(others) + len(present) <= MOST_DOTS
