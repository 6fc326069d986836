"""Charts of a few numbers, in pure Plotly. The map of all faces is a component of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.drawing.chart import COLOURS
from app.texts import _, separators

if TYPE_CHECKING:  # it takes half a second to import, which the first page need not wait for
    from plotly.graph_objects import Figure, Heatmap

FAINT = "rgba(128, 128, 128, 0.25)"
MODE_BAR = {"bgcolor": "rgba(0, 0, 0, 0)", "color": "rgba(128, 128, 128, 0.8)"}
"""Where there is no pointer to show it on the chart it always shows, without this on a dark patch."""
CELLS = 90
SAVED: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg", "filename": "facespace"},
}
"""How Plotly shows a chart: of its tools only the one that saves it, as SVG, while the pointer is on the chart."""


def places(
    everything: NDArray[np.float32], points: NDArray[np.float32], names: Sequence[str], height: int = 300
) -> Figure:
    """Some points on a map whose crowds are shown in grey.

    Args:
        everything: float32 [M, 2], the map.
        points: float32 [N, 2], the points to show.
        names: what each is called.
        height: in CSS pixels.
    """
    import plotly.graph_objects as go

    crowd, x, y = np.histogram2d(everything[:, 0], everything[:, 1], CELLS)
    shade = np.log1p(crowd.T)
    ground = go.Heatmap(
        x=(x[1:] + x[:-1]) / 2,
        y=(y[1:] + y[:-1]) / 2,
        z=shade / shade.max(),
        colorscale=[[0, "rgba(128, 128, 128, 0)"], [1, "rgba(128, 128, 128, 0.65)"]],
        showscale=False,
        hoverinfo="skip",
        zsmooth="best",
    )
    dots = go.Scatter(
        x=points[:, 0],
        y=points[:, 1],
        text=list(names),
        mode="markers",
        marker={"color": COLOURS[0], "size": 8, "line": {"color": "white", "width": 1}},
        hovertemplate="%{text}<extra></extra>",
    )
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True}
    return go.Figure([ground, dots], _layout(height, xaxis=hidden, yaxis=hidden | {"scaleanchor": "x"}))


def lines(
    x: Sequence[float], curves: Mapping[str, NDArray[np.floating]], title: str, height: int = 200, **yaxis: Any
) -> Figure:
    """One curve for each name over the same x.

    Args:
        x: [N].
        curves: [N] each.
        title: of the vertical axis.
        height: in CSS pixels.
        yaxis: further settings of the vertical axis.
    """
    import plotly.graph_objects as go

    traces = [
        go.Scatter(x=list(x), y=values, name=name, mode="lines", line={"color": colour, "width": 2.5})
        for (name, values), colour in zip(curves.items(), COLOURS, strict=False)
    ]
    axis = {"title": title, "fixedrange": True, "gridcolor": FAINT, "zeroline": False} | yaxis
    layout = _layout(height, xaxis={"title": _("Along the way"), "fixedrange": True, "gridcolor": FAINT}, yaxis=axis)
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}  # beside it, it would take a third of a phone
    layout |= {"margin": {"l": 50, "r": 10, "t": 30, "b": 40}, "showlegend": len(curves) > 1, "legend": legend}
    return go.Figure(traces, layout)


def matrix(
    values: NDArray[np.floating], rows: Sequence[str], columns: Sequence[str], notes: Sequence[Sequence[str]]
) -> Figure:
    """Changes between -1 and 1 as colours: orange up, blue down, grey for none.

    Args:
        values: [R, C].
        rows, columns: names.
        notes: [R, C], what pointing at a cell adds.
    """
    import plotly.graph_objects as go

    hover = _("Moved: %{y}<br>Read: %{x}<br>%{text}<extra></extra>")
    cells = signed_cells(values, rows, columns, notes, hover, _("Changed by"))
    # Below the cells: beside them it would leave a phone hardly any room for those.
    cells.colorbar.update(orientation="h", y=0, yanchor="top", title_side="bottom")
    height = 210 + 17 * len(rows)
    layout = _layout(height, xaxis={"tickangle": -60, "side": "top", "fixedrange": True, "tickfont": {"size": 11}})
    layout["yaxis"] = {"autorange": "reversed", "fixedrange": True, "tickfont": {"size": 11}}
    return go.Figure([cells], {**layout, "margin": {"l": 130, "r": 0, "t": 130, "b": 60}})


def signed_cells(
    values: NDArray[np.floating],
    rows: Sequence[str],
    columns: Sequence[str],
    notes: Sequence[Sequence[str]],
    hover: str,
    title: str,
) -> Heatmap:
    """Cells [R, C] from blue (-0.6 and less) over grey (0) to orange (0.6 and more), with a note [R, C] each."""
    import plotly.graph_objects as go

    return go.Heatmap(
        z=values,
        x=list(columns),
        y=list(rows),
        text=notes,
        zmin=-0.6,
        zmax=0.6,
        xgap=1,
        ygap=1,
        colorscale=[[0, "#2b6cb0"], [0.5, "rgba(128, 128, 128, 0.12)"], [1, "#d9621e"]],
        hovertemplate=hover,
        colorbar={"title": title, "thickness": 12},
    )


def ground() -> dict[str, Any]:
    """What the layout of every chart has: no ground of its own, the tool that saves it, and the reader's numbers."""
    return {
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "modebar": MODE_BAR,
        "separators": separators(),
    }


def _layout(height: int, **axes: Any) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        **ground(),
        "showlegend": False,
        **axes,
    }
