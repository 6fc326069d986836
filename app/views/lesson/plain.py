"""An autoencoder as any tutorial builds it, and the small VAE that is most like it: what both draw from N(0, I)."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app.checkpoints.family import plain_pair
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record, read_records
from app.drawing import gallery
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.texts import _
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
    st.header(_("As a tutorial builds it"))
    small = _(
        "Most tutorials start from random weights instead. So was this small one ({image_size} × {image_size} "
        "pixels, {dimensions} numbers); these are its draws from N(0, I):"
    ).format(image_size=config.image_size, dimensions=config.latent_dim)
    st.markdown(f"{_start(model)} {small}")
    seed = stage.seed_of("plain")
    drawn = sheet(plain, (), SHOWN, seed)
    if drawn is None:
        st.warning(_("The weights of {title} cannot be opened.").format(title=plain.title), icon=":material/info:")
        return
    figure = stage.figure("plain")
    with figure:
        gallery.show(strip(drawn.drawn))
    stage.seed("plain", _("Draw again from the plain one"))
    stage.write(model)
    lengths = {
        _("Its encoded faces"): np.linalg.norm(draws_of(plain), axis=1),
        _("Drawn from N(0, I)"): np.linalg.norm(standard_normal(config.latent_dim).sample(COUNTED, seed), axis=1),
    }
    with figure:
        show_chart(charts.densities(lengths, {}, _("Norm (length of z)"), 300))
    codes, points = lengths.values()
    spread = float(np.median(draws_of(plain).std(0)))
    farther = float((codes > np.median(points)).mean())
    st.caption(
        _(
            "A typical number of its codes has a standard deviation of {spread:.2f}, where N(0, I) has 1, and "
            "{farther} of its faces lie farther from 0 than a typical draw. {distance}"
        ).format(spread=spread, farther=percent(farther), distance=_distance(plain))
    )


def _start(model: OpenModel) -> str:
    if model.own_config.linear_path:
        return _(
            "The {title} above had a good start: it began as PCA with every number scaled to a standard deviation "
            "of 1, and stayed near that."
        ).format(title=model.title)
    return _("The {title} above had a good start: see below.").format(title=model.title)


def _distance(record: Record) -> str:
    """How far its draws from N(0, I) are from real faces, as evaluate.py measured it; empty where it did not."""
    found = raw_distance(record)
    if found is None:
        return ""
    return _("Measured distance of its draws to real faces: {found:.0f} (less is better).").format(found=found)


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
        _(
            "**What the clouds changed.** The same points of N(0, I), decoded by a plain autoencoder and by a VAE of "
            "the same size{differences}."
        ).format(differences=_but(plain, variational))
    )
    seed = stage.seed_of("rescue")
    with stage.figure("rescue"):
        for record, name in ((plain, _("The plain autoencoder")), (variational, _("The VAE of its size"))):
            drawn = sheet(record, (), SHOWN, seed)
            st.markdown(f"**{name}**")
            if drawn is None:
                st.warning(
                    _("The weights of {title} cannot be opened.").format(title=record.title), icon=":material/info:"
                )
            else:
                gallery.show(strip(drawn.drawn))
    stage.seed("rescue", _("Draw again from both"))
    stage.write(model)
    spreads = [float(np.median(draws_of(record).std(0))) for record in pair]
    st.caption(
        _(
            "In a typical dimension the codes of the autoencoder have a standard deviation of {plain:.2f} and draws "
            "from the VAE's clouds one of {variational:.2f}; N(0, I) has 1. {compared}"
        ).format(plain=spreads[0], variational=spreads[1], compared=compared(*map(raw_distance, pair)))
    )


def _but(plain: Record, variational: Record) -> str:
    """In what they differ besides the clouds."""
    ours, theirs = plain.own_config, variational.own_config
    differences = [_("which started as PCA")] if theirs.linear_path and not ours.linear_path else []
    even = [bool(record.files.training.get("resize_convolution")) for record in (plain, variational)]
    if even == [False, True]:
        differences.append(_("whose kernels draw no grid"))
    if ours.perceptual_weight != theirs.perceptual_weight:
        differences.append(_("with a perceptual term of weight {weight:g}").format(weight=theirs.perceptual_weight))
    return f" ({_(' and ').join(differences)})" if differences else ""


def compared(autoencoder: float | None, variational: float | None) -> str:
    """What two measured distances say; empty where one was not measured."""
    if autoencoder is None or variational is None:
        return ""
    if autoencoder > variational:
        return _(
            "Measured distance to real faces: {autoencoder:.0f} for the autoencoder's draws, {variational:.0f} "
            "for the VAE's (less is better), {times:.1f} times as far."
        ).format(autoencoder=autoencoder, variational=variational, times=autoencoder / max(variational, 1e-9))
    return _(
        "Measured distance to real faces: {autoencoder:.0f} for the autoencoder's draws, {variational:.0f} for "
        "the VAE's (less is better): here the VAE's draws are no nearer."
    ).format(autoencoder=autoencoder, variational=variational)
