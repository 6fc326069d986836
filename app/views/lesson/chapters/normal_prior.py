"""Chapter: why a normal prior?"""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record
from app.drawing import gallery
from app.drawing.numbers import percent
from app.views.lesson import charts
from app.views.lesson.family import MISSING, betas, choose_beta, draws_of
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from app.views.lesson.worked_out import aggregate_draws
from latent.normality import chi_density, chi_share, kolmogorov_distances, normal_density, quantile_pairs
from latent.paths import WAYS, walk
from latent.samplers import standard_normal

TERMS = (
    "prior",
    "posterior",
    "aggregate posterior",
    "normal distribution",
    "entropy",
    "chi distribution",
    "norm",
    "QQ plot",
    "lerp and slerp",
    "KL (Kullback-Leibler divergence)",
    "variance",
    "standard deviation (sd)",
    "nat",
)
STEPS, CURVE = 7, 41
HEIGHT = 280  # of a chart, in CSS pixels
FAMILY = ".family"  # no checkpoint is called that
WAY_NAMES = {"straight": "lerp, a straight line", "spherical": "slerp, an arc"}


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("vae")
    assert model is not None
    opening(
        "“That's just the assumption of the model” is no answer. What N(0, I) buys:\n"
        "- **A formula for the KL**, so that half of the loss needs no draws.\n"
        "- **It assumes least.** Of all distributions with a given variance it has the greatest entropy: it says "
        "nothing besides centre and spread.\n"
        "- **No direction is special.** Turn it, and it is the same. (Yet single dimensions line up with something you "
        "can see: a posterior has one sigma for each axis and none for slanted directions, which breaks the symmetry. "
        "Rolínek et al. 2019, arXiv 1812.06775.)\n"
        "- **Sums of many small causes** come out nearly normal (central limit theorem).",
        r"\begin{aligned} &\mathrm{KL}\big(\mathcal N(\mu, \sigma^2)\,\|\,\mathcal N(0, 1)\big) \\ "
        r"&\quad = \tfrac12\left(\mu^2 + \sigma^2 - 1 - \ln \sigma^2\right) \end{aligned}",
        "What one number of the latent costs, in nats, with centre mu and width sigma: 0 only if mu = 0 and sigma = 1 "
        "(Kingma and Welling 2014, appendix B).",
        "models.losses:kl_nats",
    )
    stage.step()
    st.markdown(
        "What it costs: clouds of different faces are pushed over each other. And it remains a wish: all clouds "
        "**together**, the aggregate posterior, should look like the prior. Do they?"
    )
    predict(stage, _question(model))
    stage.step()
    if not stage.covered("The comparison of the draws with N(0, I)", "of", "beta", "dimension"):
        _fit(stage)
    stage.step()
    st.header("The norm along a way")
    _ways(stage, model)


def question(stage: Stage) -> Question:
    """What it asks."""
    model = stage.of_kind("vae")
    assert model is not None
    return _question(model)


@st.fragment
def _fit(stage: Stage) -> None:
    """One dimension, and the lengths, against what the prior says."""
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title, draws = _choose_draws(stage)
        distances = kolmogorov_distances(draws)
        worst = int(np.argmax(distances))
        dimension = int(stage.slider("dimension", "Dimension", 0, draws.shape[1] - 1, worst, 1))
    column, dimensions = draws[:, dimension], draws.shape[1]
    lengths = np.linalg.norm(draws, axis=1)
    left, middle, right = place.columns(3, gap="medium")
    with left:
        x = np.linspace(-4, 4, 161)
        curve = {"N(0, 1)": (x, normal_density(x))}
        charts.show(
            charts.densities({"Draws": column}, curve, f"Dimension {dimension}", HEIGHT), stage.key("histogram")
        )
        st.caption(
            f"Centre {column.mean():+.2f}, standard deviation {column.std():.2f}; the prior has 0 and 1. The greatest "
            f"gap between both distribution functions (Kolmogorov distance) is {distances[dimension]:.2f}; "
            f"{np.median(distances):.2f} in a typical dimension, {distances.max():.2f} in the worst, number {worst}."
        )
    with middle:
        points = {title: quantile_pairs(column)}
        charts.show(charts.pairs(points, "Quantiles of N(0, 1)", "Quantiles of the draws", HEIGHT), stage.key("qq"))
        st.caption("QQ plot: dots on the dotted line are spread as the prior is. Steeper means wider.")
    with right:
        r = np.linspace(0, float(max(lengths.max(), np.sqrt(dimensions) * 1.3)), 300)
        curve = {"chi": (r, chi_density(r, dimensions))}
        charts.show(charts.densities({"Draws": lengths}, curve, "Norm", HEIGHT), stage.key("norms"))
        st.caption(
            f"The prior's draws (chi distribution) have norms near √{dimensions} = {np.sqrt(dimensions):.1f}: a thin "
            f"shell far from 0. Here the median is {np.median(lengths):.1f}, and "
            f"{percent(_outside(lengths, dimensions))} lie outside of where 98 % of the prior's do."
        )
    st.caption(
        f"{title}, {len(draws):,} draws, one a face. Where draws and prior differ, samples from the prior meet points "
        "that the decoder seldom had in training: that is why they look worse than reconstructions."
    )
    if len(betas()) < 2:
        st.caption(MISSING)
    first = stage.of_kind("vae")
    assert first is not None
    stage.write(first)


def _outside(lengths: NDArray[np.floating], dimensions: int) -> float:
    """The share of norms that lie outside of where 98 of 100 draws from the prior do."""
    shorter = chi_share(lengths, dimensions)
    return float(((shorter < 0.01) | (shorter > 0.99)).mean())


def _choose_draws(stage: Stage) -> tuple[str, NDArray[np.float32]]:
    """Whose clouds to draw from: a model here, or one of the family of betas; its name, and the draws [M, D]."""
    names, family = {name: model.title for name, model in stage.models.items()}, betas()
    if len(family) > 1:
        names[FAMILY] = "Small models, by beta"
    first = stage.of_kind("vae")
    assert first is not None
    chosen = stage.choice("of", "Model", names, first.name)
    if chosen not in stage.models:
        record = choose_beta(stage, family)
        return _small(record), draws_of(record)
    return stage.models[chosen].title, aggregate_draws(stage.models[chosen])


def _small(record: Record) -> str:
    """What one of the family is called."""
    if record.config.kind == "vae":
        return f"Beta {record.own_config.beta:g}"
    return "The small AE" if record.own_config.linear_path else "The plain AE"


def _question(model: OpenModel) -> Question:
    def answer() -> tuple[int, str]:
        spread = aggregate_draws(model).std(0)
        typical = float(np.median(spread))
        right = 0 if typical < 0.9 else 2 if typical > 1.1 else 1
        return (
            right,
            f"Over {len(aggregate_draws(model)):,} draws the standard deviation of a typical dimension is "
            f"{typical:.2f}.",
        )

    return Question(
        f"The {model.title} was trained towards a standard deviation of 1. What do its draws have, in a typical "
        "dimension?",
        ["Clearly less than 1 (under 0.9)", "About 1", "Clearly more than 1 (over 1.1)"],
        answer,
    )


@st.fragment
def _ways(stage: Stage, model: OpenModel) -> None:
    """Straight and along an arc between two draws from the prior."""
    dimensions = model.config.latent_dim
    st.markdown(
        "Two independent draws of many dimensions stand nearly at right angles, so the straight line between them cuts "
        "through the empty inside of the shell. An arc stays in it (White 2016, arXiv 1609.04468)."
    )
    place = st.container()
    seed = stage.seed("ends", "Two other draws")
    ends = standard_normal(dimensions).sample(2, seed)
    origin = np.zeros(dimensions)
    norms = {way: np.linalg.norm(walk(list(ends), CURVE, way, origin), axis=1) for way in WAYS}
    cosine = float(ends[0] @ ends[1] / np.prod(np.linalg.norm(ends, axis=1)))
    with place:
        for way in WAYS:
            st.markdown(f"**{WAY_NAMES[way]}**")
            strip = np.concatenate(list(decode(model, walk(list(ends), STEPS, way, origin))), 1)
            gallery.show(gallery.row([gallery.Figure(strip, "", f"{STEPS} faces, {WAY_NAMES[way]}")], gallery.WIDE))
        shares = np.linspace(0, 1, CURVE)
        curves = {WAY_NAMES[way]: (shares, length) for way, length in norms.items()}
        charts.show(charts.lines(curves, "Along the way", "Norm", 220), stage.key("ways"))
    st.caption(
        f"These two stand at {np.degrees(np.arccos(cosine)):.0f} degrees. Half way the norm is "
        f"{norms['straight'][CURVE // 2]:.1f} on the line and {norms['spherical'][CURVE // 2]:.1f} on the arc."
    )
    stage.write(model)
