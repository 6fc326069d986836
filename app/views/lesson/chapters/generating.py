"""Chapter: generating images with an autoencoder."""

from __future__ import annotations

import contextlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS, draw, measured_as
from app.components.latent_pad import PadInput, PadPoint, PadSliders, PadState, latent_pad
from app.controls.pad import pad_model
from app.drawing import gallery
from app.drawing.chart import lines, places
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.session.current import current_point, point_in
from app.session.link import number
from app.session.point import provenance
from app.texts import N_, _
from app.views.lesson import charts
from app.views.lesson.plain import plain_draws
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from app.views.lesson.worked_out import aggregate_draws
from latent.directions import Bank, Direction
from latent.posterior import squared_mahalanobis
from latent.projection import place_many

TERMS = (
    "autoencoder (AE)",
    "decoder",
    "Fréchet distance",
    "held-out faces",
    "latent space",
    "norm",
    "normal distribution",
    "sampler",
    "standard deviation (sd)",
    "variational autoencoder (VAE)",
)
SHOWN, COUNTED = 6, 200
COLUMNS = (
    N_("Model"),
    N_("Drawn from"),
    N_("A typical draw is farther out than"),
    N_("Draws outside the middle 98 % of faces"),
    N_("Distance to real faces"),
)
SAMPLERS = ("standard", "scaled", "gaussian", "mixture")


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = stage.of_kind("ae")
    assert model is not None
    opening(
        _(
            "A decoder turns any list of numbers into a picture. So draw some at random, pass them in, and out comes "
            "a new face. Does it? The simplest recipe is the standard normal distribution: a bell curve for each "
            "number."
        ),
        r"z \sim \mathcal N(0, I), \qquad x = D(z)",
        _(
            "N(0, I) means that each number of the latent z is drawn for itself from the bell curve with centre 0 and "
            "standard deviation 1. D is the decoder, x the picture."
        ),
        "latent.samplers:standard_normal",
        "models.networks:Autoencoder.decode",
    )
    stage.step()
    predict(stage, lambda: _question(model))
    stage.step()
    if not stage.covered(_("What such draws look like, and where they fall,"), "sampler", "seed"):
        _draws(stage, model)
        stage.step()
        if plain_draws(stage, model):
            stage.step()
    else:
        stage.step()
    st.header(_("A hole between two faces?"))
    st.markdown(
        _(
            "Drag from one face to the other and watch the middle. An autoencoder was never trained on points in "
            "between."
        )
    )
    _between(stage, model)
    stage.step()
    st.header(_("What was missing"))
    st.markdown(
        _(
            "A Gaussian or a mixture **fitted to the codes** after training is a recipe, too. So an autoencoder *can* "
            "generate; it only brings no recipe of its own. Ghosh et al. (2020, arXiv 1903.12436) report that fitting "
            "a density afterwards makes plain and regularised autoencoders competitive with VAEs."
        )
    )
    conclusion = _conclusion(model, stage.of_kind("vae"))
    if conclusion:
        st.markdown(conclusion)
    _table(stage)


def question(stage: Stage) -> Question:
    """What it asks."""
    model = stage.of_kind("ae")
    assert model is not None
    return _question(model)


def _conclusion(autoencoder: OpenModel, variational: OpenModel | None) -> str:
    """What fitting a density did for the autoencoder, beside the VAE's prior; empty where it was not measured."""
    try:
        before, after = (_frechet(autoencoder, measured_as(autoencoder, name)) for name in ("standard", "gaussian"))
        own = None if variational is None else _frechet(variational, "standard_normal")
    except (KeyError, TypeError, ValueError):
        return ""
    if variational is None:
        return _(
            "Fitting a Gaussian took the {title}'s distance to real faces from {before:.1f}, drawn from N(0, I), "
            "to {after:.1f}."
        ).format(title=autoencoder.title, before=before, after=after)
    return _(
        "Fitting a Gaussian took the {title}'s distance to real faces from {before:.1f}, drawn from N(0, I), to "
        "{after:.1f}; the {other}, drawn from its own prior, has {own:.1f}."
    ).format(title=autoencoder.title, before=before, after=after, other=variational.title, own=own)


def _frechet(model: OpenModel, sampler: str) -> float:
    """A sampler's Fréchet distance to real faces.

    Raises:
        KeyError, TypeError, ValueError: it was not measured.
    """
    return float(measured(model.files)["generation"]["samplers"][sampler]["frechet"])


@st.fragment
def _draws(stage: Stage, model: OpenModel) -> None:
    assert model.atlas is not None
    sampler, seed = stage.choice_of("sampler", SAMPLERS, "standard"), stage.seed_of("seed")
    z = draw(model, sampler, COUNTED, seed, 1.0)
    pictures = decode(model, z[:SHOWN])
    encoded, drawn = np.linalg.norm(aggregate_draws(model), axis=1), np.linalg.norm(z, axis=1)
    with stage.figure("draws"):
        row = [gallery.Figure(picture, _("Draw {number}").format(number=i)) for i, picture in enumerate(pictures, 1)]
        gallery.show(gallery.row(row, gallery.WIDE))
        left, right = st.columns(2, gap="medium")
    with left:
        lengths = {_("Encoded faces"): encoded, _("Drawn"): drawn}
        show_chart(charts.densities(lengths, {}, _("Norm (length of z)"), 260))
    with right:
        xy = place_many(z[:SHOWN], model.atlas.mu, model.atlas.xy)
        names = [_("Draw {number}").format(number=i) for i in range(1, SHOWN + 1)]
        show_chart(places(model.atlas.xy, xy, names, 260))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage.choice("sampler", _("Draw from"), {key: _(OFFERS[key].name) for key in SAMPLERS}, "standard")
        stage.seed("seed", _("Draw again"))
    stage.write(model)
    where = _("Grey: the map of all encoded faces. Orange: the six draws, each among the faces nearest to it.")
    st.caption("\n\n".join([_(OFFERS[sampler].explanation), _length_words(encoded, drawn), where]))


def _length_words(encoded: NDArray[np.floating], drawn: NDArray[np.floating]) -> str:
    low, high = np.percentile(encoded, [1, 99])
    outside = float(((drawn < low) | (drawn > high)).mean())
    return _(
        "98 of 100 encoded faces have a norm (length) between {low:.1f} and {high:.1f}. The draws have about "
        "{drawn:.1f}, and {outside} of {count} fall outside that range."
    ).format(low=low, high=high, drawn=np.median(drawn), outside=percent(outside), count=len(drawn))


def _question(model: OpenModel) -> Question:
    options = (
        _("Much nearer to 0 than the faces"),
        _("Among the faces"),
        _("Much farther out than the faces"),
    )

    def answer() -> tuple[int, str]:
        faces = np.linalg.norm(aggregate_draws(model), axis=1)
        drawn = np.linalg.norm(draw(model, "standard", COUNTED, 0, 1.0), axis=1)
        share = float((faces < np.median(drawn)).mean())
        right = 0 if share < 0.05 else 2 if share > 0.95 else 1
        words = _(
            "A drawn point has a norm (distance from 0) of about {drawn:.1f}, an encoded face of about "
            "{faces:.1f}; {share} of the faces have a smaller one than a typical draw. Nothing in an AE's loss "
            "says where codes should lie, nor how large they should be."
        ).format(drawn=np.median(drawn), faces=np.median(faces), share=percent(share))
        if model.own_config.linear_path:
            assert model.posterior is not None
            words += " " + _(
                "This one started as PCA with each number scaled to a standard deviation of 1, and after training "
                "a typical one has {sd:.2f}."
            ).format(sd=np.median(model.posterior.sd))
        return right, words

    return Question(
        _("Where do draws from N(0, I) fall in the {title}'s latent space?").format(title=model.title), options, answer
    )


@st.fragment
def _between(stage: Stage, model: OpenModel) -> None:
    assert model.atlas is not None
    assert model.posterior is not None
    assert model.percentiles is not None
    point, z = point_in(model)
    with st.container(horizontal=True):
        stage.random_face(model)
        seed = stage.seed("other", _("Another goal"))
    row = int(np.random.default_rng([seed, 7]).integers(len(model.atlas)))
    goal = model.atlas.mu[row].astype(np.float32)
    direction = Direction("walk", _("From A to B"), goal - z, 0.0, 1.0, 0.01, "")
    said = number(stage.from_address("way"), 0, 1)
    left, right = stage.figure("between").columns(2, gap="medium")
    with left:
        start = PadState("", {} if said is None else {"walk": said})
        state = latent_pad(
            PadInput(
                key=stage.key("pad"),
                model=pad_model(model, slider=False),
                point=PadPoint(f"{model.identity[:8]} {point.key} {row}", z, provenance(model, current_point())),
                sliders=PadSliders([Bank("walk", _("Morph"), (direction,))], start),
            )
        )
    stage.note("way", round(float(state.weights.get("walk", 0.0)), 3), 0.0)
    with right:
        ends = decode(model, np.stack([z, goal]))
        gallery.show(gallery.row([gallery.Figure(ends[0], "A"), gallery.Figure(ends[1], "B")], 250))
        shares = np.linspace(0, 1, 41)
        squared = squared_mahalanobis(z + shares[:, None] * (goal - z), model.posterior)
        place = np.interp(squared, model.percentiles, np.arange(101))
        curves = {"": (shares, place)}
        show_chart(lines(curves, _("Along the way from A to B"), _("Nearer faces of 100"), 210))
        st.caption(f"{_way_words(place)} {_cancels(place)}")
    stage.write(model)


def _way_words(place: NDArray[np.floating]) -> str:
    return _(
        "How many of 100 held-out faces lie nearer to the average face than each point of the way: {at_a:.0f} at A, "
        "{half_way:.0f} half way, {at_b:.0f} at B."
    ).format(at_a=place[0], half_way=place[20], at_b=place[-1])


def _cancels(place: NDArray[np.floating]) -> str:
    """What the middle of a way means where it is nearer to the average than both ends."""
    nearer = place[len(place) // 2] < min(place[0], place[-1])
    return _("What is special of both faces cancels out in the middle.") if nearer else ""


def _table(stage: Stage) -> None:
    """Where draws fall, measured here, and how good they are as pictures, where evaluate.py measured it."""
    rows = [_table_row(model, sampler) for model in stage.models.values() for sampler in SAMPLERS[:3]]
    names = [name for name in COLUMNS if any(name in line for line in rows)]
    lines = [{_(name): line.get(name, _("not measured")) for name in names} for line in rows]
    charts.table(lines, stage.key("draws_table"), "draws")
    st.caption(
        _(
            "{count} draws each. “Farther out”: from the average face, each direction measured in its own standard "
            "deviation (Mahalanobis distance)."
        ).format(count=COUNTED)
    )
    if COLUMNS[-1] in names:
        st.caption(
            _(
                "The last column is evaluate.py's: a Fréchet distance between what a classifier sees in drawn and in "
                "real faces. Less is better; real faces of other people are the floor."
            )
        )


def _table_row(model: OpenModel, sampler: str) -> dict[str, str]:
    assert model.posterior is not None
    assert model.draw_percentiles is not None
    squared = squared_mahalanobis(draw(model, sampler, COUNTED, 0, 1.0), model.posterior)
    typical = np.interp(np.median(squared), model.draw_percentiles, np.arange(101))
    low, high = model.draw_percentiles[[1, 99]]
    outside = float(((squared < low) | (squared > high)).mean())
    farther = _("{typical:.0f} of 100 faces").format(typical=typical)
    line = dict(zip(COLUMNS, (model.title, _(OFFERS[sampler].name), farther, percent(outside)), strict=False))
    with contextlib.suppress(KeyError, TypeError, ValueError):
        floor = float(measured(model.files)["generation"]["floor"])
        line[COLUMNS[-1]] = _("{frechet:.1f} (floor {floor:.1f})").format(
            frechet=_frechet(model, measured_as(model, sampler)), floor=floor
        )
    return line
