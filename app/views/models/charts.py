"""Charts of the *Models* page; in Plotly the one whose dots are pressed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.family import Member, curve
from app.drawing.chart import COLOURS, Axis, Chart, Series, lines
from app.texts import N_, _, numeral, separators
from latent.directions import UNUSED_NATS

if TYPE_CHECKING:  # it takes half a second to import
    from plotly.graph_objects import Figure

KL_PANEL = N_("KL, nats")
PANELS: tuple[tuple[str, dict[str, str], bool], ...] = (
    (
        N_("Loss terms, nats an image"),
        {"loss": N_("loss"), "distortion": N_("distortion"), "kl": "KL", "perceptual": N_("perceptual")},
        True,
    ),
    (N_("PSNR on validation pictures, dB"), {"valid_psnr": "PSNR"}, False),
    (KL_PANEL, {"kl": N_("training"), "valid_kl": N_("validation")}, False),
    (N_("Beta"), {"beta": N_("beta")}, False),
    (N_("Accuracy on validation pictures"), {"valid_accuracy": N_("accuracy")}, False),
)
"""Title, columns of history.csv with what the legend calls them, and whether the axis is logarithmic; in English."""
PANEL_HEIGHT = 180
BAR = 0.9  # of the way between two
GREY, RING = "#8a8f98", "#d9a400"
FAINT = "rgba(128, 128, 128, 0.25)"
MODE_BAR = {"bgcolor": "rgba(0, 0, 0, 0)", "color": "rgba(128, 128, 128, 0.8)"}
"""Where there is no pointer to show it on the chart it always shows, without this on a dark patch."""
SAVED: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg", "filename": "facespace"},
}
"""How Plotly shows a chart: of its tools only the one that saves it, as SVG, while the pointer is on the chart."""


def training_curves(history: Mapping[str, NDArray[np.float64]]) -> list[tuple[str, Chart]]:
    """The columns of a history.csv over the epochs: a title and a chart for each kind that it has."""
    epochs = history.get("epoch")
    found: list[tuple[str, Chart]] = []
    if epochs is None:
        return found
    for title, columns, logarithmic in PANELS:
        shown = {_(name): history[column] for column, name in columns.items() if column in history}
        if not shown or (title == KL_PANEL and "valid_kl" not in history):
            continue
        log = logarithmic and all((values[~np.isnan(values)] > 0).all() for values in shown.values())
        chart = lines({name: (epochs, values) for name, values in shown.items()}, _("Epoch"), "", PANEL_HEIGHT, 4.0)
        found.append((_(title), replace(chart, y=Axis("", log=log))))
    return found


def nats_by_dimension(nats: Sequence[float] | NDArray[np.floating], height: int = 220) -> Chart:
    """KL of each dimension [D], the largest first; those that carry next to nothing are grey."""
    values = np.asarray(nats, np.float64)
    order = np.argsort(-values, kind="stable")
    x, y = np.arange(1.0, len(values) + 1), values[order]
    said = np.array([_("Dimension {number}: {nats:.2f} nats").format(number=d, nats=values[d]) for d in order])
    series = [
        Series("", x[rows], y[rows], "bars", colour, BAR, labels=said[rows].tolist())
        for rows, colour in ((y > UNUSED_NATS, COLOURS[1]), (y <= UNUSED_NATS, GREY))
    ]
    return Chart(tuple(series), Axis(_("Dimensions, the fullest first")), Axis(_("Nats")), height)


def rate_distortion(members: Sequence[Member], open_cards: Collection[str], height: int = 320) -> Figure:
    """KL against PSNR: the curve over beta, its twins beside it, an autoencoder (which has no KL) as a level line.

    Args:
        members: measured models of the family.
        open_cards: keys of those whose cards are open, which are marked.
        height: in CSS pixels.
    """
    import plotly.graph_objects as go

    line = [member for member in curve(members) if member.rate is not None]
    rates = [member.rate for member in members if member.rate is not None] or [1.0]
    edge = max(rates) * 1.12
    figure = go.Figure()
    for member in members:
        if member.rate is None:
            figure.add_hline(member.psnr, line={"color": COLOURS[0], "dash": "dot", "width": 1.5})
    figure.add_scatter(
        x=[member.rate for member in line],
        y=[member.psnr for member in line],
        mode="lines",
        line={"color": COLOURS[1], "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    groups = (
        (_("VAEs that differ in beta alone"), line, COLOURS[1], "circle"),
        (_("other VAEs"), [m for m in members if m.twin and m.rate is not None], COLOURS[2], "diamond"),
        (_("autoencoder (no KL)"), [m for m in members if m.rate is None], COLOURS[0], "square"),
    )
    for name, group, colour, symbol in groups:
        if group:
            dots = _dots(group, edge, open_cards)
            dots["marker"] |= {"color": colour, "symbol": symbol}
            figure.add_scatter(name=name, **dots)
    lows, highs = min(m.psnr for m in members), max(m.psnr for m in members)
    room = max(highs - lows, 0.5)
    figure.update_layout(
        height=height,
        margin={"l": 50, "r": 20, "t": 30, "b": 40},
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
        modebar=MODE_BAR,
        separators=separators(),
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        dragmode=False,
        clickmode="event+select",
        xaxis={"title": _("KL, nats a face (test part)"), "range": [-0.05 * edge, 1.06 * edge]},
        yaxis={"title": _("PSNR, dB"), "range": [lows - 0.22 * room, highs + 0.24 * room]},
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(fixedrange=True, gridcolor=FAINT, zeroline=False)
    return figure


def _dots(group: Sequence[Member], edge: float, open_cards: Collection[str]) -> dict[str, Any]:
    """A dot for each model, with its label; an autoencoder's stands at the edge."""
    widths = [3 if m.key in open_cards else 0 for m in group]
    return {
        "x": [edge if m.rate is None else m.rate for m in group],
        "y": [m.psnr for m in group],
        "mode": "markers+text",
        "text": [_label(m) for m in group],
        "textposition": [_side(m, edge) for m in group],
        "textfont": {"size": 12},
        "customdata": [m.key for m in group],
        "marker": {"size": 13, "line": {"width": widths, "color": RING}},
        "hovertemplate": [_said(m) for m in group],
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }


def _side(member: Member, edge: float) -> str:
    """Where a dot's label stands: above the curve a number; a name away from curve and edge."""
    if not member.twin:
        return "top center"
    if member.rate is None:
        return "bottom left"
    return "top left" if member.rate > edge / 4 else "bottom right"


def _label(member: Member) -> str:
    return member.name if member.twin else numeral(member.beta, "g")


def _said(member: Member) -> str:
    words = _("{model}: KL {rate:.1f} nats, {psnr:.2f} dB<br>Click to open its card")
    if member.rate is None:
        words = _("{model}: no KL, {psnr:.2f} dB<br>Click to open its card")
    return words.format(model=member.name, rate=member.rate, psnr=member.psnr) + "<extra></extra>"
