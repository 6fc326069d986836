"""Generate: new faces from samplers, the same controls and the same seed for two models side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.learned_prior import LEARNED, learned_prior
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS, can_draw, draw, measured_as, mixture, mixture_waits, offer
from app.components.face_grid import face_grid
from app.controls.model_switch import two_models
from app.controls.noise_to_face import noise_to_face
from app.controls.prior_wish import prior_wish
from app.controls.problems import show_problems
from app.drawing.chart import places
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.drawing.page_styles import GENERATE_CHOSEN
from app.drawing.picture_files import montage, picture_address, png
from app.drawing.plain_text import plain_text
from app.drawing.saved_file import save_button
from app.session.address import set_address
from app.session.current import current_point, set_model, set_point
from app.session.link import MOST_SEED, number, whole_number
from app.session.pages import go_to
from app.session.point import Point, Sample, provenance
from app.session.remembered import remember
from app.session.shelf import keep
from app.session.vividness import in_address, open_as_chosen
from app.texts import N_, _
from latent.posterior import squared_mahalanobis
from latent.prior_file import has_prior
from latent.projection import place_many
from latent.velocity import PriorError

SAMPLER, SEED, TEMPERATURE, COUNT = "generate_sampler", "generate_seed", "generate_temperature", "generate_count"
COUNTS = (16, 36, 64)
FIRST = "gaussian"  # of the samplers
MOST_TEMPERATURE, TEMPERATURE_STEP = 1.5, 0.05
TITLE = N_("Generate new faces")
ABOUT = N_(
    "A sampler picks points in the latent space, the decoder turns them into faces. "
    "None of these people exist. Click a face to work on it."
)
ABOUT_SEEDS = N_("The same seed gives the same faces, in every session.")
ABOUT_TEMPERATURE = N_(
    "How far the samples may stray: the noise is multiplied by it. Under 1, each face is pulled towards "
    "the centre (the truncation trick): safer and more alike. At 0 all are the centre itself."
)
EXPORTED_SIDE = 128
FAR_OUT = N_(
    "50 is what a sampler that draws as the encoder does would get. It is a distance, and says nothing of how good the "
    "pictures look: the distance to real faces under the pictures does."
)


def render() -> None:
    """Draw the page."""
    st.title(_(TITLE))
    models, problems = open_as_chosen()
    show_problems(problems)
    models = {name: model for name, model in models.items() if model.atlas is not None}
    if not models:
        st.error(_("There is no model with a map here, so nothing can be drawn. Make one with build_atlas.py."))
        return
    st.caption(_(ABOUT))
    shown = two_models(models)
    sampler, seed, temperature, count = _controls(shown)
    set_address({"sampler": sampler, "seed": str(seed), "t": f"{temperature:g}", "n": str(count)} | in_address(shown))
    if sampler == "mixture":
        _wait_for_mixtures(shown)
    points = {}
    for column, model in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        with column:
            if can_draw(model, sampler):
                points[model.name] = _grid(model, sampler, seed, temperature, count)
            else:
                _cannot(model, sampler)
    _chosen(models, shown)
    for column, model in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        if model.name in points:
            with column:
                if offer(sampler) is OFFERS[LEARNED]:
                    noise_to_face(model, sampler, seed, temperature)
                _where(model, points[model.name])


def _cannot(model: OpenModel, sampler: str) -> None:
    """Why a model has no faces of the learned prior, in a sentence."""
    st.header(model.title)
    if not has_prior(model.files.folder):
        st.info(
            _("The {model} has no learned prior yet. train_prior.py makes one from its map in some minutes.").format(
                model=model.title
            )
        )
        return
    try:
        learned_prior(model)
        st.info(_("This model's prior was not taught some of what is asked for."))
    except PriorError as error:
        st.info(str(error))


def _controls(models: list[OpenModel]) -> tuple[str, int, float, int]:
    """Sampler, seed, temperature, number: from the hand, or at first from the link."""
    params = st.query_params
    said = params.get("sampler") or ""
    known = next((key for key, offered in OFFERS.items() if offered is offer(said)), None)
    remember(SAMPLER, FIRST, known)
    remember(SEED, 0, whole_number(params.get("seed"), 0, MOST_SEED))
    warmth = number(params.get("t"), 0, MOST_TEMPERATURE)
    remember(TEMPERATURE, 1.0, None if warmth is None else round(warmth * 20) / 20)
    asked = whole_number(params.get("n"), 1, COUNTS[-1])
    remember(COUNT, COUNTS[0], asked if asked in COUNTS else None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        sampler = st.selectbox(
            _("Sampler"), list(OFFERS), format_func=lambda key: _(OFFERS[key].name), key=SAMPLER, width=310
        )
        seed = st.number_input(_("Seed"), 0, MOST_SEED, key=SEED, width=170, help=_(ABOUT_SEEDS))
        st.button(_("Next seed"), icon=":material/casino:", key="generate_next", on_click=_next_seed)
        temperature = st.slider(
            _("Temperature"),
            0.0,
            MOST_TEMPERATURE,
            step=TEMPERATURE_STEP,
            key=TEMPERATURE,
            width=230,
            help=_(ABOUT_TEMPERATURE),
        )
        count = st.segmented_control(_("Faces"), COUNTS, key=COUNT, required=True)
    st.caption(_(OFFERS[sampler].explanation))
    if sampler == LEARNED:
        sampler = prior_wish(models, said)
    return sampler, int(seed), float(temperature), int(count or COUNTS[0])


def _wait_for_mixtures(models: list[OpenModel]) -> None:
    """Fit the ten Gaussians that are not beside their model, with the progress on the page and a way out."""
    for model in [model for model in models if mixture_waits(model)]:
        words = _("Fitting ten Gaussians to the faces of the {model}, once for all visitors …").format(
            model=plain_text(model.title)
        )
        place = st.empty()
        with place.container():
            line = st.progress(0.0, words)
            # Only a run of the whole page is ended by the next one, which a press of Cancel asks for.
            st.button(_("Cancel"), key=f"cancel mixture {model.name}", on_click=_another_sampler)
        mixture(model, lambda share, line=line, words=words: line.progress(share, words))  # type: ignore[misc]
        place.empty()


def _another_sampler() -> None:
    st.session_state[SAMPLER] = "gaussian"


def _next_seed() -> None:
    st.session_state[SEED] = min(int(st.session_state[SEED]) + 1, MOST_SEED)


def _grid(model: OpenModel, sampler: str, seed: int, temperature: float, count: int) -> NDArray[np.float32]:
    """The grid of one model; a click makes a face current. Returns the points, float32 [N, D]."""
    quality = generation_quality(model, sampler)
    st.header(model.title)
    z = draw(model, sampler, count, seed, temperature)
    pictures, columns = decode(model, z), int(np.sqrt(count))
    samples = [Sample(sampler, seed, index, temperature) for index in range(count)]
    current = current_point().sample
    clicked = face_grid(
        key=f"grid {model.name}",
        sheet=picture_address(montage(pictures, columns, gap=0)),
        columns=columns,
        names=[_("Sample {number}").format(number=index + 1) for index in range(count)],
        label=_("Faces drawn by the {model}").format(model=model.title),
        chosen=samples.index(current) if current in samples else None,
    )
    facts = provenance(model, Point()) | {
        "point": {"kind": "samples", "sampler": sampler, "seed": seed, "temperature": temperature, "count": count}
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        save_button(
            _("Save as PNG"),
            lambda: png(montage(pictures, columns), facts),
            f"facespace-{model.name}-{sampler}-{seed}.png",
            "image/png",
            f"save grid {model.name}",
        )
        st.caption(quality or _("evaluate.py has not measured this sampler for this model."))
    if clicked is not None and samples[clicked] != current:
        set_point(Point(sample=samples[clicked]))
        set_model(model.name)
        st.rerun()
    return z


def _chosen(models: dict[str, OpenModel], shown: list[OpenModel]) -> None:
    """What can be done with the face that was clicked."""
    point = current_point()
    if point.sample is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=GENERATE_CHOSEN):
        for model in shown:
            z = point.z(model)
            if z is not None:
                st.image(decode(model, z[None])[0], caption=model.title, width=88)
        st.markdown(
            _("**{name}** is the current face on every page. Both models drew it from the same random numbers.").format(
                name=point.name(shown[0])
            )
        )
        if st.button(_("Edit it"), icon=":material/tune:"):
            go_to("edit")
        if st.button(_("See it on the map"), icon=":material/scatter_plot:"):
            go_to("explore")
        if st.button(_("Keep on the shelf"), icon=":material/bookmark_add:", key="keep sample"):
            z = point.z(shown[0])
            assert z is not None
            kept = keep(models, shown[0], point, z, {})
            st.toast(
                _("Kept as \u201c{name}\u201d.").format(name=kept.name)
                if kept
                else _("The shelf is full. Take a face off it first.")
            )
            st.rerun()


def _where(model: OpenModel, z: NDArray[np.float32]) -> None:
    """How far out the samples lie and where on the map they fall."""
    assert model.atlas is not None
    assert model.posterior is not None
    assert model.draw_percentiles is not None
    st.markdown(f"**{model.title}:** {how_far_out(squared_mahalanobis(z, model.posterior), model.draw_percentiles)}")
    xy = place_many(z, model.atlas.mu, model.atlas.xy)
    names = [_("Sample {number}").format(number=i + 1) for i in range(len(z))]
    show_chart(places(model.atlas.xy, xy, names), _("Samples on the map"))
    st.caption(_(FAR_OUT))
    st.caption(_("Grey: all encoded faces, darker where many lie. Orange: the samples, among their nearest faces."))


def how_far_out(squared: NDArray[np.float32], percentiles: NDArray[np.float32]) -> str:
    """Where samples lie among held-out faces, in a sentence or two.

    Args:
        squared: [N], squared distances of the samples from the average face.
        percentiles: [101], those of held-out faces.
    """
    middle = float(np.interp(np.median(squared), percentiles, np.arange(len(percentiles))))
    outside, inside = int((squared > percentiles[-1]).sum()), int((squared < percentiles[0]).sum())
    words = _("a typical sample is farther from the average face than {middle:.0f} of 100 held-out faces.").format(
        middle=middle
    )
    if outside:
        words += " " + _("Farther away than any of them: {outside} of {count}.").format(
            outside=outside, count=len(squared)
        )
    if inside:
        words += " " + _("Closer to the average than any of them: {inside} of {count}.").format(
            inside=inside, count=len(squared)
        )
    return words


def generation_quality(model: OpenModel, sampler: str) -> str | None:
    """How good a sampler's faces are, measured and explained in a sentence; None where it was not measured."""
    try:
        figures = measured(model.files)["generation"]
        seen, floor = figures["samplers"][measured_as(model, sampler)], figures["floor"]
        rebuilt = float(figures["reconstructions"]["frechet"])
        return _(
            "At temperature 1: distance to real faces {distance:.3g}; rebuilt real faces get "
            "{rebuilt:.3g} and real faces of other people {floor:.2g} (a Fr\u00e9chet distance between what "
            "our measuring classifier sees in two sets of faces; less is better). "
            "{precision} of the samples look like a real face to it, and it finds "
            "{recall} of the real faces' variety among them."
        ).format(
            distance=float(seen["frechet"]),
            rebuilt=rebuilt,
            floor=float(floor),
            precision=percent(float(seen["precision"])),
            recall=percent(float(seen["recall"]), 1),
        )
    except (KeyError, TypeError, ValueError):
        return None
