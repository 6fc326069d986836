"""A tiny training run that the class starts and watches, epoch by epoch."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import original
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.plain_text import plain_text
from app.streamlit_internals.connection import connection
from app.views.lesson import charts
from app.views.lesson.live.process import LiveRun
from app.views.lesson.live.queue import Place, RunQueue
from app.views.lesson.stage import Stage
from app.views.lesson.worked_out import labels
from latent.probes import parts
from models.data.attributes import plain_name
from models.training.tiny import GRID, SIDE, Epoch

if TYPE_CHECKING:  # it takes half a second to import
    from plotly.graph_objects import Figure

FACES, HELD = 1200, 8
MOST_SECONDS = 150
PLANE = 280  # pixels on the screen
ORDERED = "lesson_live_run"
KINDS = {"vae": "VAE", "ae": "AE"}
LENGTHS = {"5": "5", "12": "12", "30": "30"}
COLOURINGS = ("Blond_Hair", "Black_Hair", "Smiling", "Eyeglasses")


@dataclass(frozen=True, eq=False)
class Ordered:
    """A visitor's run.

    Attributes:
        place: in the line.
        has: for each attribute to colour by, which of the faces have it, bool [N + H].
        source: what the faces are, in words.
    """

    place: Place[LiveRun]
    has: Mapping[str, NDArray[np.bool_]]
    source: str


@st.cache_resource(show_spinner=False)
def _queue() -> RunQueue[LiveRun]:
    return RunQueue()


@st.fragment
def live_run(stage: Stage, model: OpenModel) -> None:
    """The controls, and what there is to see."""
    assert model.atlas is not None
    ordered: Ordered | None = st.session_state.get(ORDERED)
    going = ordered is not None and _queue().look(ordered.place) is not None
    st.markdown(
        f"{FACES:,} faces of {SIDE} × {SIDE} pixels, and a small network that starts from random weights. Its "
        "bottleneck is **two numbers**, so that its whole latent space fits on the screen. An epoch takes a few "
        f"seconds, the whole at most {MOST_SECONDS / 60:g} minutes."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = stage.choice("live_kind", "Train", KINDS, "vae")
        epochs = int(stage.choice("live_epochs", "Epochs", LENGTHS, "12"))
        found = {name: plain_name(name) for name in COLOURINGS if name in model.atlas.attributes}
        colour = stage.choice("live_colour", "Colour the faces by", found, next(iter(found))) if found else ""
        st.button(
            "Start training" if ordered is None else "Train anew",
            icon=":material/play_arrow:",
            type="primary",
            disabled=going,
            key=stage.key("live_start"),
            on_click=_join,
            args=(model, kind, epochs, list(found)),
        )
    stage.write(model)
    if ordered is None:
        return
    if going:
        _watch(stage, ordered, colour)
    else:
        _ended(ordered.place)
        _show(stage, ordered, colour)


def _join(model: OpenModel, kind: str, epochs: int, colours: list[str]) -> None:
    """Stand in line, for the button."""
    st.session_state[ORDERED] = _order(model, kind, epochs, colours)


def _order(model: OpenModel, kind: str, epochs: int, colours: list[str]) -> Ordered:
    """Stand in line with faces of this model's atlas: CelebA's pictures where they are here, else decoded ones."""
    atlas = model.atlas
    assert atlas is not None
    shown, held = parts(atlas.partition)
    rows = np.concatenate([shown[:FACES], held[-HELD:]])
    settings: dict[str, Any] = {"kind": kind, "beta": 1.0, "epochs": epochs, "seconds": MOST_SECONDS, "held": HELD}
    paths = [path for path in (original(int(number)) for number in atlas.image[rows]) if path is not None]
    if len(paths) == len(rows):
        settings["paths"], latents = [str(path) for path in paths], None
        source = "CelebA pictures from your folder"
    else:
        settings["checkpoint"], latents = str(model.files.folder), atlas.mu[rows].astype(np.float32)
        source = f"faces that the {model.title} decoded, since there is no CelebA folder here"
    known = labels(model)[0][rows]
    has = {name: known[:, atlas.attributes.index(name)] > 0 for name in colours}
    return Ordered(_queue().join(functools.partial(LiveRun, settings, latents), connection()), has, source)


@st.fragment(run_every=1)
def _watch(stage: Stage, ordered: Ordered, colour: str) -> None:
    """Each second what is new. It is also how the server knows that somebody still looks."""
    place = ordered.place
    before = _queue().look(place)
    if before is None:
        st.rerun(scope="app")
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        _progress(place.run, before)
    right.button(
        "Leave the line" if place.run is None else "Cancel",
        icon=":material/close:",
        key=stage.key("live_cancel"),
        width="stretch",
        on_click=_queue().leave,
        args=(place,),
    )
    _show(stage, ordered, colour)


def _progress(run: LiveRun | None, before: int) -> None:
    if run is None:
        st.info(
            f"Someone else's run is going; yours is number {before + 1} in line. It starts by itself.",
            icon=":material/hourglass_top:",
        )
    elif run.epochs:
        last = run.epochs[-1]
        pace = f", {last.seconds:.1f} s an epoch" if last.number else ""
        st.progress(last.number / run.total, f"Epoch {min(last.number + 1, run.total)} of {run.total}{pace}")
    else:
        st.progress(run.share, f"{run.step} …")


def _ended(place: Place[LiveRun]) -> None:
    """Why it goes on no more, where that is not plain to see."""
    run = place.run
    problem = place.problem or (run.problem if run is not None else None)
    if problem:
        st.warning(plain_text(problem), icon=":material/info:")
    elif place.lost:
        st.caption("Given up, since this page was not open for a while.")
    elif run is None:
        st.caption("You left the line.")
    elif place.left:
        st.caption("Cancelled.")
    elif run.epochs and run.epochs[-1].number < run.total:
        st.caption(f"Stopped after {MOST_SECONDS / 60:g} minutes, the most that a run may take here.")


def _show(stage: Stage, ordered: Ordered, colour: str) -> None:
    """The loss, the latent space, the faces that lie in it, and the held-out faces."""
    run = ordered.place.run
    if run is None or run.used is None or run.faces is None or not run.epochs:
        return
    epochs = list(run.epochs)  # the run may add to it meanwhile
    last = epochs[-1]
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.markdown("**Loss**")
        charts.show(_curve(epochs, run.total), stage.key("live_loss"))
    with middle:
        st.markdown("**The latent space**, a dot for each face")
        has = ordered.has[colour][run.used] if colour in ordered.has else np.zeros(len(run.used), bool)
        figure = charts.groups(last.codes, has, plain_name(colour), PLANE)
        x0, x1, y0, y1 = last.extent
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={"color": "gray", "dash": "dot", "width": 1})
        charts.show(figure, stage.key("live_space"))
    with right:
        st.markdown("**What lies in the frame**, decoded")
        gallery.show(gallery.row([gallery.Figure(last.plane, "", f"{GRID} by {GRID} decoded faces")], PLANE))
    st.markdown("**Faces it was not trained on**, and below what it makes of them")
    pictures = np.concatenate([np.concatenate(list(run.faces), 1), np.concatenate(list(last.rebuilt), 1)])
    gallery.show(gallery.row([gallery.Figure(pictures, "", "Held-out faces, and rebuilt ones")], 760))
    st.caption(
        f"{_words(last)}Trained on {len(run.used):,} {ordered.source}. Two numbers are few. Compare the two rows: "
        "what do they hold, and what is lost?"
    )


def _words(last: Epoch) -> str:
    if last.number == 0:
        return "No epoch yet: the weights are random. "
    if not np.isfinite(last.kl):
        return ""
    return f"Of the loss, {last.distortion + last.kl:,.0f} nats, the KL term makes {last.kl:.1f}. "


def _curve(epochs: list[Epoch], total: int) -> Figure:
    number = np.array([epoch.number for epoch in epochs[1:]], float)
    loss = np.array([epoch.distortion + np.nan_to_num(epoch.kl) for epoch in epochs[1:]])
    figure = charts.lines({"": (number, loss)}, "Epoch", "Nats an image", PLANE, range=[0.5, total + 0.5])
    return figure.update_traces(mode="lines+markers")
