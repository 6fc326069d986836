"""An autoencoder as any tutorial builds it, and the small VAE that is most like it: what both draw from N(0, I)."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app.checkpoints.family import plain_pair
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record, read_records
from app.drawing import gallery
from app.drawing.numbers import percent
from app.views.lesson import charts
from app.views.lesson.betas import strip
from app.views.lesson.family import atlas_of, draws_of, raw_distance, sheet
from app.views.lesson.stage import Stage
from latent.samplers import standard_normal

SHOWN, COUNTED = 6, 200


def find_pair() -> tuple[Record, Record] | None:
    """The plain autoencoder and the VAE most like it, where both have a map; else None."""
    pair = plain_pair(read_records()[0])
    return None if pair is None or any(atlas_of(record) is None for record in pair) else pair


def plain_draws(stage: Stage, model: OpenModel) -> bool:
    """What the plain autoencoder makes of N(0, I), and why; returns whether there is such a model."""
    pair = find_pair()
    if pair is not None:
        _plain(stage, model, pair[0])
    return pair is not None


@st.fragment
def _plain(stage: Stage, model: OpenModel, plain: Record) -> None:
    config = plain.own_config
    st.header("As a tutorial builds it")
    st.markdown(
        f"The {model.title} above had a good start: {_start(model)}. Most tutorials start from random weights instead. "
        f"So was this small one ({config.image_size} × {config.image_size} pixels, {config.latent_dim} numbers); these "
        "are its draws from N(0, I):"
    )
    place = st.container()
    seed = stage.seed("plain", "Draw again from the plain one")
    stage.write(model)
    drawn = sheet(plain, (), SHOWN, seed)
    if drawn is None:
        st.warning(f"The weights of {plain.title} cannot be opened.", icon=":material/info:")
        return
    with place:
        gallery.show(strip(drawn.drawn))
    lengths = {
        "Its encoded faces": np.linalg.norm(draws_of(plain), axis=1),
        "Drawn from N(0, I)": np.linalg.norm(standard_normal(config.latent_dim).sample(COUNTED, seed), axis=1),
    }
    charts.show(charts.densities(lengths, {}, "Norm (length of z)", 240), stage.key("plain_lengths"))
    codes, points = lengths.values()
    spread = float(np.median(draws_of(plain).std(0)))
    farther = float((codes > np.median(points)).mean())
    st.caption(
        f"A typical number of its codes has a standard deviation of {spread:.2f}, where N(0, I) has 1, and "
        f"{percent(farther)} of its faces lie farther from 0 than a typical draw. {_distance(plain)}"
    )


def _start(model: OpenModel) -> str:
    if model.own_config.linear_path:
        return "it began as PCA with every number scaled to a standard deviation of 1, and stayed near that"
    return "see below"


def _distance(record: Record) -> str:
    """How far its draws from N(0, I) are from real faces, as evaluate.py measured it; empty where it did not."""
    found = raw_distance(record)
    return "" if found is None else f"Measured distance of its draws to real faces: {found:.0f} (less is better)."


def rescue(stage: Stage, model: OpenModel) -> bool:
    """The same points of N(0, I) through the plain autoencoder and the VAE of its size; returns whether there are."""
    pair = find_pair()
    if pair is not None:
        _both(stage, model, pair)
    return pair is not None


@st.fragment
def _both(stage: Stage, model: OpenModel, pair: tuple[Record, Record]) -> None:
    plain, variational = pair
    st.markdown(
        "**What the clouds changed.** The same points of N(0, I), decoded by a plain autoencoder and by a VAE of the "
        f"same size{_but(plain, variational)}."
    )
    place = st.container()
    seed = stage.seed("rescue", "Draw again from both")
    stage.write(model)
    with place:
        for record, name in ((plain, "The plain autoencoder"), (variational, "The VAE of its size")):
            drawn = sheet(record, (), SHOWN, seed)
            st.markdown(f"**{name}**")
            if drawn is None:
                st.warning(f"The weights of {record.title} cannot be opened.", icon=":material/info:")
            else:
                gallery.show(strip(drawn.drawn))
    spreads = [float(np.median(draws_of(record).std(0))) for record in pair]
    st.caption(
        f"In a typical dimension the codes of the autoencoder have a standard deviation of {spreads[0]:.2f} and draws "
        f"from the VAE's clouds one of {spreads[1]:.2f}; N(0, I) has 1. {compared(*map(raw_distance, pair))}"
    )


def _but(plain: Record, variational: Record) -> str:
    """In what they differ besides the clouds."""
    ours, theirs = plain.own_config, variational.own_config
    differences = ["which started as PCA"] if theirs.linear_path and not ours.linear_path else []
    if ours.perceptual_weight != theirs.perceptual_weight:
        differences.append(f"with a perceptual term of weight {theirs.perceptual_weight:g}")
    return f" ({', '.join(differences)})" if differences else ""


def compared(autoencoder: float | None, variational: float | None) -> str:
    """What two measured distances say; empty where one was not measured."""
    if autoencoder is None or variational is None:
        return ""
    figures = (
        f"Measured distance to real faces: {autoencoder:.0f} for the autoencoder's draws, {variational:.0f} for the "
        "VAE's (less is better)"
    )
    if autoencoder > variational:
        return f"{figures}, {autoencoder / max(variational, 1e-9):.1f} times as far."
    return f"{figures}: here the VAE's draws are no nearer."
