"""Chapter: why a normal prior?"""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record
from app.drawing import gallery
from app.drawing.chart import lines
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.texts import N_, _
from app.views.lesson import charts, presenter
from app.views.lesson.family import MISSING, betas, choose_beta, chosen_beta, draws_of
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
HEIGHT, SLIDE_HEIGHT = 280, 230  # of a chart, in CSS pixels; lower on a slide, so that the words below are large
FAMILY = ".family"  # no checkpoint is called that
WAY_NAMES = {"straight": N_("lerp, a straight line"), "spherical": N_("slerp, an arc")}


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("vae")
    assert model is not None
    opening(
        _(
            "“That's just the assumption of the model” is no answer. What N(0, I) buys:\n"
            "- **A formula for the KL**, so that half of the loss needs no draws.\n"
            "- **It assumes least.** Of all distributions with a given variance it has the greatest entropy: it says "
            "nothing besides centre and spread.\n"
            "- **No direction is special.** Turn it, and it is the same. (Yet single dimensions line up with "
            "something you can see: a posterior has one sigma for each axis and none for slanted directions, which "
            "breaks the symmetry. Rolínek et al. 2019, arXiv 1812.06775.)\n"
            "- **Sums of many small causes** come out nearly normal (central limit theorem)."
        ),
        r"\begin{aligned} &\mathrm{KL}\big(\mathcal N(\mu, \sigma^2)\,\|\,\mathcal N(0, 1)\big) \\ "
        r"&\quad = \tfrac12\left(\mu^2 + \sigma^2 - 1 - \ln \sigma^2\right) \end{aligned}",
        _(
            "What one number of the latent costs, in nats, with centre mu and width sigma: 0 only if mu = 0 and sigma "
            "= 1 (Kingma and Welling 2014, appendix B)."
        ),
        "models.losses:kl_nats",
    )
    stage.step()
    st.markdown(
        _(
            "What it costs: clouds of different faces are pushed over each other. And it remains a wish: all clouds "
            "**together**, the aggregate posterior, should look like the prior. Do they?"
        )
    )
    predict(stage, lambda: _question(model))
    stage.step()
    if not stage.covered(_("The comparison of the draws with N(0, I)"), "of", "beta", "dimension"):
        _fit(stage)
    stage.step()
    st.header(_("The norm along a way"))
    _ways(stage, model)


def question(stage: Stage) -> Question:
    """What it asks."""
    model = stage.of_kind("vae")
    assert model is not None
    return _question(model)


@st.fragment
def _fit(stage: Stage) -> None:
    """One dimension, and the lengths, against what the prior says."""
    title, draws = _draws(stage)
    distances, dimensions = kolmogorov_distances(draws), draws.shape[1]
    ends = 0, dimensions - 1, int(np.argmax(distances))
    dimension = int(stage.slider_of("dimension", *ends))
    column = draws[:, dimension]
    lengths = np.linalg.norm(draws, axis=1)
    height = SLIDE_HEIGHT if presenter.is_on() else HEIGHT
    left, middle, right = st.columns(3, gap="medium")
    with left:
        x = np.linspace(-4, 4, 161)
        curve = {"N(0, 1)": (x, normal_density(x))}
        show_chart(
            charts.densities(
                {_("Draws"): column}, curve, _("Dimension {dimension}").format(dimension=dimension), height
            )
        )
        st.caption(_spread_words(column, distances, dimension))
    with middle:
        points = {title: quantile_pairs(column)}
        show_chart(charts.pairs(points, _("Quantiles of N(0, 1)"), _("Quantiles of the draws"), height))
        st.caption(_("QQ plot: dots on the dotted line are spread as the prior is. Steeper means wider."))
    with right:
        r = np.linspace(0, float(max(lengths.max(), np.sqrt(dimensions) * 1.3)), 300)
        curve = {_("chi"): (r, chi_density(r, dimensions))}
        show_chart(charts.densities({_("Draws"): lengths}, curve, _("Norm"), height))
        st.caption(_norm_words(lengths, dimensions))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if stage.choice("of", _("Model"), *_whose(stage)) == FAMILY:
            choose_beta(stage, betas())
        stage.slider("dimension", _("Dimension"), *ends, 1)
    st.caption(
        _(
            "{title}, {count:,} draws, one a face. Where draws and prior differ, samples from the prior meet points "
            "that the decoder seldom had in training: that is why they look worse than reconstructions."
        ).format(title=title, count=len(draws))
    )
    if len(betas()) < 2:
        st.caption(_(MISSING))
    first = stage.of_kind("vae")
    assert first is not None
    stage.write(first)


def _spread_words(column: NDArray[np.floating], distances: NDArray[np.floating], dimension: int) -> str:
    return _(
        "Centre {centre:+.2f}, standard deviation {deviation:.2f}; the prior has 0 and 1. The greatest gap between "
        "both distribution functions (Kolmogorov distance) is {gap:.2f}; {typical:.2f} in a typical dimension, "
        "{greatest:.2f} in the worst, number {worst}."
    ).format(
        centre=column.mean(),
        deviation=column.std(),
        gap=distances[dimension],
        typical=np.median(distances),
        greatest=distances.max(),
        worst=int(np.argmax(distances)),
    )


def _norm_words(lengths: NDArray[np.floating], dimensions: int) -> str:
    return _(
        "The prior's draws (chi distribution) have norms near √{dimensions} = {root:.1f}: a thin shell far from 0. "
        "Here the median is {median:.1f}, and {outside} lie outside of where 98 % of the prior's do."
    ).format(
        dimensions=dimensions,
        root=np.sqrt(dimensions),
        median=np.median(lengths),
        outside=percent(_outside(lengths, dimensions)),
    )


def _outside(lengths: NDArray[np.floating], dimensions: int) -> float:
    """The share of norms that lie outside of where 98 of 100 draws from the prior do."""
    shorter = chi_share(lengths, dimensions)
    return float(((shorter < 0.01) | (shorter > 0.99)).mean())


def _whose(stage: Stage) -> tuple[dict[str, str], str]:
    """Whose clouds can be drawn from, {key: what people read}, and whose are at first."""
    names = {name: model.title for name, model in stage.models.items()}
    if len(betas()) > 1:
        names[FAMILY] = _("Small models, by beta")
    first = stage.of_kind("vae")
    assert first is not None
    return names, first.name


def _draws(stage: Stage) -> tuple[str, NDArray[np.float32]]:
    """The name of the one that was chosen, and draws from its clouds [M, D]."""
    chosen = stage.choice_of("of", *_whose(stage))
    if chosen == FAMILY:
        record = chosen_beta(stage, betas())
        return _small(record), draws_of(record)
    return stage.models[chosen].title, aggregate_draws(stage.models[chosen])


def _small(record: Record) -> str:
    """What one of the family is called."""
    if record.config.kind == "vae":
        return _("Beta {beta:g}").format(beta=record.own_config.beta)
    return _("The small AE") if record.own_config.linear_path else _("The plain AE")


def _question(model: OpenModel) -> Question:
    def answer() -> tuple[int, str]:
        spread = aggregate_draws(model).std(0)
        typical = float(np.median(spread))
        right = 0 if typical < 0.9 else 2 if typical > 1.1 else 1
        return (
            right,
            _("Over {count:,} draws the standard deviation of a typical dimension is {typical:.2f}.").format(
                count=len(aggregate_draws(model)), typical=typical
            ),
        )

    return Question(
        _(
            "The {title} was trained towards a standard deviation of 1. What do its draws have, in a typical dimension?"
        ).format(title=model.title),
        [_("Clearly less than 1 (under 0.9)"), _("About 1"), _("Clearly more than 1 (over 1.1)")],
        answer,
    )


@st.fragment
def _ways(stage: Stage, model: OpenModel) -> None:
    """Straight and along an arc between two draws from the prior."""
    dimensions = model.config.latent_dim
    st.markdown(
        _(
            "Two independent draws of many dimensions stand nearly at right angles, so the straight line between them "
            "cuts through the empty inside of the shell. An arc stays in it (White 2016, arXiv 1609.04468)."
        )
    )
    seed = stage.seed_of("ends")
    ends = standard_normal(dimensions).sample(2, seed)
    origin = np.zeros(dimensions)
    norms = {way: np.linalg.norm(walk(list(ends), CURVE, way, origin), axis=1) for way in WAYS}
    cosine = float(ends[0] @ ends[1] / np.prod(np.linalg.norm(ends, axis=1)))
    with stage.figure("ways"):
        for way in WAYS:
            st.markdown(f"**{_(WAY_NAMES[way])}**")
            strip = np.concatenate(list(decode(model, walk(list(ends), STEPS, way, origin))), 1)
            gallery.show(
                gallery.row(
                    [gallery.Figure(strip, "", _("{steps} faces, {way}").format(steps=STEPS, way=_(WAY_NAMES[way])))],
                    gallery.WIDE,
                )
            )
        shares = np.linspace(0, 1, CURVE)
        curves = {_(WAY_NAMES[way]): (shares, length) for way, length in norms.items()}
        show_chart(lines(curves, _("Along the way"), _("Norm"), 220))
    stage.seed("ends", _("Two other draws"))
    st.caption(
        _(
            "These two stand at {degrees:.0f} degrees. Half way the norm is {straight:.1f} on the line and "
            "{spherical:.1f} on the arc."
        ).format(
            degrees=np.degrees(np.arccos(cosine)),
            straight=norms["straight"][CURVE // 2],
            spherical=norms["spherical"][CURVE // 2],
        )
    )
    stage.write(model)
