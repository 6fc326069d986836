"""A chart as a block of HTML: what is drawn is a picture as wide as its place, and every word is text of the page.

So it is there with the page, has the page's letters and colours, and its lines are as thick on a phone as on a slide.
`app/components/page/chart.mjs` says what a pointer stands at, and writes the file that is saved.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from app.drawing import gallery
from app.drawing.chart import MOST_ACROSS, Chart, Numbers, Scale, Series, most_up, scales, ticks
from app.drawing.picture_files import data_address, png_address
from app.texts import _

SIDE = 1000  # of the drawing, in units of its own
DIGITS = 4  # that a pointer is told
FAINT = "rgb(128,128,128)"
STILL = 'vector-effect="non-scaling-stroke"'  # as thick whatever shape the drawing is given
STYLE = """<style>
.fs-chart { --letter: 0.75rem; --tall: calc(var(--height) * 1px); --left: calc(2.6em + var(--digits) * 0.62em);
  --below: 3.7em; position: relative; margin: 0; font-size: var(--letter); line-height: 1.3; height: var(--tall);
  font-variant-numeric: tabular-nums; }
.fs-chart.bare { --left: 0.5em; --below: 0.5em; }
.fs-chart > div { position: absolute; inset: var(--above) 0.75em var(--below) var(--left); }
.fs-chart.even { box-sizing: border-box; display: flex; align-items: center; justify-content: center;
  padding: var(--above) 0.75em var(--below) var(--left); }
.fs-chart.even > div { position: relative; inset: auto; aspect-ratio: var(--ratio);
  width: min(100%, (var(--tall) - var(--above) - var(--below)) * var(--ratio)); }
.fs-chart > div > img { display: block; width: 100%; height: 100%; object-fit: fill; }
.fs-chart > div > * { position: absolute; white-space: nowrap; }
.fs-chart i { font-style: normal; opacity: 0.8; }
.fs-chart i.up { right: calc(100% + 0.6em); transform: translateY(-50%); }
.fs-chart i.across { top: calc(100% + 0.4em); transform: translateX(-50%); }
.fs-chart b { font-weight: 400; font-size: 1.1em; opacity: 0.8; }
.fs-chart b.across { top: calc(100% + 1.9em); left: 50%; transform: translateX(-50%); }
.fs-chart b.up { top: 50%; right: calc(100% + 0.6em + var(--digits) * 0.62em);
  writing-mode: vertical-rl; transform: translateY(-50%) rotate(180deg); }
.fs-chart figcaption { position: absolute; inset: 0 0 auto var(--left); display: flex; flex-wrap: wrap;
  gap: 0 1.25em; }
.fs-chart.even figcaption { justify-content: center; }
@media (max-width: 640px) { /* names that take two or three lines do not lie on the curves */
  .fs-chart:has(figcaption span:nth-child(2)) { --above: 3.4em !important; }
  .fs-chart:has(figcaption span:nth-child(3)) { --above: 4.7em !important; }
}
.fs-chart figcaption span::before { content: ""; display: inline-block; vertical-align: middle; width: 1.1em;
  height: 0.7em; margin-right: 0.5em; background: var(--colour); opacity: var(--faint, 1); }
.fs-chart figcaption .line::before { width: 1.6em; height: 0.2em; }
.fs-chart figcaption .dashed::before {
  background: repeating-linear-gradient(90deg, var(--colour) 0 0.3em, transparent 0.3em 0.65em); }
.fs-chart figcaption .dots::before { width: 0.5em; height: 0.5em; border-radius: 50%; }
.fs-chart output { z-index: 1; padding: 0.25em 0.5em; border-radius: 0.25rem; background: rgba(20, 20, 20, 0.85);
  color: #fff; pointer-events: none; white-space: pre; transform: translate(var(--to, 0.75em), -50%); }
</style>"""


def chart_block(chart: Chart, name: str) -> str:
    """The block, with the button that saves it.

    Args:
        chart: with at least one series.
        name: of what is on it, in the name of the file.
    """
    across, up = scales(chart)
    beside = [] if chart.bare else ticks(chart.y, up, most_up(chart.height))
    below = [] if chart.bare else ticks(chart.x, across, MOST_ACROSS)
    drawing = _drawing(chart, across, up, [share for share, label in beside])
    said = _said(chart)
    words = [f'<i class="up" style="top: {100 - 100 * share:.4g}%">{html.escape(label)}</i>' for share, label in beside]
    words += [f'<i class="across" style="left: {100 * share:.4g}%">{html.escape(label)}</i>' for share, label in below]
    titles = () if chart.bare else ((chart.y.title, "up"), (chart.x.title, "across"))
    words += [f'<b class="{way}">{html.escape(title)}</b>' for title, way in titles]
    image = f'<img src="{data_address(drawing.encode(), "image/svg+xml")}" alt="">'
    digits = max([len(label) for share, label in beside], default=1)
    style = f"--height: {chart.height}; --digits: {digits}; --above: {'2.2em' if chart.legend else '0.75em'}"
    style += f"; --ratio: {(across.high - across.low) / (up.high - up.low):.4g}" if chart.even else ""
    shape = f"{' bare' if chart.bare else ''}{' even' if chart.even else ''}"
    facts = html.escape(json.dumps(_facts(chart, across, up), separators=(",", ":"), ensure_ascii=False), quote=True)
    inside = f"{_legend(chart)}<div>{image}{''.join(words)}</div>"
    spoken = html.escape(said, quote=True)  # in place of all numbers beside the axes
    head = f'<figure class="fs-chart{shape}" role="img" aria-label="{spoken}" style="{style}" data-chart="{facts}">'
    return STYLE + gallery.STYLE + gallery.kept(f"{head}{inside}</figure>", said, "wide", name)


def show_chart(chart: Chart, name: str = "") -> None:
    """Put a chart on the page; its file is called after its axes, or what it shows, where no name is given."""
    gallery.show(chart_block(chart, name or f"{chart.y.title} {chart.x.title}".strip() or chart.said))


def _said(chart: Chart) -> str:
    if chart.said:
        return chart.said
    words = _("Chart: {up} over {across}").format(up=chart.y.title, across=chart.x.title)
    names = ", ".join(series.name for series in chart.series if series.name)
    return f"{words} ({names})" if chart.legend and names else words


def _legend(chart: Chart) -> str:
    if not chart.legend:
        return ""
    names = "".join(
        f'<span class="{series.kind}{" dashed" if series.dash else ""}" '
        f'style="--colour: {series.colour}; --faint: {series.opacity}">{html.escape(series.name)}</span>'
        for series in chart.series
        if series.name
    )
    return f"<figcaption>{names}</figcaption>"


def _facts(chart: Chart, across: Scale, up: Scale) -> dict[str, Any]:
    """What a pointer is told: the axes with their ends, and the numbers of each series."""
    return {
        "x": [chart.x.title, across.low, across.high, across.log],
        "y": [chart.y.title, up.low, up.high, up.log],
        "series": [
            [
                series.name if chart.legend else "",
                _few(series.x),
                _few(series.y),
                series.kind,
                *([list(series.labels)] if series.labels else []),
            ]
            for series in chart.series
            if series.told
        ],
    }


def _few(values: Numbers) -> list[float | int | None]:
    found = (float(f"{value:.{DIGITS}g}") for value in np.asarray(values, np.float64))
    return [None if not np.isfinite(value) else int(value) if value.is_integer() else value for value in found]


def _drawing(chart: Chart, across: Scale, up: Scale, lines: list[float]) -> str:
    grid = "".join(f"M0 {SIDE * (1 - share):.1f}h{SIDE}" for share in lines)
    walls = "".join(f"M{SIDE * float(across.of(x)):.1f} 0v{SIDE}" for x in chart.upright)
    ground = "" if chart.ground is None else png_address(chart.ground)
    whole = f'width="{SIDE}" height="{SIDE}" preserveAspectRatio="none"'
    parts = [
        f'<image href="{ground}" {whole}/>' if ground else "",
        f'<path d="{grid}" stroke="{FAINT}" stroke-opacity="0.25" {STILL}/>' if grid else "",
        f'<path d="{walls}" stroke="{FAINT}" stroke-dasharray="2 3" {STILL}/>' if walls else "",
        *(part for series in chart.series for part in _marks(series, across, up)),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" preserveAspectRatio="none" fill="none"'
    return f'{head} stroke-linejoin="round">{"".join(parts)}</svg>'


def _marks(series: Series, across: Scale, up: Scale) -> Iterator[str]:
    x, y = SIDE * across.of(series.x), SIDE * (1 - up.of(series.y))
    there = np.isfinite(x) & np.isfinite(y)
    if series.kind == "bars":
        ground, half = SIDE * float(1 - up.of(0.0)), SIDE * series.size / (across.high - across.low) / 2
        bars = "".join(
            f"M{a - half:.1f} {ground:.1f}V{b:.1f}h{2 * half:.1f}V{ground:.1f}z"
            for a, b in zip(x[there], y[there], strict=True)
        )
        yield f'<path d="{bars}" fill="{series.colour}" fill-opacity="{series.opacity:g}"/>'
        if series.whiskers is not None:
            reach = SIDE * np.asarray(series.whiskers) / (up.high - up.low)
            marks = zip(x[there], y[there], reach[there], strict=True)
            ways = "".join(f"M{a:.1f} {b - far:.1f}v{2 * far:.1f}" for a, b, far in marks)
            yield f'<path d="{ways}" stroke="{FAINT}" stroke-opacity="0.9" {STILL}/>'
    if series.kind == "line" and there.any():
        way = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x[there], y[there], strict=True))
        dash = f' stroke-dasharray="{series.dash}"' if series.dash else ""
        yield f'<path d="M{way}" stroke="{series.colour}" stroke-width="{series.size:g}"{dash} {STILL}/>'
    sizes = np.broadcast_to(np.asarray(series.dots, np.float64), x.shape)
    for size in np.unique(sizes[there & (sizes > 0)]):  # a line of no length with round ends each
        dots = "".join(f"M{x[i]:.1f} {y[i]:.1f}h0" for i in np.flatnonzero(there & (sizes == size)))
        look = f'stroke="{series.colour}" stroke-opacity="{series.opacity:g}" stroke-width="{size:g}"'
        yield f'<path d="{dots}" {look} stroke-linecap="round" {STILL}/>'
