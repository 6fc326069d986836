"""Chapter: the reparametrisation trick."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.views.lesson import charts
from app.views.lesson.inputs import Encoded, choose_input
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
TOY = ("toy_mu", "toy_sigma", "toy_c", "toy_n", "toy_seed")  # controls of the one-dimensional example

STYLE = """<style>
.fs-graph { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: stretch; margin-bottom: 0.5rem; }
.fs-graph div { border: 1px solid rgba(128, 128, 128, 0.4); border-radius: 0.5rem; padding: 0.45rem 0.7rem;
  font-variant-numeric: tabular-nums; min-width: 7.5rem; flex: 1 1 7.5rem; }
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
        "A VAE's encoder gives a centre mu and a width sigma, and a **draw** from there goes on to the decoder. "
        "Training needs to know how the loss changes with mu and sigma. But how does one differentiate through a throw "
        "of dice? Write the draw so that the dice stand apart (Kingma and Welling 2014, arXiv 1312.6114; Rezende et "
        "al. 2014, arXiv 1401.4082).",
        r"\begin{gathered} z = \mu + \sigma \cdot \varepsilon, \quad \varepsilon \sim \mathcal N(0, 1) \\ "
        r"\frac{\partial z}{\partial \mu} = 1, \quad \frac{\partial z}{\partial \sigma} = \varepsilon \end{gathered}",
        "For each number: mu and sigma come from the encoder, epsilon from the dice, and z goes into the decoder. The "
        "dice do not depend on the network: for one throw they are a plain number, and the gradient passes by them.",
        "models.networks:reparameterize",
    )
    stage.step()
    face = choose_input(stage, model)
    _graph(stage, model, face)
    stage.step()
    st.header("The other way: the score function")
    opening(
        "One can also leave the draw as it is, and weigh each draw by how good it was (Williams 1992). That needs no "
        "gradient of the decoder, only its loss, and is right on average, too. But how far do single draws stray?",
        r"\begin{aligned} \nabla_\mu \, \mathbb E[f(z)] &= \mathbb E\big[f'(z)\big] \\ "
        r"&= \mathbb E\Big[f(z)\,\frac{z-\mu}{\sigma^2}\Big] \end{aligned}",
        "First line: through the draw; second line: the score function. f is the loss of a draw z, f' its slope, E the "
        "average over draws from the normal distribution with centre mu and standard deviation sigma, and the nabla "
        "how that average changes with mu.",
    )
    stage.step()
    predict(stage, question(stage))
    stage.step()
    if not stage.covered("The estimators at work", *TOY):
        _one_dimension(stage)
    stage.step()
    _on_the_face(stage, model, face)


def question(stage: Stage) -> Question:
    """What it asks."""
    return Question(
        "f(z) = z², sigma = 1, mu = 1. Which estimator's single draws vary more?",
        ["Through the draw", "Both alike", "The score function"],
        _answer,
    )


@st.fragment
def _graph(stage: Stage, model: OpenModel, face: Encoded) -> None:
    """Live numbers of one dimension, with the gradients that autograd finds."""
    from models.gradients import face_gradients  # late: torch takes two seconds to import
    from models.images import to_tensor

    assert face.logvar is not None
    widest = int(np.argmax(np.square(face.mu)))
    st.markdown("Drag sigma: epsilon stays, and z moves in a straight line. Redraw epsilon: mu and sigma stay.")
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = int(stage.slider("dimension", "Dimension", 0, model.config.latent_dim - 1, widest, 1))
        seed = stage.seed("eps", "Redraw epsilon")
    with st.container(horizontal=True):
        shift = stage.slider("mu", "Move mu by", -3.0, 3.0, 0.0, 0.05)
        factor = stage.slider("sigma", "Multiply sigma by", 0.1, 4.0, 1.0, 0.05)
    mu, sigma = face.mu.copy(), face.sigma.copy()
    mu[dimension] += shift
    sigma[dimension] *= factor
    eps = np.random.default_rng(seed).standard_normal(len(mu)).astype(np.float32)
    found = face_gradients(model.own_network, to_tensor(face.picture[None]), mu, sigma, eps)
    z = mu + sigma * eps
    d = dimension
    nodes = [
        _node("mu", mu[d], f"gradient {found.mu[d]:+.2f}"),
        "<span>+</span>",
        _node("sigma", sigma[d], f"gradient {found.sigma[d]:+.2f}"),
        "<span>×</span>",
        _node("epsilon (dice)", eps[d], "no gradient needed", "noise"),
        "<span>=</span>",
        _node("z", z[d], f"gradient {found.z[d]:+.2f}"),
        "<span>›</span>",
        _node("decoder: distortion", found.distortion, "nats"),
    ]
    pictures = decode(model, np.stack([mu, z]))
    figures = [gallery.Figure(face.picture, "In"), gallery.Figure(pictures[0], "Decoded from mu")]
    with place:
        gallery.show(f'{STYLE}<div class="fs-graph">{"".join(nodes)}</div>')
        gallery.show(gallery.row([*figures, gallery.Figure(pictures[1], "Decoded from z")], 300))
    kl_mu, kl_sigma = model.own_config.beta * mu[d], model.own_config.beta * (sigma[d] - 1 / sigma[d])
    st.caption(
        f"{face.description} Dimension {d}; every other one has a throw of its own. Gradients are autograd's, in nats "
        "for a step of 1. "
        f"Check by hand: mu's is z's, {found.z[d]:+.2f}, plus the KL term's, {kl_mu:+.2f}; sigma's is z's times "
        f"epsilon, {found.z[d] * eps[d]:+.2f}, plus the KL term's, {kl_sigma:+.2f}."
    )
    stage.write(model)


def _node(name: str, value: float, note: str, kind: str = "") -> str:
    mark = f"<u>{html.escape(note)}</u>" if note.startswith("gradient") else html.escape(note)
    return f'<div class="{kind}"><small>{html.escape(name)}</small><b>{value:.2f}</b><small>{mark}</small></div>'


@st.fragment
def _one_dimension(stage: Stage) -> None:
    """Both estimators on a parabola, whose gradient is known."""
    st.markdown("A loss of one number: f(z) = (z \N{MINUS SIGN} c)², so the true gradient is 2 (mu \N{MINUS SIGN} c).")
    place = st.container()
    with st.container(horizontal=True):
        mu = stage.slider("toy_mu", "mu", -3.0, 3.0, 1.0, 0.1)
        sigma = stage.slider("toy_sigma", "sigma", 0.1, 3.0, 1.0, 0.1)
        target = stage.slider("toy_c", "c, where the loss is lowest", -3.0, 3.0, 0.0, 0.1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draws = int(stage.choice("toy_n", "Draws", {"100": "100", "1000": "1,000", "10000": "10,000"}, "1000"))
        seed = stage.seed("toy_seed", "Draw again")
    found = parabola_gradients(mu, sigma, target, draws, seed)
    truth = 2 * (mu - target)
    with place:
        values = {"Through the draw": _clipped(found.pathwise), "Score function": _clipped(found.score)}
        charts.show(charts.densities(values, {}, "Gradient that one draw says", 300), stage.key("toy"))
        st.table(
            [_line("Through the draw", found.pathwise, truth), _line("Score function", found.score, truth)],
            hide_index=True,
        )
    st.caption(
        f"Measured on these {draws:,} draws: the score function's variance is {found.variance_ratio:,.1f} times "
        "the other's, so it needs that many times the draws for an average as good."
    )


def _line(name: str, values: NDArray[np.float64], truth: float | None) -> dict[str, str]:
    line = {"Estimator": name, "Average": f"{values.mean():+.2f}"}
    if truth is not None:
        line["True gradient"] = f"{truth:+.2f}"
    return line | {"Variance of one draw": f"{values.var():,.4g}"}


def _clipped(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.percentile(values, [0.5, 99.5])
    return np.clip(values, low, high)


def _answer() -> tuple[int, str]:
    found: Estimates = parabola_gradients(1.0, 1.0, 0.0, 20_000, 0)
    ratio = found.variance_ratio
    right = 2 if ratio > 1.1 else 0 if ratio < 0.9 else 1
    return right, (
        f"On 20,000 draws the variances are {found.pathwise.var():.2f} through the draw and {found.score.var():.2f} by "
        "the score function. Below, move c away from mu: the mere size of the loss makes it worse."
    )


@st.fragment
def _on_the_face(stage: Stage, model: OpenModel, face: Encoded) -> None:
    """Both estimators on a real face, on demand: it takes as many passes through the decoder as draws."""
    st.header("Both on this face")
    both = stage.toggle("both", f"Estimate mu's gradient from {FACE_DRAWS} draws through the decoder")
    stage.write(model)
    if not both:
        return
    from models.gradients import drawn_gradients
    from models.images import to_tensor

    dimension = int(st.session_state.get(stage.key("dimension"), 0))
    eps = np.random.default_rng(1).standard_normal((FACE_DRAWS, len(face.mu))).astype(np.float32)
    with st.spinner("Decoding the draws …"):
        found = drawn_gradients(model.own_network, to_tensor(face.picture[None]), face.mu, face.sigma, eps, dimension)
    st.table(
        [_line("Through the draw", found.pathwise, None), _line("Score function", found.score, None)],
        hide_index=True,
    )
    ratio = found.score.var() / max(found.pathwise.var(), 1e-300)
    st.caption(
        f"The distortion's gradient with respect to mu in dimension {dimension}, from the same {FACE_DRAWS} draws. The "
        f"score function's variance is {ratio:,.0f} times as large. That is why VAEs are trained through the draw."
    )
