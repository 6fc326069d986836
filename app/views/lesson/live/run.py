"""A tiny training run that the class starts and watches, epoch by epoch."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.chart import Axis, Chart, lines
from app.drawing.chart_html import show_chart
from app.texts import N_, _
from app.texts.attributes import attribute_name
from app.views.lesson import charts, presenter
from app.views.lesson.live.order import FACES, KINDS, MOST_SECONDS, Ordered, order, queue
from app.views.lesson.live.process import LiveRun, expect_a_run
from app.views.lesson.live.watch import NO_SERVER, READY, ended, watch
from app.views.lesson.stage import Stage
from models.training.tiny import GRID, SIDE, Epoch

PLANE, SLIDE_PLANE = 380, 230  # pixels on the screen, and what becomes 0.38 of a slide's height
ORDERED = "lesson_live_run"
LENGTHS = {"5": "5", "12": "12", "30": "30"}
COLOURINGS = ("Blond_Hair", "Black_Hair", "Smiling", "Eyeglasses")
NAMES = {"ae": "AE", "vae": "VAE"}
REBUILT = {
    ("ae",): N_("Held-out faces, and below as rebuilt by the AE"),
    ("vae",): N_("Held-out faces, and below as rebuilt by the VAE"),
    ("ae", "vae"): N_("Held-out faces, and below as rebuilt by the AE and the VAE"),
}
INTRODUCTION = N_(
    "{faces:,} faces of {side} × {side} pixels, and a small network that starts from random weights. Its bottleneck is "
    "**two numbers**, so that its whole latent space fits on the screen. An epoch takes a few seconds, all of "
    "them at most {minutes:g} minutes."
)


@st.fragment
def live_run(stage: Stage, model: OpenModel) -> None:
    """The controls, and what there is to see."""
    assert model.atlas is not None
    ordered: Ordered | None = st.session_state.get(ORDERED)
    going = ordered is not None and queue().look(ordered.place) is not None
    words = st.empty()  # its place stays, so that the choices below stay the same elements when it goes
    if ordered is None or not presenter.is_on():  # a slide has no room for it beside the run
        words.markdown(_(INTRODUCTION).format(faces=FACES, side=SIDE, minutes=MOST_SECONDS / 60))
    if not stage.server:
        st.caption(_(NO_SERVER))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = {key: _(words) for key, words in KINDS.items()}
        kind = stage.choice("live_kind", _("Train"), kinds, "both")
        epochs = int(stage.choice("live_epochs", _("Epochs"), LENGTHS, "12"))
        found = {name: attribute_name(name) for name in COLOURINGS if name in model.atlas.attributes}
        colour = stage.choice("live_colour", _("Colour the faces by"), found, next(iter(found))) if found else ""
        st.button(
            _("Start training") if ordered is None else _("Train anew"),
            icon=":material/play_arrow:",
            type="primary",
            disabled=going,
            key=stage.key("live_start"),
            on_click=_join,
            args=(model, kind, epochs, list(found)),
        )
    stage.write(model)
    if not going:
        expect_a_run()
    if ordered is None:
        return
    if going:
        show = functools.partial(_show, stage, ordered, colour)
        watch(stage, ordered.place, _progress, show)
    else:
        run = ordered.place.run
        last = None if run is None else _last(run)
        early = run is not None and last is not None and last.number < run.total
        ended(ordered.place, early, _("{minutes:g} minutes").format(minutes=MOST_SECONDS / 60))
        _show(stage, ordered, colour)


def _join(model: OpenModel, kind: str, epochs: int, colours: list[str]) -> None:
    """Stand in line, for the button."""
    st.session_state[ORDERED] = order(model, kind, epochs, colours)


def _progress(run: LiveRun) -> None:
    if last := _last(run):
        words = _("Epoch {epoch} of {total}, {pace:.1f} s an epoch") if last.number else _("Epoch {epoch} of {total}")
        now = min(last.number + 1, run.total)
        st.progress(last.number / run.total, words.format(epoch=now, total=run.total, pace=last.seconds))
    else:
        st.progress(run.share, _(READY).format(step=_(run.step)))


def _last(run: LiveRun) -> Epoch | None:
    """The epoch that all of its networks have behind them."""
    return min((seen[-1] for seen in [*run.epochs.values()]), key=lambda epoch: epoch.number, default=None)


def _show(stage: Stage, ordered: Ordered, colour: str) -> None:
    """The latent spaces, the held-out faces, and, but on a slide, what lies in the spaces, and the losses."""
    run = ordered.place.run
    if run is None or run.faces is None:
        return
    if run.used is None or not run.epochs:
        st.markdown(_("**Faces that will not be trained on**"))
        held = gallery.Figure(np.concatenate(list(run.faces), 1), "", _("Held-out faces"))
        gallery.show(gallery.row([held], gallery.WIDE))
        return
    seen = {kind: list(epochs) for kind, epochs in [*run.epochs.items()]}  # the run may add to it meanwhile
    has = ordered.has[colour][run.used] if colour in ordered.has else np.zeros(len(run.used), bool)
    with stage.figure("live"):
        _spaces(stage, seen, has, attribute_name(colour) if colour else "")
        st.markdown(_("**Faces that were not trained on**, and below what becomes of them"))
        _rebuilt(run.faces, seen)
    words = _(
        "{losses} Trained on {count:,} {faces}. Two numbers are few: compare the rows. What do they hold, and what is "
        "lost?"
    )
    losses = " ".join(_words(epochs[-1]) for epochs in seen.values())
    st.caption(words.format(losses=losses, count=len(run.used), faces=ordered.source))
    if presenter.is_on():
        return
    _planes(seen)
    st.markdown(_("**Loss**"))
    show_chart(_curves(seen, run.total))


def _rebuilt(faces: NDArray[np.uint8], seen: Mapping[str, Sequence[Epoch]]) -> None:
    rows = [faces, *(epochs[-1].rebuilt for epochs in seen.values())]
    pictures = np.concatenate([np.concatenate(list(row), 1) for row in rows])
    alt = _(REBUILT[tuple(sorted(seen))])
    gallery.show(gallery.row([gallery.Figure(pictures, "", alt)], gallery.WIDE))


def _spaces(stage: Stage, seen: Mapping[str, Sequence[Epoch]], has: NDArray[np.bool_], name: str) -> None:
    """Where the faces lie, beside the circle of N(0, I)."""
    height = SLIDE_PLANE if presenter.is_on() else PLANE
    for column, (kind, epochs) in zip(st.columns(len(seen), gap="medium"), seen.items(), strict=True):
        with column:
            words = _("**The {network}'s latent space**, a dot for each face")
            st.markdown(words.format(network=NAMES[kind]))
            show_chart(charts.plane(epochs[-1].codes, has, name, height))
    st.caption(_("The purple circle holds 95 of 100 draws from N(0, I). Mind the scales."))


def _planes(seen: Mapping[str, Sequence[Epoch]]) -> None:
    """What lies where the faces do, decoded on a grid."""
    st.markdown(_("**What lies where the faces do**, decoded on a grid"))
    alt = _("{side} by {side} faces decoded by the {network}")
    figures = [
        gallery.Figure(epochs[-1].plane, _extent(kind, epochs[-1]), alt.format(side=GRID, network=kind))
        for kind, epochs in seen.items()
    ]
    gallery.show(gallery.row(figures, gallery.WIDE // 2))


def _extent(kind: str, epoch: Epoch) -> str:
    left, right, low, high = epoch.extent
    words = _("{network}: the first number from {left:.1f} to {right:.1f}, the second from {low:.1f} to {high:.1f}")
    return words.format(network=NAMES[kind], left=left, right=right, low=low, high=high)


def _words(last: Epoch) -> str:
    name = NAMES[last.kind]
    if last.number == 0:
        return _("{network}: no epoch yet, the weights are random.").format(network=name)
    if not np.isfinite(last.kl):
        return _("{network}: a loss of {loss:,.0f} nats.").format(network=name, loss=last.distortion)
    words = _("{network}: a loss of {loss:,.0f} nats, of which the KL term makes {kl:.1f}.")
    return words.format(network=name, loss=last.distortion + last.kl, kl=last.kl)


def _curves(seen: Mapping[str, Sequence[Epoch]], total: int) -> Chart:
    curves = {
        NAMES[kind]: (
            np.array([epoch.number for epoch in epochs[1:]], float),
            np.array([epoch.distortion + np.nan_to_num(epoch.kl) for epoch in epochs[1:]]),
        )
        for kind, epochs in seen.items()
    }
    across = Axis(_("Epoch"), (0.5, total + 0.5))
    return lines(curves, across, _("Nats an image"), 280, charts.DOT)
