"""A table of signed numbers as colours: orange up, blue down, grey for none. A pointer is told what is in a cell."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.drawing import gallery
from app.drawing.chart_html import STYLE as CHART_STYLE
from app.drawing.picture_files import data_address
from app.texts import numeral

MOST = 0.6  # with the strongest colour
UP, DOWN, NONE = "#d9621e", "#2b6cb0", "rgb(128,128,128)"
STEPS = 20  # of a colour, so that a drawing has few paths
STYLE = """<style>
.fs-chart.fs-cells { --letter: calc(var(--row) * 0.78); --left: calc(var(--beside) * 0.5em + 0.75em);
  height: auto; padding: var(--above) 1.5em var(--below) var(--left); }
.fs-cells.fs-cells > div { position: relative; inset: auto; height: calc(var(--rows) * var(--row)); }
.fs-cells i.over { bottom: calc(100% + 0.2em); transform: rotate(-60deg); transform-origin: 0 100%; }
.fs-cells.fs-cells figcaption { inset: auto 0 0 var(--left); gap: 0 1em; }
@media (max-width: 640px) { /* where they would lie on each other */
  .fs-cells i.over { display: none; }
  .fs-cells { --above: 0.5em !important; }
}
</style>"""


@dataclass(frozen=True, eq=False)
class Cells:
    """What is drawn.

    Attributes:
        values: [R, C].
        rows, columns: their names.
        said: what a pointer is told of a cell, with {row}, {column} and {note}.
        notes: [R][C].
        title: of the colours, which then stand below the cells.
        row: CSS pixels that a row is high.
        named_above: whether the columns' names stand above them.
    """

    values: NDArray[np.floating]
    rows: Sequence[str]
    columns: Sequence[str]
    said: str
    notes: Sequence[Sequence[str]]
    title: str = ""
    row: int = 14
    named_above: bool = True


def cells_block(cells: Cells, name: str) -> str:
    """The block of HTML, with the button that saves it; `name` is for the file and for a screen reader."""
    rows, columns = len(cells.rows), len(cells.columns)
    words = [
        f'<i class="up" style="top: {100 * (r + 0.5) / rows:.4g}%">{html.escape(row)}</i>'
        for r, row in enumerate(cells.rows)
    ]
    if cells.named_above:
        words += [
            f'<i class="over" style="left: {100 * (c + 0.5) / columns:.4g}%">{html.escape(column)}</i>'
            for c, column in enumerate(cells.columns)
        ]
    above = 0.45 * max(map(len, cells.columns), default=0) + 1 if cells.named_above else 0.5
    style = (
        f"--rows: {rows}; --row: {cells.row}px; --beside: {max(map(len, cells.rows), default=0)}; "
        f"--above: {above:.3g}em; --below: {'2em' if cells.title else '0.5em'}"
    )
    facts = {
        "rows": list(cells.rows),
        "columns": list(cells.columns),
        "said": cells.said,
        "notes": [list(row) for row in cells.notes],
    }
    told = html.escape(json.dumps(facts, separators=(",", ":"), ensure_ascii=False), quote=True)
    image = f'<img src="{data_address(_drawing(cells.values).encode(), "image/svg+xml")}" alt="">'
    head = f'<figure class="fs-chart fs-cells" role="img" aria-label="{html.escape(name, quote=True)}" style="{style}"'
    inside = f"{_legend(cells.title)}<div>{image}{''.join(words)}</div>"
    block = f'{head} data-cells="{told}">{inside}</figure>'
    return CHART_STYLE + STYLE + gallery.STYLE + gallery.kept(block, name, "wide", name)


def _legend(title: str) -> str:
    if not title:
        return ""
    ends = ((DOWN, -MOST), (UP, MOST))
    names = "".join(f'<span style="--colour: {colour}">{numeral(most, "+.1f")}</span>' for colour, most in ends)
    return f"<figcaption>{html.escape(title)} {names}</figcaption>"


def _drawing(values: NDArray[np.floating]) -> str:
    rows, columns = values.shape
    strength = np.nan_to_num(np.clip(np.asarray(values, np.float64) / MOST, -1, 1))
    steps = np.round(strength * STEPS).astype(int)
    parts = [_path(np.ones_like(steps, bool), NONE, 0.12)]
    parts += [
        _path(steps == step, UP if step > 0 else DOWN, abs(step) / STEPS) for step in np.unique(steps[steps != 0])
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none">'
    return f"{head}{''.join(parts)}</svg>"


def _path(which: NDArray[np.bool_], colour: str, opacity: float) -> str:
    squares = "".join(f"M{c}.04 {r}.04h.92v.92h-.92z" for r, c in np.argwhere(which))
    return f'<path fill="{colour}" fill-opacity="{opacity:.3g}" d="{squares}"/>'
