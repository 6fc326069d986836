"""How far the draws of the lesson's family lie from real faces, over beta, with the plain autoencoder at one end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from app.checkpoints.measured import figure
from app.checkpoints.records import Record
from app.drawing.chart import Axis, lines
from app.drawing.chart_html import show_chart
from app.texts import N_, _, numeral
from app.views.lesson import charts
from app.views.lesson.family import PLAIN, raw_distance
from app.views.lesson.stage import Stage

FEWEST = 3  # models that make a curve
NORMAL, OWN = N_("Drawn from N(0, I)"), N_("Drawn from the faces' own clouds")
LEARNED = N_("Drawn from a learned prior")


def measured_distances(family: Mapping[str, Record]) -> dict[str, dict[str, float]]:
    """What evaluate.py measured: for each way of drawing the distance to real faces, by beta as people write it.

    Ways of which nothing was measured are left out. An autoencoder's clouds are its codes.
    """
    found: dict[str, dict[str, float]] = {NORMAL: {}, OWN: {}, LEARNED: {}}
    for beta, record in family.items():
        for way, distance in (
            (NORMAL, raw_distance(record)),
            (OWN, figure(record.metrics, "generation.ceiling.frechet")),
            (LEARNED, figure(record.metrics, "generation.samplers.learned.frechet")),
        ):
            if distance is not None:
                found[way][beta] = distance
    return {way: distances for way, distances in found.items() if distances}


def tells(family: Mapping[str, Record]) -> bool:
    """Whether enough models of a family were measured to make a curve."""
    return len(measured_distances(family).get(NORMAL, {})) >= FEWEST


def show_distances(stage: Stage, family: Mapping[str, Record], ways: tuple[str, ...], key: str) -> None:
    """The chart of some ways of drawing, and what it says; nothing where too few models were measured.

    Args:
        stage: the chapter's.
        family: of the lesson, by beta.
        ways: of drawing.
        key: tells the chart from others of the chapter.
    """
    if not tells(family):
        return
    found = {way: distances for way, distances in measured_distances(family).items() if way in ways}
    names = list(family)
    curves = {
        _(way): (np.array([names.index(beta) for beta in distances], float), np.array(list(distances.values())))
        for way, distances in found.items()
    }
    across = Axis(_("Beta"), ticks=tuple(enumerate(map(_tick, names))))
    chart = lines(curves, across, _("Distance to real faces"), 280, charts.DOT)
    show_chart(chart)
    st.caption(verdict(found))


def _tick(beta: str) -> str:
    if beta == PLAIN:
        return _("plain AE")
    return f"{beta} (AE)" if beta == "0" else numeral(float(beta), "g")


def verdict(found: Mapping[str, Mapping[str, float]]) -> str:
    """What the distances say, from the figures alone.

    Args:
        found: of `measured_distances`; N(0, I) is among the ways.
    """
    normal = found[NORMAL]
    best = min(normal, key=lambda beta: normal[beta])
    sentences = [
        _("Less is better. Of N(0, I) {model} makes the best of faces: {distance}.").format(
            model=_named(best), distance=f"{normal[best]:.0f}"
        )
    ]
    if PLAIN in normal and best != PLAIN:
        times = normal[PLAIN] / max(normal[best], 1e-9)
        sentences.append(_("The plain AE's draws lie {times} times as far.").format(times=numeral(times, ".1f")))
    if best in (own := found.get(OWN, {})):
        sentences.append(
            _(
                "No prior can be expected to do better than draws from the faces' own clouds: {distance} for the same "
                "model. What lies between both is how wrong the assumption N(0, I) is."
            ).format(distance=f"{own[best]:.0f}")
        )
    if learned := found.get(LEARNED, {}):
        both = [beta for beta in learned if beta in normal]
        nearer = sum(learned[beta] < normal[beta] for beta in both)
        sentences.append(
            _("A learned prior draws nearer to real faces than N(0, I) in {nearer} of {all} models.").format(
                nearer=nearer, all=len(both)
            )
        )
    return " ".join(sentences)


def _named(beta: str) -> str:
    return _("the plain AE") if beta == PLAIN else _("beta {beta}").format(beta=beta)
