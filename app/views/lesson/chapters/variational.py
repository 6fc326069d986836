"""Chapter: VAEs to the rescue."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import draw
from app.drawing import gallery
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.texts import _
from app.views.lesson import charts
from app.views.lesson.betas import family_steps
from app.views.lesson.distances import NORMAL, OWN, show_distances, tells
from app.views.lesson.family import betas
from app.views.lesson.inputs import Encoded, choose_input, given, quality
from app.views.lesson.plain import rescue
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from latent.directions import UNUSED_NATS
from latent.samplers import posterior_draws

TERMS = (
    "rate",
    "distortion",
    "PSNR",
    "variational autoencoder (VAE)",
    "posterior",
    "prior",
    "mu and sigma",
    "ELBO",
    "nat",
    "beta",
    "KL (Kullback-Leibler divergence)",
    "normal distribution",
    "latent",
)
SHOWN, COUNTED, GAIN = 5, 24, 6
WIDTHS = 0.1, 4.0, 1.0  # of the cloud: from, to, and at first
LOSS = (
    r"\begin{gathered} \underbrace{\frac{1}{2 s^2}\,\lVert x - D(z)\rVert^2}_{\text{distortion}} \;+ \\ \beta\,"
    r"\underbrace{\sum_i \tfrac12\left(\mu_i^2 + \sigma_i^2 - 1 - \ln \sigma_i^2\right)}_{\text{KL}}"
    r" \\ \phantom{.} \end{gathered}"
)


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("vae")
    assert model is not None
    aside = " " + _("The perceptual term (chapter 3) is left aside here.") if model.own_config.perceptual_weight else ""
    opening(
        _(
            "An AE is trained on single points. The **variational autoencoder** (VAE) encodes a face into a small "
            "cloud: a centre mu and a width sigma for each number. The decoder has to rebuild the face from **any "
            "draw** out of the cloud, so it learns the space in between. And a second term of the loss, the KL, pulls "
            "all clouds towards one known place, the **prior** N(0, I), from which new faces can be drawn."
        ),
        LOSS.replace("distortion", _("distortion")),
        _(
            "The loss of one face x in nats; with beta = 1 the negative ELBO, but for a constant. z is a draw from "
            "the face's cloud, D(z) the picture decoded from it. The distortion is the negative logarithm of a bell "
            "curve: each number of x may stray from D(z) with the standard deviation s = {sigma:g}. i runs over the "
            "{dimensions} dimensions; beta weighs the terms (here {beta:.3g}). Kingma and Welling 2014, arXiv "
            "1312.6114; beta: Higgins et al. 2017."
        ).format(sigma=model.own_config.decoder_sigma, dimensions=model.config.latent_dim, beta=model.own_config.beta)
        + aside,
        "models.losses:reconstruction_nats",
        "models.losses:kl_nats",
    )
    stage.step()
    face = given(stage, model)
    choose_input(stage, model)
    _cloud(stage, model, face)
    stage.step()
    predict(stage, lambda: _question(model))
    stage.step()
    st.header(_("Draws from the cloud"))
    _draws(stage, model, face)
    stage.step()
    st.header(_("Draws from the prior"))
    _prior(stage, model, face)
    stage.step()
    if rescue(stage, model):
        stage.step()
    st.header(_("Too little beta, and too much"))
    family_steps(stage, model)
    family = betas()
    if tells(family):
        stage.step()
        st.header(_("How far draws are from real faces"))
        show_distances(stage, family, (NORMAL, OWN), "distances")


def question(stage: Stage) -> Question:
    """What it asks."""
    model = stage.of_kind("vae")
    assert model is not None
    return _question(model)


def _cloud(stage: Stage, model: OpenModel, face: Encoded) -> None:
    assert face.logvar is not None
    kl = _kl(face.mu, face.logvar)
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="center")
    with left:
        figure = charts.strip(face.mu, face.sigma, _("Dimension"), _("mu, with sigma as a whisker"), 400)
        show_chart(figure)
    with right, st.container(key="lesson_pair"):
        rebuilt = decode(model, face.mu[None])[0]
        for picture, words in ((face.picture, _("In")), (rebuilt, _("Decoded mu"))):
            gallery.show(gallery.row([gallery.Figure(picture, words)], 190))
    most = int(np.argmax(kl))
    st.caption(
        _(
            "{description} Sigma is {least:.2f} to {greatest:.2f}; a cloud with mu 0 and sigma 1 would be the prior "
            "and say nothing. Dimension {most} says most about this face ({kl:.1f} nats)."
        ).format(
            description=face.description, least=face.sigma.min(), greatest=face.sigma.max(), most=most, kl=kl[most]
        )
    )


def _kl(mu: NDArray[np.float32], logvar: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each dimension [D] of a cloud costs, in nats."""
    return 0.5 * (np.square(mu) + np.exp(logvar) - 1 - logvar)


@st.fragment
def _draws(stage: Stage, model: OpenModel, face: Encoded) -> None:
    assert face.logvar is not None
    logvar = face.logvar + 2 * np.log(stage.slider_of("width", *WIDTHS))
    z = posterior_draws(face.mu[None], logvar[None], stage.seed_of("seed"), COUNTED)
    pictures = decode(model, z)
    spread = np.clip(pictures.astype(np.float32).std(0).mean(2) * GAIN, 0, 255).astype(np.uint8)
    figures = [
        gallery.Figure(picture, _("Draw {number}").format(number=i)) for i, picture in enumerate(pictures[:SHOWN], 1)
    ]
    figures.append(gallery.Figure(spread, _("Spread, {times} times as bright").format(times=GAIN)))
    gallery.show(gallery.row(figures, gallery.WIDE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage.slider("width", _("Width of the cloud, times sigma"), *WIDTHS, 0.1)
        stage.seed("seed", _("Draw again"))
    errors = np.square(pictures.astype(np.float32) / 255 - face.picture.astype(np.float32) / 255).sum((1, 2, 3))
    distortion = float(errors.mean()) / (2 * model.own_config.decoder_sigma**2)
    kl = float(_kl(face.mu, logvar).sum())
    first, second, third = st.columns(3)
    first.metric(_("Distortion"), _("{nats:,.0f} nats").format(nats=distortion))
    second.metric("KL", _("{nats:,.0f} nats").format(nats=kl))
    third.metric(
        _("Loss, beta {beta:.3g}").format(beta=model.own_config.beta),
        _("{nats:,.0f} nats").format(nats=distortion + model.own_config.beta * kl),
    )
    st.caption(
        _(
            "Averages over {count} draws for this face. Make the cloud wider: the draws get worse (distortion). Make "
            "it narrower: it costs more to say where it is (KL). The spread of each pixel shows what the model is "
            "unsure of."
        ).format(count=COUNTED)
    )
    stage.write(model)


def _prior(stage: Stage, model: OpenModel, face: Encoded) -> None:
    z = draw(model, "standard", SHOWN + 1, stage.seed_of("prior"), 1.0)
    pictures = decode(model, z)
    row = [gallery.Figure(picture, _("Draw {number}").format(number=i)) for i, picture in enumerate(pictures, 1)]
    gallery.show(gallery.row(row, gallery.WIDE))
    stage.seed("prior", _("Draw new faces"))
    assert model.posterior is not None
    kl = model.posterior.kl
    assert kl is not None
    unused = int((kl < UNUSED_NATS).sum())
    dead = (
        _("Dead here: {unused} of {count}.").format(unused=unused, count=len(kl))
        if unused
        else _("Dead here: none of {count}.").format(count=len(kl))
    )
    st.caption(
        _(
            "Nobody was encoded for these: they are decoded from N(0, I). Over all {count:,} faces the {title}'s KL "
            "is {kl:.0f} nats. A dimension in which every cloud is the prior itself says nothing and is called dead "
            "(under {least:g} nats). {dead}"
        ).format(count=len(model.atlas or ()), title=model.title, kl=kl.sum(), least=UNUSED_NATS, dead=dead)
    )
    _same_axes(stage, model, face, z, pictures)


def _same_axes(
    stage: Stage, model: OpenModel, face: Encoded, z: NDArray[np.float32], pictures: NDArray[np.uint8]
) -> None:
    """The same points decoded by the AE, where both networks started from the same PCA."""
    other = stage.of_kind("ae")
    if other is None or not (model.own_config.linear_path and other.own_config.linear_path):
        return
    if (other.config.latent_dim, other.config.image_size) != (model.config.latent_dim, model.config.image_size):
        return
    if not stage.toggle("ae", _("Decode the same points with the {other}").format(other=other.title)):
        return
    others = decode(other, z)
    row = [
        gallery.Figure(picture, _("Draw {number}, {other}").format(number=i, other=other.title))
        for i, picture in enumerate(others, 1)
    ]
    gallery.show(gallery.row(row, gallery.WIDE))
    agreement = float(np.corrcoef(pictures.ravel(), others.ravel())[0, 1])
    own, strange = (quality(face.picture, decode(some, face.mu[None])[0]) for some in (model, other))
    st.caption(
        _(
            "The two rows correlate at {agreement:.3f}, pixel by pixel. From the centre of the cloud above, the "
            "{title}'s decoder rebuilds the face at {own:.1f} dB PSNR, the {other}'s at {strange:.1f} dB. Networks "
            "that start from random numbers do not share their axes; these do, since both started from the same PCA "
            "(Tipping and Bishop 1999)."
        ).format(agreement=agreement, title=model.title, own=own, other=other.title, strange=strange)
    )


def _question(model: OpenModel) -> Question:
    def answer() -> tuple[int, str]:
        assert model.atlas is not None
        assert model.atlas.logvar is not None
        within = float(np.exp(model.atlas.logvar).mean())
        between = float(model.atlas.mu.astype(np.float32).var(0).mean())
        share = within / (within + between)
        right = 0 if share < 0.1 else 1 if share < 0.5 else 2
        return right, (
            _(
                "Over all {count:,} encoded faces, the width makes {share} of a draw's variance (mean sigma² "
                "{within:.2f}, variance of the centres {between:.2f})."
            ).format(count=len(model.atlas), share=percent(share), within=within, between=between)
        )

    return Question(
        _("How much of the variance of a draw comes from the cloud's width, and not from which face it is?"),
        [_("Under a tenth"), _("A tenth to a half"), _("More than half")],
        answer,
    )
