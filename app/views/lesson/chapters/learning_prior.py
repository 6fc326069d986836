"""Chapter: learning the prior."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS, draw, measured_as, mixture_waits
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.texts import _
from app.views.lesson import charts
from app.views.lesson.distances import LEARNED, NORMAL, OWN, measured_distances, show_distances
from app.views.lesson.family import betas
from app.views.lesson.live.flow import live_flow
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from latent.critic import Critic, learn_critic
from latent.probes import parts
from latent.samplers import posterior_draws, standard_normal

TERMS = (
    "aggregate posterior",
    "AUC",
    "critic",
    "decoder",
    "Fréchet distance",
    "held-out faces",
    "learned prior",
    "normal distribution",
    "posterior",
    "prior",
    "rejection",
    "sampler",
)
SHOWN, TRIED = 20_000, 2_000  # points of N(0, I) that a critic learns from, and that it is tried on
STEPS = 800
SEEN, UNSEEN = 3_000, 1_000  # draws of a sampler, the same
BETTER = ("standard", "gaussian", "mixture")


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a critic makes of a model's codes and N(0, I).

    Attributes:
        auc: how often it finds the face among an unseen code and an unseen draw.
        codes, draws: float32, its log odds for unseen codes and draws.
    """

    auc: float
    codes: NDArray[np.float32]
    draws: NDArray[np.float32]

    def kept(self) -> float:
        """The share of draws that rejection keeps: each with its density ratio over the greatest one that was seen.

        Source: Azadi et al. 2019, "Discriminator rejection sampling", section 3.
        """
        return float(np.exp(self.draws.astype(np.float64) - float(self.draws.max())).mean())


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("vae")
    assert model is not None
    opening(
        _(
            "The loss of a VAE asks each cloud to be near N(0, I), and pays for rebuilding faces. So all clouds "
            "together, the aggregate posterior q(z), need not be N(0, I). How wrong is the assumption? Let a second "
            "network, a **critic**, try to tell the two apart: what it cannot find out is no difference that matters."
        ),
        r"\log\frac{q(z)}{p(z)} \approx c(z)",
        _(
            "q(z) is where codes lie, p(z) is N(0, I), c the critic's answer in log odds: above 0 it takes the point "
            "for a code. A perfect critic would know by how much denser codes lie there than draws (Goodfellow et al. "
            "2014)."
        ),
        "latent.critic:critic_loss",
    )
    stage.step()
    predict(stage, lambda: _question(model))
    stage.step()
    if not stage.covered(_("How often the critic is right, and what other priors do,")):
        _verdict(stage, model)
        stage.step()
        _ladder(stage, model)
    else:
        stage.step()
    stage.step()
    st.header(_("Watch a prior being learned"))
    st.markdown(
        _(
            "A **flow** is a network that says for each point which way to go, and how fast. It learns from pairs: a "
            "random point of N(0, I) and the code of a random face, and the straight way between them. Whoever starts "
            "from noise and follows it arrives among faces. Here a tiny one learns from its first step on."
        )
    )
    live_flow(stage)
    stage.step()
    st.header(_("So that is how they do it"))
    st.markdown(
        _(
            "Today's image generators are exactly this: **an autoencoder with a learned prior on its codes**. The "
            "autoencoder makes pictures small enough to work with; a second network, trained afterwards, learns to "
            "draw codes by removing noise step by step, and is told by a text what to draw (Rombach et al. 2022, "
            "arXiv 2112.10752). *Generate* has the same in small, *Learned prior*, told by attributes instead of a "
            "text: ask it for a smile."
        )
    )
    _measured(model)
    _over_beta(stage)


def question(stage: Stage) -> Question:
    """What it asks."""
    model = stage.of_kind("vae")
    assert model is not None
    return _question(model)


def _question(model: OpenModel) -> Question:
    def answer() -> tuple[int, str]:
        verdict = judged(model)
        right = 0 if verdict.auc < 0.6 else 2 if verdict.auc > 0.9 else 1
        return right, (
            _(
                "In {auc} of such pairs (its AUC), after {steps} steps of training. One that learns longer finds "
                "still more."
            ).format(auc=percent(verdict.auc, 1), steps=STEPS)
        )

    return Question(
        _(
            "A critic gets two points: a code that the {title} gave to a held-out face, and a draw from N(0, I). How "
            "often does it find out which one is the face's?"
        ).format(title=model.title),
        [
            _("About every second time: it can only guess"),
            _("In 60 to 90 of 100 pairs"),
            _("In more than 90 of 100 pairs"),
        ],
        answer,
    )


def judged(model: OpenModel) -> Verdict:
    """A critic's verdict on a model's codes and N(0, I), worked out once for each model that has an atlas."""
    with st.spinner(_("Training a critic, once for each model …")):
        return _judged(model.identity, model)


@st.cache_resource(show_spinner=False, max_entries=8)
def _judged(identity: str, _model: OpenModel) -> Verdict:
    def work_out() -> dict[str, Any]:
        normal = standard_normal(_model.config.latent_dim)
        learnt, tried = normal.sample(SHOWN, 1), normal.sample(TRIED, 2)
        critic, held = _critic(_model, learnt, STEPS)
        return vars(Verdict(critic.auc(held, tried), critic.log_odds(held), critic.log_odds(tried)))

    return Verdict(**beforehand(_model.files, "critic", (), work_out))


def judged_priors(model: OpenModel) -> dict[str, float]:
    """For each prior that can be had at once how often a critic of its own is right, worked out once for each model."""
    at_once = tuple(name for name in BETTER if name != "mixture" or not mixture_waits(model))
    with st.spinner(_("Training a critic for each prior, once for each model …")):
        return _aucs(model.identity, at_once, model)


@st.cache_data(show_spinner=False, max_entries=8)
def _aucs(identity: str, samplers: tuple[str, ...], _model: OpenModel) -> dict[str, float]:
    """For each sampler how often a critic of its own tells its draws from held-out codes."""

    def work_out() -> dict[str, float]:
        found = {}
        for sampler in samplers:
            drawn = draw(_model, sampler, SEEN + UNSEEN, 0, 1.0)
            critic, held = _critic(_model, drawn[:SEEN], STEPS)
            found[sampler] = critic.auc(held, drawn[SEEN:])
        return found

    found = beforehand(_model.files, "critics", samplers, work_out)
    return {sampler: float(found[sampler]) for sampler in samplers}


def _critic(model: OpenModel, others: NDArray[np.float32], steps: int) -> tuple[Critic, NDArray[np.float32]]:
    """A critic of a model's codes and other points, and codes that it has not seen."""
    atlas = model.atlas
    assert atlas is not None
    codes = posterior_draws(atlas.mu, atlas.logvar, seed=0)
    shown, held = parts(atlas.partition)
    return learn_critic(codes[shown], others, steps), codes[held]


def _verdict(stage: Stage, model: OpenModel) -> None:
    """How sure the critic is of codes and of draws, and what rejection would leave of the draws."""
    verdict = judged(model)
    odds = {_("Codes of held-out faces"): verdict.codes, _("Draws from N(0, I)"): verdict.draws}
    show_chart(charts.densities(odds, {}, _("The critic's log odds for a code"), 260))
    kept = verdict.kept()
    st.markdown(
        _(
            "It is right in **{auc}** of pairs. That can be put to use: draw from N(0, I), and keep a draw the "
            "likelier the more it looks like a code to the critic (**rejection**). The prior gets better without "
            "training anything else, but it is a waste: {kept} of {count:,} draws would be kept, one in {one_in:,.0f}."
        ).format(auc=percent(verdict.auc, 1), kept=percent(kept, 2), count=len(verdict.draws), one_in=1 / kept)
    )


def _ladder(stage: Stage, model: OpenModel) -> None:
    """Priors that were fitted afterwards, by their critics."""
    st.header(_("Fit a better one"))
    st.markdown(
        _(
            "Draws need not come from N(0, I). Encode all faces, and fit what lies there: one Gaussian, ten of them, "
            "or, in the next step, a network. For each, a fresh critic tries to tell its draws from codes of held-out "
            "faces."
        )
    )
    charts.table(
        [
            {
                _("Drawn from"): _(OFFERS[name].name),
                _("The critic is right in"): _("{share:.1f} % of pairs").format(share=100 * auc),
            }
            for name, auc in judged_priors(model).items()
        ],
        stage.key("critics_table"),
        "critics",
    )
    st.caption(
        _(
            "{seen:,} draws each to learn from and {unseen:,} others to be tried on, {steps} steps; 50 % is guessing, "
            "and less is better. Fewer draws than in the comparison above, so the first figure may differ from it."
        ).format(seen=SEEN, unseen=UNSEEN, steps=STEPS)
    )


def _measured(model: OpenModel) -> None:
    """How far the shipped learned prior came, where evaluate.py measured it."""
    with contextlib.suppress(KeyError, TypeError, ValueError):
        found = measured(model.files)["generation"]["samplers"]
        before, ten, learned = (
            float(found[measured_as(model, name)]["frechet"]) for name in ("gaussian", "mixture", "learned")
        )
        st.markdown(
            _(
                "With a larger flow and minutes of training the {title}'s distance to real faces is "
                "**{learned:.1f}**; with one fitted Gaussian it is {before:.1f}, with ten of them {ten:.1f} (less is "
                "better)."
            ).format(title=model.title, before=before, ten=ten, learned=learned)
        )


def _over_beta(stage: Stage) -> None:
    """What the assumption costs the small models of the lesson's family, and what a learned prior makes good."""
    family = betas()
    if LEARNED in measured_distances(family):
        stage.step()
        st.markdown(_("The same for small models, by beta; the plain AE stands at the left:"))
        show_distances(stage, family, (NORMAL, OWN, LEARNED), "distances")
