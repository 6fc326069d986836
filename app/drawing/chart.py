"""Charts that need no library: their data, and where each number lies on them.

`chart_html.py` draws them; nothing has to be loaded in the browser before they are seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.texts import _, numeral

COLOURS = ("#e07a2f", "#3a8294", "#8b5fbf", "#6a994e")
"""Told apart by readers with any colour vision, on light and dark ground."""
ROOM = 0.05  # of the range, above and below curves
TICK_UP = 32  # CSS pixels between two labels up an axis, at least
MOST_ACROSS, MOST_UP = 8, 10  # labels of an axis; along the first they stand on a phone, too
NICE = (1.0, 2.0, 5.0, 10.0)
DASHES = ("", "", "5 9", "", "", "")  # the third lets the second be seen where both coincide
CELLS = 90  # of a map's crowds, each way
DARKEST = 166  # of 255, where most are
DOTS = (("white", 10.0), (COLOURS[0], 8.0))  # one lies on the other
Numbers = NDArray[np.floating]
Curve = tuple[Numbers, Numbers]
Dots = float | Sequence[float]


@dataclass(frozen=True, eq=False)
class Series:
    """What is drawn in one colour.

    Attributes:
        name: in the legend, and for who points at it.
        x, y: [N]; numbers that are not finite are left out.
        kind: of mark.
        colour: any of CSS.
        size: of a line, in CSS pixels, or of a bar, in units of x.
        dots: their diameters [N] or one for all, in CSS pixels; 0 draws none.
        dash: of a line, as SVG has it, such as "5 9".
        opacity: 0 to 1.
        whiskers: [N], how far a thin line reaches to either side of the end of a bar.
        labels: [N], what a pointer is told instead of the numbers.
        told: whether a pointer is told of it at all.
    """

    name: str
    x: Numbers
    y: Numbers
    kind: Literal["line", "bars", "dots"] = "line"
    colour: str = COLOURS[0]
    size: float = 2.5
    dots: float | Sequence[float] = 0.0
    dash: str = ""
    opacity: float = 1.0
    whiskers: Numbers | None = None
    labels: Sequence[str] = ()
    told: bool = True


@dataclass(frozen=True)
class Axis:
    """One of the two.

    Attributes:
        title: beside it.
        range: from, to; by the data if None.
        log: whether equal ways are equal factors.
        ticks: places with their labels; by themselves if empty.
    """

    title: str
    range: tuple[float, float] | None = None
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Chart:
    """Series over two axes.

    Attributes:
        series: in the order in which they are drawn.
        x, y: the axes.
        height: in CSS pixels, with the words around it.
        legend: whether names stand above it.
        upright: places of x where a dotted line stands.
        bare: without a grid and words beside the axes.
        even: equal ways of x and y are equally long on the page.
        ground: uint8 [H, W, 4] below all else, from corner to corner.
        said: what a screen reader says, instead of the axes' titles.
    """

    series: tuple[Series, ...]
    x: Axis
    y: Axis
    height: int
    legend: bool = False
    upright: tuple[float, ...] = ()
    bare: bool = False
    even: bool = False
    ground: NDArray[np.uint8] | None = None
    said: str = ""


@dataclass(frozen=True)
class Scale:
    """Where numbers lie along an axis, as shares of its length.

    Attributes:
        low, high: its ends; logarithms of base 10 where it is logarithmic.
        log: whether it is.
    """

    low: float
    high: float
    log: bool

    def of(self, values: Numbers | float) -> Numbers:
        """The places of some values; what has none is NaN."""
        found = np.asarray(values, np.float64)
        if self.log:
            found = np.log10(np.where(found > 0, found, np.nan))
        return (found - self.low) / (self.high - self.low)


def lines(curves: Mapping[str, Curve], x: str | Axis, y: str | Axis, height: int = 260, dots: Dots = 0.0) -> Chart:
    """One curve (x values, y values) for each name; `dots` on it, one size for all or one each, in CSS pixels."""
    series = [
        Series(name, across, up, colour=colour, dash=dash, dots=dots)
        for (name, (across, up)), colour, dash in zip(curves.items(), COLOURS, DASHES, strict=False)
    ]
    return Chart(tuple(series), _axis(x), _axis(y), height, legend=len(curves) > 1)


def _axis(said: str | Axis) -> Axis:
    """An axis of its title alone, or what is one already."""
    return said if isinstance(said, Axis) else Axis(said)


def places(everything: Numbers, points: Numbers, names: Sequence[str], height: int = 300) -> Chart:
    """Some points on a map whose crowds are shown in grey.

    Args:
        everything: [M, 2], the map.
        points: [N, 2], the points to show.
        names: [N], what each is called.
        height: in CSS pixels.
    """
    crowd, *edges = np.histogram2d(everything[:, 0], everything[:, 1], CELLS)
    shade = np.log1p(crowd.T[::-1])  # up is up
    grey = np.full((CELLS, CELLS, 4), 128, np.uint8)
    grey[..., 3] = np.round(DARKEST * shade / max(shade.max(), 1.0))
    across, up = (Axis("", (float(of[0]), float(of[-1]))) for of in edges)
    x, y = points.T
    dots = (Series("", x, y, "dots", colour, dots=size, labels=names) for colour, size in DOTS)
    said = _("A map of all faces, {count} places marked on it").format(count=len(points))
    return Chart(tuple(dots), across, up, height, bare=True, even=True, ground=grey, said=said)


def scales(chart: Chart) -> tuple[Scale, Scale]:
    """Those of x and y."""
    across = [_ends(series) for series in chart.series]
    up: list[Numbers] = [np.asarray(series.y, np.float64) for series in chart.series]
    for series in chart.series:
        if series.kind == "bars":
            up.append(np.zeros(1))
        if series.whiskers is not None:
            up += [series.y - series.whiskers, series.y + series.whiskers]
    wide = any(np.max(series.dots) > 0 for series in chart.series)
    return _scale(chart.x, across, ROOM if wide else 0.0), _scale(chart.y, up, ROOM, ground=True)


def ticks(axis: Axis, scale: Scale, most: int) -> list[tuple[float, str]]:
    """Shares of an axis' length and the labels there, `most` at most where it chooses them itself."""
    if axis.ticks:
        found = [(float(scale.of(value)), label) for value, label in axis.ticks]
    elif scale.log:
        found = _log_ticks(scale, most)
    else:
        found = _round_ticks(scale, most)
    return [(share, label) for share, label in found if -1e-6 <= share <= 1 + 1e-6]


def most_up(height: int) -> int:
    """How many labels have room beside a chart of a height."""
    return int(np.clip(height // TICK_UP, 2, MOST_UP))


def _ends(series: Series) -> Numbers:
    x = np.asarray(series.x, np.float64)
    half = series.size / 2 if series.kind == "bars" else 0.0
    return np.concatenate([x - half, x + half])


def _scale(axis: Axis, values: Sequence[Numbers], room: float, ground: bool = False) -> Scale:
    if axis.range is not None:
        return Scale(*axis.range, log=axis.log)
    every = np.concatenate([np.ravel(some) for some in values]) if values else np.zeros(0)
    every = every[np.isfinite(every) & ((every > 0) | (not axis.log))]
    every = np.log10(every) if axis.log else every
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    stands = ground and not axis.log  # on 0, with no room under it, where all is above or all below
    return Scale(
        low if stands and low == 0 else low - room * (high - low),
        high if stands and high == 0 else high + room * (high - low),
        axis.log,
    )


def _round_ticks(scale: Scale, most: int) -> list[tuple[float, str]]:
    places, digits = _round_numbers(scale.low, scale.high, most)
    return [(float(scale.of(place)), numeral(place, f",.{digits}f") if place else "0") for place in places]


def _log_ticks(scale: Scale, most: int) -> list[tuple[float, str]]:
    if scale.high - scale.low < 1:  # hardly a power of ten among them
        values = [one for one in _round_numbers(10**scale.low, 10**scale.high, most)[0] if one > 0]
    else:
        powers = range(int(np.floor(scale.low)), int(np.ceil(scale.high)) + 1)
        few = scale.high - scale.low < most / len(NICE)
        values = [nice * 10.0**power for power in powers for nice in (NICE[:-1] if few else (1.0,))]
    return [(float(scale.of(value)), numeral(value, ",.6g")) for value in values]


def _round_numbers(low: float, high: float, most: int) -> tuple[list[float], int]:
    """Equally far apart, `most` at most, and the digits after their decimal sign."""
    power = 10 ** np.floor(np.log10((high - low) / most))
    step = next(power * nice for nice in NICE if (high - low) / (power * nice) <= most)
    places = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    return [float(place) for place in places], max(0, -int(np.floor(np.log10(step) + 1e-9)))
