"""Charts that need no library: where their numbers lie, and the block of HTML that they become."""

from __future__ import annotations

import base64
import html
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app import texts
from app.drawing.chart import Axis, Chart, Scale, Series, most_up, places, scales, ticks
from app.drawing.chart_html import SIDE, chart_block
from app.drawing.lesson_styles import PRESENTING

X, Y = Axis("x"), Axis("y")
X_OF_TWO = np.array([0.0, 1.0])


def chart(*series: Series, x: Axis = X, y: Axis = Y, **more) -> Chart:
    return Chart(series, x, y, 200, **more)


def drawn(block: str) -> list[ET.Element]:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', block)
    assert found
    return list(ET.fromstring(base64.b64decode(found[1])).iter("{http://www.w3.org/2000/svg}path"))


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-0.5, 127.5, ["0", "20", "40", "60", "80", "100", "120"]),
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-3.2, 3.9, ["−3", "−2", "−1", "0", "1", "2", "3"]),
        (0.0, 26_000.0, ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]),
    ],
)
def test_labels_are_round_numbers_and_no_more_than_have_room(low: float, high: float, labels: list[str]) -> None:
    found = ticks(Axis(""), Scale(low, high, log=False), 8)
    assert [label for share, label in found] == labels
    assert all(0 <= share <= 1 for share, label in found)


def test_labels_have_the_readers_decimal_sign() -> None:
    with texts.speaking("de"):
        assert [label for share, label in ticks(Axis(""), Scale(0, 1, log=False), 2)] == ["0", "0,5", "1,0"]


def test_logarithmic_axes_leave_out_what_has_no_place_and_label_powers() -> None:
    curve = Series("", np.array([0.0, 1.0, 1000.0]), np.array([1.0, 2.0, 3.0]))
    across = scales(chart(curve, x=Axis("", log=True)))[0]
    assert (across.low, across.high) == (0, 3)
    assert [label for share, label in ticks(Axis("", log=True), across, 8)] == ["1", "10", "100", "1,000"]
    assert np.isnan(across.of(curve.x)[0])
    assert len(ticks(Axis("", log=True), Scale(2.8, 3.1, log=True), 8)) > 3  # with one power of ten
    own = Axis("", log=True, ticks=((10, "ten"), (5000, "beyond")))
    assert ticks(own, across, 8) == [(pytest.approx(1 / 3), "ten")]


def test_bars_stand_on_the_ground_and_curves_have_room_above_and_below() -> None:
    one = np.array([1.0, 2.0])
    assert scales(chart(Series("", one, one, "bars", size=1)))[1] == Scale(0, pytest.approx(2.1), log=False)
    assert scales(chart(Series("", one, one)))[1] == Scale(pytest.approx(0.95), pytest.approx(2.05), log=False)


def test_a_dot_at_an_end_of_the_axis_is_whole_and_a_dashed_line_is_dashed_in_the_legend() -> None:
    across = scales(chart(Series("", np.array([0.0, 4.0]), np.ones(2), dots=6)))[0]
    assert (across.low, across.high) == (pytest.approx(-0.2), pytest.approx(4.2))
    block = chart_block(chart(Series("a", X_OF_TWO, np.ones(2), dash="5 9"), legend=True), "a")
    assert '<span class="line dashed"' in block


@pytest.mark.parametrize("count", [0, 1])
def test_a_chart_of_nothing_and_of_one_number_has_axes(count: int) -> None:
    block = chart_block(chart(Series("", np.ones(count), np.ones(count), dots=5)), "few")
    assert 'class="up"' in block


def test_the_drawing_has_each_mark_where_its_numbers_are() -> None:
    x, y = np.array([0.0, 5.0, 10.0]), np.array([0.0, np.nan, 1.0])
    block = chart_block(chart(Series("", x, y), x=Axis("", (0, 10)), y=Axis("", (0, 1)), upright=(5.0,)), "a")
    grid, wall, line = (path.get("d", "") for path in drawn(block))
    assert grid.startswith(f"M0 {SIDE}.0h{SIDE}")
    assert wall == "M500.0 0v1000"
    assert line == "M0.0 1000.0L1000.0 0.0"  # the hole is left out


def test_what_is_named_is_escaped_and_a_pointer_is_told_the_numbers() -> None:
    said = Series('<b>"one"</b>', np.array([0.0, 1.0]), np.array([0.12345, np.inf]), dots=[3.0, 9.0])
    block = chart_block(chart(said, y=Axis("<y>"), legend=True), "one")
    assert "<b>&quot;one" not in block
    found = re.search(r'data-chart="([^"]*)"', block)
    assert found
    facts = json.loads(html.unescape(found[1]))
    assert facts["series"] == [['<b>"one"</b>', [0, 1], [0.1235, None], "line"]]
    assert facts["y"][0] == "<y>"
    assert '<figcaption><span class="line"' in block


def test_a_projector_enlarges_charts_of_the_pages_own() -> None:
    assert re.search(r"\.fs-chart\.fs-chart \{[^}]*--letter: max\(14px[^}]*--tall: min", PRESENTING)


def test_higher_charts_have_more_labels() -> None:
    assert most_up(120) < most_up(280) <= most_up(2000)


def test_places_on_a_map_lie_on_its_crowds_and_a_pointer_is_told_their_names() -> None:
    rng = np.random.default_rng(0)
    everything = np.concatenate([rng.normal(0, 0.1, (500, 2)), [[4.0, 0.0], [0.0, 2.0]]]).astype(np.float32)
    chart = places(everything, everything[-2:], ["Draw 1", "Draw 2"])
    assert chart.ground is not None
    row, column = np.unravel_index(chart.ground[..., 3].argmax(), chart.ground.shape[:2])
    assert row > 0.7 * len(chart.ground)  # the crowd lies at the lower left, and the picture's first row is the upper
    assert column < 0.3 * len(chart.ground)
    block = chart_block(chart, "map")
    assert "--ratio: 1.8" in block
    assert 'class="up"' not in block  # no axes
    found = re.search(r'data-chart="([^"]*)"', block)
    assert found
    assert json.loads(html.unescape(found[1]))["series"][0][4] == ["Draw 1", "Draw 2"]
    assert "image/png" in base64.b64decode(re.findall(r"svg\+xml;base64,([^\"]+)", block)[0]).decode()
