"""The lesson's charts, in Plotly where there is something to point at."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.drawing import gallery
from app.drawing.chart import COLOURS, Axis, Chart, Series
from app.drawing.chart_html import chart_block
from app.drawing.figures import FAINT, SAVED, ground, signed_cells
from app.drawing.picture_files import data_address
from app.drawing.saved_table import Rows, save_table, show_table
from app.texts import _
from app.views.lesson import presenter

if TYPE_CHECKING:  # it takes half a second to import
    from plotly.graph_objects import Figure

NEAR = "chart_"  # with its height begins the key of a chart, which page/charts_near.mjs draws when it comes near
MOST_DOTS = 1000  # that one small map shows
LETTERS, MOST = 40, 0.5  # in presenter mode so many lines of letters would fill the window, and a chart this share
TICKS = 6  # at most on its vertical axis: Plotly counts pixels, and not how large the letters are
ROWS = 0.76  # the share that a chart with a name a row fills, beside its words
OTHERS = "#8a8f98"
BAR = 0.9  # of the way between two
DOT = 6.0  # CSS pixels
NORMAL_RADIUS = math.sqrt(-2 * math.log(0.05))  # a circle that holds 95 of 100 draws from N(0, I) of two numbers
DASHES = ("", "", "5 9", "", "", "")  # the third lets the second be seen where both coincide
Curve = tuple[NDArray[np.floating], NDArray[np.floating]]
Dots = float | Sequence[float]


def show(figure: Figure | Chart, key: str) -> None:
    """Put a chart on the page; on a projector larger, its words too, and without the tool that saves it."""
    if isinstance(figure, Chart):
        gallery.show(chart_block(figure, f"{figure.y.title} {figure.x.title}"))
        return
    if presenter.is_on():
        enlarge(figure)
    st.plotly_chart(
        figure,
        key=f"{NEAR}{round(figure.layout.height)}_{key}",
        config={"displayModeBar": False} if presenter.is_on() else SAVED,
    )


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


def enlarge(figure: Figure) -> None:
    """Make room for letters that are read from the last row, so that none of them is cut."""
    layout, tall = figure.layout, presenter.tall()
    size = max(14, round(tall / LETTERS))
    up = figure.data[0].y  # nothing at first, where a run is watched
    if up is not None and len(up) and isinstance(up[0], str):  # a name a row: as high as the window lets it be
        rows = len(up)
        figure.update_layout(height=round(ROWS * tall), margin={"l": round(0.22 * tall)})
        figure.update_yaxes(tickfont={"size": round(0.85 * ROWS * tall / rows)})
        return
    figure.update_layout(
        font={"size": size},
        height=round(min(1.2 * layout.height * tall / presenter.USUAL, MOST * tall)),
        margin={"t": round(2.2 * size) if layout.showlegend else size, "b": size},
        # At the top of the whole: of a plot whose width changes, Plotly would leave it where it was, over the curves.
        legend={"font": {"size": size}, "yref": "container", "y": 1, "yanchor": "top"},
    )
    figure.update_yaxes(nticks=TICKS)
    for update, standoff in ((figure.update_xaxes, size // 2), (figure.update_yaxes, size)):
        update(automargin=True, title={"standoff": standoff, "font": {"size": size}}, tickfont={"size": size})


def lines(curves: Mapping[str, Curve], x: str | Axis, y: str | Axis, height: int = 260, dots: Dots = 0.0) -> Chart:
    """One curve (x values, y values) for each name; `dots` on it, one size for all or one each, in CSS pixels."""
    series = [
        Series(name, across, up, colour=colour, dash=dash, dots=dots)
        for (name, (across, up)), colour, dash in zip(curves.items(), COLOURS, DASHES, strict=False)
    ]
    return Chart(tuple(series), _axis(x), _axis(y), height, legend=len(curves) > 1)


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


def pairs(points: Mapping[str, Curve], x: str, y: str, height: int = 260) -> Chart:
    """Dots for each name and the diagonal on which both axes agree, as in a QQ plot."""
    everything = np.concatenate([across for across, up in points.values()])
    ends = np.array([everything.min(), everything.max()], float)
    series = [Series("N(0,\N{NO-BREAK SPACE}1)", ends, ends, colour="gray", dash="2 3")]
    for (name, (across, up)), colour in zip(points.items(), COLOURS, strict=False):
        series.append(Series(name, across, up, "dots", colour, dots=5))
    return Chart(tuple(series), Axis(x), Axis(y), height, legend=True)


def _axis(said: str | Axis) -> Axis:
    return said if isinstance(said, Axis) else Axis(said)


def groups(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str, height: int) -> Figure:
    """Places [M, 2] on a map, coloured by whether they have something; `dots` draws the same as a plain picture."""
    import plotly.graph_objects as go

    # WebGL takes longer to begin than these take to draw.
    xy, present = _some(xy), _some(present)
    traces = [
        go.Scatter(
            x=xy[rows, 0],
            y=xy[rows, 1],
            mode="markers",
            name=label,
            hoverinfo="skip",
            marker={"color": colour, "size": size, "opacity": opacity},
        )
        for rows, label, colour, size, opacity in (
            (~present, _("Others"), OTHERS, 3, 0.7),
            (present, name, COLOURS[0], 4, 0.8),
        )
    ]
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True}
    layout = _layout(height, legend=True)
    layout["legend"] |= {"itemsizing": "constant"}
    return go.Figure(traces, layout | {"xaxis": hidden, "yaxis": hidden, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}})


def plane(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str, height: int) -> Figure:
    """Points of a latent of two numbers [M, 2], coloured by whether they have something, with axes of one scale.

    A circle holds 95 of 100 draws from N(0, I).
    """
    figure = groups(xy, present, name, height)
    axis: dict[str, Any] = {
        "visible": True,
        "fixedrange": True,
        "gridcolor": FAINT,
        "zeroline": False,
        "constrain": "domain",
    }
    far = max(float(np.percentile(np.abs(xy), 99.5)) * 1.1, NORMAL_RADIUS * 1.15)
    figure.update_layout(
        xaxis=axis | {"title": _("First number of z"), "range": [-far, far]},
        yaxis=axis | {"title": _("Second number of z"), "range": [-far, far], "scaleanchor": "x"},
        margin={"l": 50, "r": 10, "t": 30, "b": 40},
    )
    ends = {"x0": -NORMAL_RADIUS, "x1": NORMAL_RADIUS, "y0": -NORMAL_RADIUS, "y1": NORMAL_RADIUS}
    figure.add_shape(type="circle", **ends, line={"color": COLOURS[2], "width": 2.5})
    return figure.add_annotation(
        x=0, y=NORMAL_RADIUS, yanchor="bottom", text="N(0, I)", showarrow=False, font={"color": COLOURS[2]}
    )


def dots(xy: NDArray[np.floating], present: NDArray[np.bool_], name: str, height: int) -> str:
    """The same as a plain picture, an HTML block: several such maps on a page are there at once.

    Each dot is a line of no length with round ends, so that a colour is one path of the drawing.

    Args:
        xy: places [M, 2], both ways drawn to the same scale.
        present: [M], who has something.
        name: of that.
        height: CSS pixels.
    """
    xy, present = _some(np.asarray(xy, np.float64)), _some(present)
    low, extent = xy.min(0), np.maximum(np.ptp(xy, axis=0), 1e-9)
    width = height * float(np.clip(extent[0] / extent[1], 0.75, 1.5))
    scale = float(min((width - 8) / extent[0], (height - 8) / extent[1]))
    places = (xy - low) * scale + (np.array([width, height]) - extent * scale) / 2
    looks = ((~present, _("Others"), OTHERS, 3.2, 0.7), (present, name, COLOURS[0], 4.5, 0.8))
    paths = "".join(
        f'<path stroke="{colour}" stroke-opacity="{opacity}" stroke-width="{size}" '
        f'd="{"".join(f"M{x:.1f} {height - y:.1f}h0" for x, y in places[rows])}"/>'
        for rows, label, colour, size, opacity in looks
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" stroke-linecap="round">'
    drawing = f"{head}{paths}</svg>"
    legend = " ".join(
        f'<span style="white-space: nowrap"><b style="color: {colour}">&#9679;</b> {html.escape(label)}</span>'
        for rows, label, colour, size, opacity in looks
    )
    said = _("A map of {count:,} faces, {present:,} of them with {name}").format(
        count=len(xy), present=int(present.sum()), name=name
    )
    figure = (
        f'<figure style="margin: 0"><img src="{data_address(drawing.encode(), "image/svg+xml")}" '
        f'alt="{html.escape(said, quote=True)}" '
        f'style="width: 100%; height: calc({height} * var(--fs-chart, 1px)); object-fit: contain">'
        f'<figcaption style="text-align: center"><small>{legend}</small></figcaption></figure>'
    )
    return gallery.STYLE + gallery.kept(figure, said, "wide", name)


def _some(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows that are enough for a small map: more dots make it no clearer and a browser slower."""
    return rows[:: max(1, -(-len(rows) // MOST_DOTS))]


def correlations(values: NDArray[np.floating], names: Sequence[str], notes: Sequence[Sequence[str]]) -> Figure:
    """A square of correlations: orange for going together, blue for excluding each other."""
    import plotly.graph_objects as go

    cells = signed_cells(values, names, names, notes, "%{text}<extra></extra>", _("Correlation"))
    cells.showscale = False  # its room is better spent on cells; the words beside it say what the colours mean
    layout = _layout(40 + 13 * len(names), legend=False)
    layout["xaxis"] = {"visible": False, "fixedrange": True}  # the same names as down the side, which fit no phone
    layout["yaxis"] = {"autorange": "reversed", "fixedrange": True, "tickfont": {"size": 10}, "dtick": 1}
    return go.Figure([cells], layout | {"margin": {"l": 145, "r": 0, "t": 10, "b": 0}})


def _layout(height: int, legend: bool) -> dict[str, Any]:
    """All but axes and margins, which each has of its own."""
    return {
        "height": height,
        **ground(),
        "showlegend": legend,
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    }
