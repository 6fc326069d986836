"""Chapter: the reparametrisation trick."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.chart_html import show_chart
from app.texts import _, numeral
from app.views.lesson import charts
from app.views.lesson.inputs import Encoded, choose_input, given
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from latent.gradients import Estimates, parabola_gradients

TERMS = (
    "variational autoencoder (VAE)",
    "mu and sigma",
    "epsilon (eps)",
    "gradient",
    "autograd",
    "loss",
    "variance",
    "nat",
    "beta",
    "KL (Kullback-Leibler divergence)",
    "posterior",
)
FACE_DRAWS = 24
SHIFTS, FACTORS = (-3.0, 3.0, 0.0), (0.1, 4.0, 1.0)  # of mu, of sigma: from, to, and at first
COUNTS = ("100", "1000", "10000")
# Controls of the one-dimensional example; its sliders from, to, and at first.
TOY_SLIDERS = {"toy_mu": (-3.0, 3.0, 1.0), "toy_sigma": (0.1, 3.0, 1.0), "toy_c": (-3.0, 3.0, 0.0)}
TOY = (*TOY_SLIDERS, "toy_n", "toy_seed")

STYLE = """<style>
.fs-graph { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: stretch; margin-bottom: 0.5rem; }
.fs-graph div { border: 1px solid rgba(128, 128, 128, 0.4); border-radius: 0.5rem; padding: 0.45rem 0.7rem;
  font-variant-numeric: tabular-nums; min-width: 6.25rem; flex: 1 1 6.25rem; }
.fs-graph small { display: block; font-size: 0.8rem; }
.fs-graph b { font-size: 1.4rem; }
.fs-graph .noise { border-style: dashed; }
.fs-graph u { text-decoration: none; color: color-mix(in srgb, #d9702b 70%, currentColor); }
.fs-graph span { align-self: center; opacity: 0.6; }
</style>"""


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("vae")
    assert model is not None
    opening(
        _(
            "A VAE's encoder gives a centre mu and a width sigma, and a **draw** from there goes on to the decoder. "
            "Training needs to know how the loss changes with mu and sigma. But how does one differentiate through a "
            "throw of dice? Write the draw so that the dice stand apart (Kingma and Welling 2014, arXiv 1312.6114; "
            "Rezende et al. 2014, arXiv 1401.4082)."
        ),
        r"\begin{gathered} z = \mu + \sigma \cdot \varepsilon, \quad \varepsilon \sim \mathcal N(0, 1) \\ "
        r"\frac{\partial z}{\partial \mu} = 1, \quad \frac{\partial z}{\partial \sigma} = \varepsilon \end{gathered}",
        _(
            "For each number: mu and sigma come from the encoder, epsilon from the dice, and z goes into the decoder. "
            "The dice do not depend on the network: for one throw they are a plain number, and the gradient passes by "
            "them."
        ),
        "models.networks:reparameterize",
    )
    stage.step()
    face = given(stage, model)
    choose_input(stage, model)
    _graph(stage, model, face)
    stage.step()
    st.header(_("The other way: the score function"))
    opening(
        _(
            "One can also leave the draw as it is, and weigh each draw by how good it was (Williams 1992). That needs "
            "no gradient of the decoder, only its loss, and is right on average, too. But how far do single draws "
            "stray?"
        ),
        r"\begin{aligned} \nabla_\mu \, \mathbb E[f(z)] &= \mathbb E\big[f'(z)\big] \\ "
        r"&= \mathbb E\Big[f(z)\,\frac{z-\mu}{\sigma^2}\Big] \end{aligned}",
        _(
            "First line: through the draw; second line: the score function. f is the loss of a draw z, f' its slope, "
            "E the average over draws from the normal distribution with centre mu and standard deviation sigma, and "
            "the nabla how that average changes with mu."
        ),
    )
    stage.step()
    predict(stage, lambda: question(stage))
    stage.step()
    if not stage.covered(_("The estimators at work"), *TOY):
        _one_dimension(stage)
    _on_the_face(stage, model, face)


def question(stage: Stage) -> Question:
    """What it asks."""
    return Question(
        _("f(z) = z², sigma = 1, mu = 1. Which estimator's single draws vary more?"),
        [_("Through the draw"), _("Both alike"), _("The score function")],
        _answer,
    )


@st.fragment
def _graph(stage: Stage, model: OpenModel, face: Encoded) -> None:
    """Live numbers of one dimension, with the gradients that autograd finds."""
    assert face.logvar is not None
    widest = int(np.argmax(np.square(face.mu)))
    st.markdown(_("Drag sigma: epsilon stays, and z moves in a straight line. Redraw epsilon: mu and sigma stay."))
    dimensions = 0, model.config.latent_dim - 1, widest
    d = int(stage.slider_of("dimension", *dimensions))
    mu, sigma = face.mu.copy(), face.sigma.copy()
    mu[d] += stage.slider_of("mu", *SHIFTS)
    sigma[d] *= stage.slider_of("sigma", *FACTORS)
    eps = np.random.default_rng(stage.seed_of("eps")).standard_normal(len(mu)).astype(np.float32)
    found = _gradients(model, face, mu, sigma, eps)
    z = mu + sigma * eps
    numbers = [mu[d], sigma[d], eps[d], z[d], found["distortion"]]
    gradients = [found["mu"][d], found["sigma"][d], found["z"][d]]
    with stage.figure("graph"):
        gallery.show(_drawing(numbers, gradients, [face.picture, *decode(model, np.stack([mu, z]))]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage.slider("dimension", _("Dimension"), *dimensions, 1)
        stage.seed("eps", _("Redraw epsilon"))
    with st.container(horizontal=True):
        stage.slider("mu", _("Move mu by"), *SHIFTS, 0.05)
        stage.slider("sigma", _("Multiply sigma by"), *FACTORS, 0.05)
    kl_mu, kl_sigma = model.own_config.beta * mu[d], model.own_config.beta * (sigma[d] - 1 / sigma[d])
    st.caption(
        _(
            "{description} Dimension {d}; every other one has a throw of its own. Gradients are autograd's, in nats "
            "for a step of 1. Check by hand: mu's is z's, {z:+.2f}, plus the KL term's, {kl_mu:+.2f}; sigma's is z's "
            "times epsilon, {product:+.2f}, plus the KL term's, {kl_sigma:+.2f}."
        ).format(
            description=face.description,
            d=d,
            z=gradients[2],
            kl_mu=kl_mu,
            product=gradients[2] * eps[d],
            kl_sigma=kl_sigma,
        )
    )
    slopes = (*gradients[:2], "", gradients[2], "")
    shown = zip(("mu", "sigma", "epsilon", "z", "distortion"), numbers, slopes, strict=True)
    rows = [{"name": name, "value": number, "gradient": slope} for name, number, slope in shown]
    charts.save(rows, stage.key("save_graph"), "one-dimension")
    stage.write(model)


def _gradients(model: OpenModel, face: Encoded, *draw: NDArray[np.float32]) -> dict[str, Any]:
    """What `FaceGradients` holds, for a draw's mu, sigma and eps."""

    def work_out() -> dict[str, Any]:
        from models.gradients import face_gradients  # late: torch takes two seconds to import
        from models.images import to_tensor

        return vars(face_gradients(model.own_network, to_tensor(face.picture[None]), *draw))

    return beforehand(model.files, "gradients", (face.picture.tobytes(), *(part.tobytes() for part in draw)), work_out)


def _drawing(numbers: Sequence[float], gradients: Sequence[float], pictures: Sequence[NDArray[np.uint8]]) -> str:
    """The graph of one dimension, and below it what goes in and what is decoded.

    Args:
        numbers: mu, sigma, epsilon, z and the distortion.
        gradients: of mu, sigma and z.
        pictures: what goes in, and what is decoded from mu and from z.
    """
    gradient = _("gradient {value:+.2f}")
    mu, sigma, z = [gradient.format(value=found) for found in gradients]
    nodes = [
        (_("mu"), mu, "known"),
        (_("sigma"), sigma, "known"),
        (_("epsilon (dice)"), _("no gradient needed"), "noise"),
        ("z", z, "known"),
        (_("decoder: distortion"), _("nats"), ""),
    ]
    said = [numeral(number, ".2f") for number in numbers]
    first, *others = (_node(name, number, note, kind) for (name, note, kind), number in zip(nodes, said, strict=True))
    signed = "".join(f"<span>{sign}</span>{node}" for sign, node in zip("+×=›", others, strict=True))
    names = (_("In"), _("Decoded from mu"), _("Decoded from z"))
    figures = [gallery.Figure(picture, name) for picture, name in zip(pictures, names, strict=True)]
    return f'{STYLE}<div class="fs-graph">{first}{signed}</div>{gallery.row(figures, gallery.WIDE)}'


def _node(name: str, number: str, note: str, kind: str) -> str:
    mark = f"<u>{html.escape(note)}</u>" if kind == "known" else html.escape(note)
    return f'<div class="{kind}"><small>{html.escape(name)}</small><b>{number}</b><small>{mark}</small></div>'


@st.fragment
def _one_dimension(stage: Stage) -> None:
    """Both estimators on a parabola, whose gradient is known."""
    st.markdown(_("A loss of one number: f(z) = (z − c)², so the true gradient is 2 (mu − c)."))
    mu, sigma, target = (stage.slider_of(name, *ends) for name, ends in TOY_SLIDERS.items())
    draws = int(stage.choice_of("toy_n", COUNTS, "1000"))
    found = parabola_gradients(mu, sigma, target, draws, stage.seed_of("toy_seed"))
    truth = 2 * (mu - target)
    with stage.figure("toy"):
        values = {_("Through the draw"): _clipped(found.pathwise), _("Score function"): _clipped(found.score)}
        show_chart(charts.densities(values, {}, _("Gradient that one draw says"), 300))
        charts.table(
            [_line(_("Through the draw"), found.pathwise, truth), _line(_("Score function"), found.score, truth)],
            stage.key("toy_table"),
            "gradients",
        )
    with st.container(horizontal=True):
        labels = (_("mu"), _("sigma"), _("c, where the loss is lowest"))
        for label, (name, ends) in zip(labels, TOY_SLIDERS.items(), strict=True):
            stage.slider(name, label, *ends, 0.1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage.choice("toy_n", _("Draws"), {count: numeral(int(count), ",") for count in COUNTS}, "1000")
        stage.seed("toy_seed", _("Draw again"))
    st.caption(
        _(
            "Measured on these {draws:,} draws: the score function's variance is {variance_ratio:,.1f} times the "
            "other's, so it needs that many times the draws for an average as good."
        ).format(draws=draws, variance_ratio=found.variance_ratio)
    )


def _line(name: str, values: NDArray[np.float64], truth: float | None) -> dict[str, str]:
    line = {_("Estimator"): name, _("Average"): numeral(values.mean(), "+.2f")}
    if truth is not None:
        line[_("True gradient")] = numeral(truth, "+.2f")
    return line | {_("Variance of one draw"): numeral(values.var(), ",.4g")}


def _clipped(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.percentile(values, [0.5, 99.5])
    return np.clip(values, low, high)


def _answer() -> tuple[int, str]:
    found: Estimates = parabola_gradients(1.0, 1.0, 0.0, 20_000, 0)
    ratio = found.variance_ratio
    right = 2 if ratio > 1.1 else 0 if ratio < 0.9 else 1
    return right, (
        _(
            "On 20,000 draws the variances are {pathwise:.2f} through the draw and {score:.2f} by the score function. "
            "Below, move c away from mu: the mere size of the loss makes it worse."
        ).format(pathwise=found.pathwise.var(), score=found.score.var())
    )


@st.fragment
def _on_the_face(stage: Stage, model: OpenModel, face: Encoded) -> None:
    """Both estimators on a real face, on demand: it takes as many passes through the decoder as draws."""
    st.header(_("Both on this face"))
    both = stage.toggle(
        "both", _("Estimate mu's gradient from {count} draws through the decoder").format(count=FACE_DRAWS)
    )
    stage.write(model)
    if not both:
        return
    from models.gradients import drawn_gradients
    from models.images import to_tensor

    dimension = int(st.session_state.get(stage.key("dimension"), 0))
    eps = np.random.default_rng(1).standard_normal((FACE_DRAWS, len(face.mu))).astype(np.float32)
    with st.spinner(_("Decoding the draws …")):
        found = drawn_gradients(model.own_network, to_tensor(face.picture[None]), face.mu, face.sigma, eps, dimension)
    charts.table(
        [_line(_("Through the draw"), found.pathwise, None), _line(_("Score function"), found.score, None)],
        stage.key("face_table"),
        "face-gradients",
    )
    ratio = found.score.var() / max(found.pathwise.var(), 1e-300)
    st.caption(
        _(
            "The distortion's gradient with respect to mu in dimension {dimension}, from the same {count} draws. The "
            "score function's variance is {ratio:,.0f} times as large. That is why VAEs are trained through the draw."
        ).format(dimension=dimension, count=FACE_DRAWS, ratio=ratio)
    )
