"""Charts of the *Models* page, in pure Plotly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.family import Member, curve
from app.drawing.chart import COLOURS
from app.drawing.figures import FAINT, ground
from app.texts import N_, _, numeral
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
PANEL_HEIGHT = 150
GREY, RING = "#8a8f98", "#d9a400"


def training_curves(history: Mapping[str, NDArray[np.float64]]) -> Figure | None:
    """The columns of a history.csv over the epochs, a panel for each kind; None where there is nothing to draw."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    epochs = history.get("epoch")
    panels = [panel for panel in PANELS if any(column in history for column in panel[1])]
    panels = [panel for panel in panels if panel[0] != KL_PANEL or "valid_kl" in history]
    if epochs is None or not panels:
        return None
    figure: Figure = make_subplots(
        rows=len(panels),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.4 / (len(panels) + 1),
        subplot_titles=[_heading(title, columns, history) for title, columns, _log in panels],
    )
    for row, (_title, columns, logarithmic) in enumerate(panels, 1):
        shown = {column: name for column, name in columns.items() if column in history}
        for (column, name), colour in zip(shown.items(), COLOURS, strict=False):
            line = Scatter(x=epochs, y=history[column], mode="lines+markers", line={"color": colour, "width": 2})
            said = _("{name}: %{{y:,.4g}}<br>epoch %{{x}}").format(name=_(name))
            line.update(marker={"size": 4}, hovertemplate=f"{said}<extra></extra>")
            figure.add_trace(line, row=row, col=1)
        values = np.concatenate([history[column] for column in shown])
        values = values[~np.isnan(values)]
        if logarithmic and len(values) and (values > 0).all():
            ticks = _round_numbers(values)
            figure.update_yaxes(type="log", tickvals=ticks, ticktext=[numeral(v, ",g") for v in ticks], row=row, col=1)
    figure.update_xaxes(dtick=max(1, round(len(epochs) / 8)))
    figure.update_xaxes(title_text=_("Epoch"), row=len(panels), col=1)
    figure.update_layout(_plain(66 + PANEL_HEIGHT * len(panels), left=50, right=10, top=40))
    figure.update_annotations(x=0, xanchor="left", align="left", font={"size": 13})
    _quiet_axes(figure)
    return figure


def _heading(title: str, columns: Mapping[str, str], history: Mapping[str, NDArray[np.float64]]) -> str:
    """A panel's title, and under it the name of each of its curves in the curve's colour: two lines fit a phone."""
    shown = [_(name) for column, name in columns.items() if column in history]
    names = [f'<span style="color:{colour}">{name}</span>' for name, colour in zip(shown, COLOURS, strict=False)]
    return _(title) if len(shown) < 2 else f"{_(title)}<br>{', '.join(names)}"


def _round_numbers(values: NDArray[np.float64]) -> list[float]:
    """1, 2 and 5 times powers of ten within the range of positive values; of a long range the powers alone."""
    low, high = float(np.log10(values.min())), float(np.log10(values.max()))
    steps = (1, 2, 5) if high - low < 1.5 else (1,)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    numbers = [step * 10.0**power for power in powers for step in steps]
    return [number for number in numbers if low - 0.05 <= np.log10(number) <= high + 0.05]


def nats_by_dimension(nats: Sequence[float] | NDArray[np.floating], height: int = 220) -> Figure:
    """KL of each dimension [D], the largest first; those that carry next to nothing are grey."""
    import plotly.graph_objects as go

    values = np.asarray(nats, np.float64)
    order = np.argsort(-values, kind="stable")
    bars = go.Bar(
        x=np.arange(1, len(values) + 1),
        y=values[order],
        customdata=order,
        marker={"color": np.where(values[order] > UNUSED_NATS, COLOURS[1], GREY), "line": {"width": 0}},
        hovertemplate=_("Dimension %{customdata}: %{y:.2f} nats") + "<extra></extra>",
    )
    figure = go.Figure([bars], _plain(height, left=50, right=10, top=10) | {"bargap": 0.1})
    figure.update_layout(xaxis={"title": _("Dimensions, the fullest first")}, yaxis={"title": _("Nats")})
    _quiet_axes(figure)
    return figure


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
    figure = go.Figure(layout=_plain(height, left=50, right=20, top=30))
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
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        dragmode=False,
        clickmode="event+select",
        xaxis={"title": _("KL, nats a face (test part)"), "range": [-0.05 * edge, 1.06 * edge]},
        yaxis={"title": _("PSNR, dB"), "range": [lows - 0.22 * room, highs + 0.24 * room]},
    )
    _quiet_axes(figure)
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


def _plain(height: int, left: int, right: int, top: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": 40},
        **ground(),
        "showlegend": False,
    }


def _quiet_axes(figure: Figure) -> None:
    figure.update_xaxes(fixedrange=True, gridcolor=FAINT, zeroline=False)
    figure.update_yaxes(fixedrange=True, gridcolor=FAINT, zeroline=False)
