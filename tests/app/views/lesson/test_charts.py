"""The small maps of the lesson as plain pictures."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app.drawing import figures
from app.drawing.chart import scales
from app.drawing.chart_html import chart_block
from app.views.lesson import presenter
from app.views.lesson.charts import (
    LETTERS,
    MOST,
    MOST_DOTS,
    NORMAL_RADIUS,
    Axis,
    correlations,
    densities,
    dots,
    enlarge,
    lines,
    plane,
    strip,
)


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
    assert present == [(4.0, 204.0)]  # as wide as the places are, with a margin
    assert others == [(204.0, 204.0), (4.0, 4.0)]
    assert "&lt;Hats&gt;" in block
    assert "A map of 3 faces, 1 of them" in block


@pytest.mark.parametrize("count", [1, 5 * MOST_DOTS + 1])
def test_one_place_can_be_drawn_and_of_many_no_more_than_a_thousand(count: int) -> None:
    xy = np.random.default_rng(0).standard_normal((count, 2)).astype(np.float32)
    others, present = paths(dots(xy, xy[:, 0] > 0, "Hat", 230))
    assert 1 <= len(others) + len(present) <= MOST_DOTS


def test_on_a_projector_letters_and_height_follow_the_window(monkeypatch) -> None:
    places = np.random.default_rng(0).standard_normal((50, 2))
    sizes = {}
    for tall in (720, 1080):
        monkeypatch.setattr(presenter, "tall", lambda tall=tall: tall)
        figure = plane(places, places[:, 0] > 0, "Hat", 400)
        enlarge(figure)
        sizes[tall] = figure.layout.font.size
        assert figure.layout.height == MOST * tall
        assert figure.layout.margin.t > 2 * sizes[tall]  # the legend's own room
        assert figure.layout.xaxis.automargin
        assert figure.layout.legend.yref == "container"  # and no curve below it, whatever width it was first drawn for
        assert figure.layout.yaxis.nticks * 1.5 * sizes[tall] < figure.layout.height
    assert sizes == {720: 720 // LETTERS, 1080: 1080 // LETTERS}


def test_on_a_projector_a_map_has_its_whole_room_and_names_of_rows_theirs(monkeypatch) -> None:
    monkeypatch.setattr(presenter, "tall", lambda: 900)
    xy = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
    face_map = figures.places(xy, xy[:6], list("abcdef"), 260)
    enlarge(face_map)
    assert (face_map.layout.margin.l or 0) < 20  # its ground is a heatmap, but without names
    named = correlations(np.eye(34), [f"name {i}" for i in range(34)], [[""] * 34] * 34)
    enlarge(named)
    assert named.layout.margin.l > 150
    assert named.layout.yaxis.tickfont.size > 14


def test_a_chart_of_a_run_that_has_just_begun_is_drawn() -> None:
    nothing = lines({"AE": (np.empty(0), np.empty(0))}, Axis("Epoch", (0.5, 8.5)), "Loss")
    assert 'alt=""' in chart_block(nothing, "loss")


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
    figure = plane(draws, draws[:, 0] > 0, "Hat", 300)
    circle = figure.layout.shapes[0]
    assert (circle.type, circle.x1) == ("circle", NORMAL_RADIUS)
    assert figure.layout.xaxis.visible
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.xaxis.range == figure.layout.yaxis.range
