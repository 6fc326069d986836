"""The lesson's charts and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.drawing.chart import COLOURS, ROOM, Axis, Chart, Curve, Series
from app.drawing.saved_table import Rows, save_table, show_table
from app.texts import _
from app.views.lesson import presenter

MOST_DOTS = 1000  # that one small map shows
NARROWEST, WIDEST = 0.75, 1.5  # of a small map, its width by its height
OTHERS = "#8a8f98"
BAR = 0.9  # of the way between two
DOT = 6.0  # CSS pixels
HERE = 11.0  # of a dot that marks one place
NORMAL_RADIUS = math.sqrt(-2 * math.log(0.05))  # a circle that holds 95 of 100 draws from N(0, I) of two numbers


def save(rows: Rows, key: str, name: str) -> None:
    """What saves the numbers of a drawing as a table, but on a projector; arguments as for `save_table`."""
    if not presenter.is_on():
        save_table(rows, key, name)


def table(rows: Rows, key: str, name: str) -> None:
    """Put a table on the page, and, but on a projector, what saves it; arguments as for `show_table`."""
    if presenter.is_on():
        st.table([dict(row) for row in rows], hide_index=True)
    else:
        show_table(rows, key, name)


def strip(
    values: NDArray[np.floating], widths: NDArray[np.floating] | None, x: str, y: str, height: int = 200
) -> Chart:
    """A bar for each entry of values [D]; with widths [D], a whisker of one width to either side."""
    values = np.asarray(values)
    series = []
    for rows, colour in ((values >= 0, COLOURS[0]), (values < 0, COLOURS[1])):
        reach = None if widths is None else widths[rows]
        series.append(Series("", np.flatnonzero(rows).astype(float), values[rows], "bars", colour, BAR, whiskers=reach))
    return Chart(tuple(series), Axis(x), Axis(y), height)


def densities(
    values: Mapping[str, NDArray[np.floating]], curves: Mapping[str, Curve], x: str, height: int = 260, bins: int = 60
) -> Chart:
    """Histograms of measured values, scaled to area 1, with theoretical curves over them."""
    everything = np.concatenate([np.asarray(v, np.float64).ravel() for v in values.values()])
    edges = np.linspace(float(everything.min()), float(everything.max()) + 1e-9, bins + 1)
    middles, wide = (edges[1:] + edges[:-1]) / 2, float(edges[1] - edges[0])
    series = []
    for (name, sample), colour in zip(values.items(), COLOURS, strict=False):
        counts = np.histogram(sample, edges, density=True)[0]
        series.append(Series(name, middles, counts, "bars", colour, wide, opacity=0.6))
    for (name, (across, up)), colour in zip(curves.items(), COLOURS[len(values) :], strict=False):
        series.append(Series(name, across, up, colour=colour, size=3))
    return Chart(tuple(series), Axis(x), Axis(_("Density")), height, legend=True)


def marked(chart: Chart, x: float, y: float) -> Chart:
    """The same with a dot on its first curve."""
    here = Series("", np.array([x]), np.array([y]), "dots", chart.series[0].colour, dots=HERE)
    return replace(chart, series=(*chart.series, here))


def pairs(points: Mapping[str, Curve], x: str, y: str, height: int = 260) -> Chart:
    """Dots for each name and the diagonal on which both axes agree, as in a QQ plot."""
    everything = np.concatenate([across for across, up in points.values()])
    ends = np.array([everything.min(), everything.max()], float)
    series = [Series("N(0,\N{NO-BREAK SPACE}1)", ends, ends, colour="gray", dash="2 3")]
    for (name, (across, up)), colour in zip(points.items(), COLOURS, strict=False):
        series.append(Series(name, across, up, "dots", colour, dots=5))
    return Chart(tuple(series), Axis(x), Axis(y), height, legend=True)


def plane(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str, height: int) -> Chart:
    """Points of a latent of two numbers [M, 2], coloured by whether they have something, with axes of one scale.

    A circle holds 95 of 100 draws from N(0, I).
    """
    xy, present = _some(np.asarray(xy, np.float64)), _some(present)
    turn = np.linspace(0, 2 * np.pi, 121)
    ring = (NORMAL_RADIUS * np.cos(turn), NORMAL_RADIUS * np.sin(turn))
    circle = Series("N(0,\N{NO-BREAK SPACE}I)", *ring, colour=COLOURS[2], told=False)
    far = max(float(np.percentile(np.abs(xy), 99.5)) * 1.1, NORMAL_RADIUS * 1.15)
    first, second = (Axis(title, (-far, far)) for title in (_("First number of z"), _("Second number of z")))
    return Chart((*_groups(xy, present, name), circle), first, second, height, legend=True, even=True)


def dots(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str, height: int) -> Chart:
    """A small map: places [M, 2], coloured by whether they have something [M].

    Args:
        xy, present: of the faces.
        name: of what some have.
        height: CSS pixels.
    """
    xy, present = _some(np.asarray(xy, np.float64)), _some(present)
    said = _("A map of {count:,} faces, {present:,} of them with {name}").format(
        count=len(xy), present=int(present.sum()), name=name
    )
    low, extent = xy.min(0), np.maximum(np.ptp(xy, axis=0), 1e-9)
    # Not narrower or wider than this, whatever the map's shape.
    room = np.maximum(0, [extent[1] * NARROWEST - extent[0], extent[0] / WIDEST - extent[1]]) / 2 + ROOM * extent
    across, up = (Axis("", (float(a), float(b))) for a, b in zip(low - room, low + extent + room, strict=True))
    return Chart(_groups(xy, present, name), across, up, height, legend=True, bare=True, even=True, said=said)


def _groups(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str) -> tuple[Series, ...]:
    looks = ((~present, _("Others"), OTHERS, 3.2, 0.7), (present, name, COLOURS[0], 4.5, 0.8))
    return tuple(
        Series(label, xy[rows, 0], xy[rows, 1], "dots", colour, dots=size, opacity=opacity, told=False)
        for rows, label, colour, size, opacity in looks
    )


def _some(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows that are enough for a small map: more dots make it no clearer and a browser slower."""
    return rows[:: max(1, -(-len(rows) // MOST_DOTS))]
