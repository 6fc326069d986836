"""The small maps of the lesson as plain pictures."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app.drawing.chart import Axis, lines, scales
from app.drawing.chart_html import chart_block
from app.views.lesson.charts import MOST_DOTS, NORMAL_RADIUS, densities, dots, marked, plane, strip


def paths(block: str) -> list[list[tuple[float, float]]]:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', block)
    assert found
    drawn = ET.fromstring(base64.b64decode(found[1])).iter("{http://www.w3.org/2000/svg}path")
    return [
        [(float(x), float(y)) for x, y in re.findall(r"M([-.0-9]+) ([-.0-9]+)h0", path.get("d", ""))] for path in drawn
    ]


def test_dots_stand_where_the_places_are_with_up_upwards_and_both_ways_alike() -> None:
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    block = chart_block(dots(xy, np.array([True, False, False]), "<Hats>", 208), "map")
    others, present = paths(block)
    left, right = 45.5, 954.5  # of 1000, with a twentieth of the map's width around it
    assert present == [(left, right)]
    assert others == [(right, right), (left, left)]
    assert "--ratio: 1" in block
    assert "&lt;Hats&gt;" in block
    assert "A map of 3 faces, 1 of them" in block


@pytest.mark.parametrize("count", [1, 5 * MOST_DOTS + 1])
def test_one_place_can_be_drawn_and_of_many_no_more_than_a_thousand(count: int) -> None:
    xy = np.random.default_rng(0).standard_normal((count, 2)).astype(np.float32)
    chart = dots(xy, xy[:, 0] > 0, "Hat", 230)
    assert 1 <= sum(len(series.x) for series in chart.series) <= MOST_DOTS
    across, up = scales(chart)
    assert 0.7 < (across.high - across.low) / (up.high - up.low) < 1.6


def test_a_chart_of_a_run_that_has_just_begun_is_drawn() -> None:
    nothing = lines({"AE": (np.empty(0), np.empty(0))}, Axis("Epoch", (0.5, 8.5)), "Loss")
    assert 'alt=""' in chart_block(nothing, "loss")


def test_a_marked_place_is_a_dot_on_its_curve_and_no_name_of_the_legend() -> None:
    curves = {name: (np.array([0.0, 1.0]), np.array([up, up + 1.0])) for name, up in (("VAE", 0.0), ("PCA", 4.0))}
    chart = marked(lines(curves, "k", "dB"), 0.5, 0.5)
    block = chart_block(chart, "curve")
    assert paths(block)[-1] == [(500.0, pytest.approx(1000 * (1 - scales(chart)[1].of(0.5)), abs=0.1))]
    assert block.count("<span class=") == len(curves)


def test_bars_are_coloured_by_their_sign_and_whiskers_reach_from_their_ends() -> None:
    chart = strip(np.array([1.0, -2.0, 0.0]), np.array([0.5, 0.5, 0.5]), "Dimension", "mu")
    up, down = chart.series
    assert (list(up.x), list(down.x)) == ([0, 2], [1])
    assert up.colour != down.colour
    low = scales(chart)[1].low
    assert low < -2.5  # the whisker has room, too


def test_densities_have_area_one_on_the_same_bins() -> None:
    rng = np.random.default_rng(0)
    one, other = densities({"a": rng.normal(0, 1, 500), "b": rng.normal(3, 1, 500)}, {}, "x").series
    assert np.array_equal(one.x, other.x)
    assert [float(s.y.sum() * s.size) for s in (one, other)] == pytest.approx([1, 1])


def test_the_plane_has_axes_of_one_scale_and_a_circle_that_holds_95_of_100_draws() -> None:
    draws = np.random.default_rng(0).standard_normal((20_000, 2))
    assert abs((np.linalg.norm(draws, axis=1) < NORMAL_RADIUS).mean() - 0.95) < 0.01
    chart = plane(draws, draws[:, 0] > 0, "Hat", 300)
    assert chart.even
    assert chart.x.range == chart.y.range
    others, hats, circle = chart.series
    assert len(others.x) + len(hats.x) == MOST_DOTS
    assert np.hypot(circle.x, circle.y) == pytest.approx(NORMAL_RADIUS)
    assert "N(0,\N{NO-BREAK SPACE}I)" in chart_block(chart, "plane")
