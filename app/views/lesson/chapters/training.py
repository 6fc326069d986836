"""Chapter: building and training it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.training_history import read_history, runs, strips
from app.controls.model_switch import choose_model, current_model
from app.controls.timelapse import timelapse
from app.drawing import gallery
from app.drawing.chart import Axis, lines
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.session.current import point_in
from app.texts import N_, _, ngettext
from app.views.lesson.faithful import faithful_or_vivid
from app.views.lesson.family import twin_with_strips
from app.views.lesson.live.process import expect_a_run
from app.views.lesson.live.run import live_run
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from app.views.lesson.twins import twins
from models.config import ModelConfig

TERMS = (
    "loss",
    "weights",
    "gradient",
    "perceptual term",
    "Fréchet distance",
    "epoch",
    "PSNR",
    "decibel (dB)",
    "decoder",
    "held-out faces",
    "beta",
    "KL (Kullback-Leibler divergence)",
    "nat",
)
TITLES = {
    "loss": N_("Loss (nats an image)"),
    "distortion": N_("Distortion (nats an image)"),
    "kl": N_("KL (nats an image)"),
    "perceptual": N_("Perceptual term (nats an image)"),
    "valid_psnr": N_("PSNR on validation pictures (dB)"),
    "valid_kl": N_("KL on validation pictures (nats an image)"),
}
LOGARITHMIC = ("loss", "distortion")


def render(stage: Stage) -> None:
    """Draw the chapter."""
    if stage.server:
        expect_a_run()  # before all else: it takes seconds to import torch
    model = choose_model(dict(stage.models))
    size, besides = 3 * model.config.image_size**2, _besides(model)
    opening(
        _(
            "Training shows the network a picture, compares what comes out, and moves all weights a little so that "
            "the difference shrinks: against its **gradient**. The number that measures the difference is the "
            "**loss**, here the squared error. (Why the squared one: chapter 6.)"
        ),
        r"L(x) = \frac{1}{2 s^2} \sum_{p=1}^{P} \left(x_p - \hat x_p\right)^2",
        _(
            "L is the loss of one picture x, p counts its P = {size:,} numbers, x with a hat is what came out, and s "
            "= {sigma:g} is the error that counts as normal."
        ).format(size=size, sigma=model.own_config.decoder_sigma)
        + (f" {besides}" if besides else ""),
        "models.losses:reconstruction_nats",
    )
    stage.step()
    _blur(stage, model)
    stage.step()
    if twins(stage, model):
        stage.step()
    if faithful_or_vivid(stage, model):
        stage.step()
    predict(stage, lambda: _question(model))
    stage.step()
    st.header(_("How the {title} was trained").format(title=model.title))
    if not stage.covered(_("The curve of its training"), "curve"):
        _history(stage, model)
    stage.step()
    st.header(_("Epoch by epoch"))
    _timelapse(stage, model)
    stage.step()
    st.header(_("A training run, live"))
    live_run(stage, model)


def question(stage: Stage) -> Question:
    """What it asks."""
    return _question(current_model(stage.models))


def _besides(model: OpenModel) -> str:
    """What a model's loss has besides the squared error, in a sentence."""
    words = {
        (False, False): "",
        (True, False): _("The {title}'s whole loss also has a KL term (chapter 6)."),
        (False, True): _("The {title}'s whole loss also has a perceptual term (below)."),
        (True, True): _("The {title}'s whole loss also has a KL term (chapter 6) and a perceptual term (below)."),
    }
    return words[model.config.kind == "vae", bool(model.own_config.perceptual_weight)].format(title=model.title)


@st.fragment
def _blur(stage: Stage, model: OpenModel) -> None:
    """Why the squared error blurs: the best single answer to several possible pictures is their mean."""
    st.header(_("What the squared error rewards"))
    size = model.config.image_size
    st.markdown(
        _(
            "Say the network cannot know where an edge lies: a few pixels to the left or to the right. One answer "
            "must serve all cases. The squared error is least for their **mean**, and the mean of sharp pictures is "
            "blurred."
        )
    )
    ends = 0, size // 8, size // 16
    reach = int(stage.slider_of("reach", *ends))
    z = point_in(model)[1]
    cases = shifted(decode(model, z[None])[0], reach)
    blurred, sharp = cases.mean(0), cases[len(cases) // 2]
    figures = [
        gallery.Figure(case.astype(np.uint8), words)
        for case, words in zip(
            (cases[0], sharp, cases[-1], blurred),
            (_("Possible"), _("Possible"), _("Possible"), _("Their mean: the best answer")),
            strict=True,
        )
    ]
    with stage.figure("blur"):
        gallery.show(gallery.row(figures, gallery.WIDE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage.slider("reach", _("Unsure by so many pixels"), *ends, 1)
        stage.random_face(model)
    mean_error, sharp_error = expected_error(cases, blurred), expected_error(cases, sharp)
    st.caption(f"{_error_words(mean_error, sharp_error)} {_perceptual_words(model)}")
    stage.write(model)


def _error_words(mean: float, sharp: float) -> str:
    if mean > 0:
        return _(
            "Expected squared error: {mean:.5f} for the mean, {sharp:.5f} for the sharp one in the middle "
            "({times:.2f} times as much)."
        ).format(mean=mean, sharp=sharp, times=sharp / mean)
    return _("Expected squared error: {mean:.5f} for the mean, {sharp:.5f} for the sharp one in the middle.").format(
        mean=mean, sharp=sharp
    )


def _perceptual_words(model: OpenModel) -> str:
    weight = model.own_config.perceptual_weight
    term = _(
        "A **perceptual** term (Johnson et al. 2016, arXiv 1603.08155) compares what another network sees in both "
        "pictures, such as edges and textures: it forgives a sharp answer that is a little off."
    )
    trained = (
        _("The {title} was trained with one (weight {weight:g}).").format(title=model.title, weight=weight)
        if weight
        else _("The {title} was trained without one.").format(title=model.title)
    )
    return f"{term} {trained}"


def shifted(picture: NDArray[np.uint8], reach: int) -> NDArray[np.float32]:
    """A picture [S, S, 3] shifted sideways by up to reach pixels, edges repeated: float32 [2 reach + 1, S, S, 3]."""
    side = picture.shape[1]
    wide = np.pad(picture, ((0, 0), (reach, reach), (0, 0)), mode="edge").astype(np.float32)
    return np.stack([wide[:, start : start + side] for start in range(2 * reach + 1)])


def expected_error(cases: NDArray[np.float32], answer: NDArray[np.float32]) -> float:
    """Mean squared error of one answer over equally likely cases [N, S, S, 3] of 0 to 255, in the [0, 1] range."""
    return float(np.square((cases - answer) / 255).mean())


def _timelapse(stage: Stage, model: OpenModel) -> None:
    """The same faces after each epoch: of this model, or of a small one that was trained alike."""
    key = stage.key(f"timelapse_{model.name}")
    if strips(model.files):
        _begun(stage, model.own_config)
        timelapse(model.files, key, model.title)
    elif (twin := twin_with_strips(model)) is not None:
        st.markdown(
            _("The {title} kept no pictures of its training. A smaller model that was trained alike did.").format(
                title=model.title
            )
        )
        _begun(stage, twin.own_config)
        timelapse(twin.files, key, _("the small model “{title}”").format(title=twin.title))
    else:
        timelapse(model.files, key, _("The {title}").format(title=model.title))


def _begun(stage: Stage, config: ModelConfig) -> None:
    """Where the first picture of a time-lapse comes from."""
    if config.linear_path:
        words = _(
            "It did not begin with noise: its straight paths were set to PCA first. Drag from there and watch "
            "what the bent paths add."
        )
        live = _("A start from noise you can see below, live.") if stage.server else ""
        st.markdown(f"{words} {live}")
    else:
        st.markdown(_("Drag from noise to faces."))


def _history(stage: Stage, model: OpenModel) -> None:
    history = read_history(model.files)
    shown = {name: _(title) for name, title in TITLES.items() if name in history}
    if not shown or "epoch" not in history:
        st.info(_("This checkpoint has no training history (history.csv)."))
        return
    name = stage.choice_of("curve", shown, next(iter(shown)))
    values = history[name]
    several = runs(model.files)
    up = Axis(shown[name], log=name in LOGARITHMIC and bool((values > 0).all()))
    figure = lines({shown[name]: (history["epoch"], values)}, _("Epoch"), up, 340)
    figure = replace(figure, upright=tuple(float(end) + 0.5 for end in np.cumsum(several)[:-1]))
    with stage.figure("curve"):
        show_chart(figure)
    stage.choice("curve", _("Curve"), shown, next(iter(shown)))
    words = _history_words(history, name)
    if model.own_config.linear_path:
        words += " " + _("It began as PCA on the pixels, so the first value is far better than that of random weights.")
    if len(several) > 1:
        words += " " + _(
            "Dotted lines: it was trained in {count} runs, each from the weights of the one before. Each weighs the "
            "terms of the loss anew or adds one, so losses of different runs cannot be compared; PSNR can."
        ).format(count=len(several))
    st.caption(words)


def _history_words(history: Mapping[str, NDArray[np.float64]], name: str) -> str:
    values, epochs = history[name][np.isfinite(history[name])], len(history["epoch"])
    if "seconds" in history:
        return _(
            "{epochs} epochs (passes through all training pictures) in {minutes:.0f} minutes: from {first:,.4g} "
            "to {last:,.4g}."
        ).format(epochs=epochs, minutes=history["seconds"].sum() / 60, first=values[0], last=values[-1])
    return _("{epochs} epochs (passes through all training pictures): from {first:,.4g} to {last:,.4g}.").format(
        epochs=epochs, first=values[0], last=values[-1]
    )


def _question(model: OpenModel) -> Question:
    history = read_history(model.files)
    quality = history.get("valid_psnr")
    if quality is None or len(quality) < 4:
        return _blur_question(model)
    quarter = max(1, len(quality) // 4)
    error = 10 ** (-quality / 10)
    share = float((error[0] - error[quarter]) / max(error[0] - error.min(), 1e-12))
    right = 0 if share < 0.4 else 1 if share < 0.75 else 2
    return Question(
        ngettext(
            "Training took {epochs} epochs. Of all the squared error that went away between the first epoch and the "
            "best one, how much was gone one epoch after the first?",
            "Training took {epochs} epochs. Of all the squared error that went away between the first epoch and the "
            "best one, how much was gone {count} epochs after the first?",
            quarter,
        ).format(epochs=len(quality), count=quarter),
        [_("Under 40 %"), _("40 to 75 %"), _("Over 75 %")],
        lambda: (
            right,
            _(
                "{share}, in {quarter} of the epochs after the first. Measured on validation pictures, which it was "
                "not trained on."
            ).format(share=percent(share), quarter=percent(quarter / (len(quality) - 1))),
        ),
    )


def _blur_question(model: OpenModel) -> Question:
    """For a checkpoint that tells nothing of its training."""

    def answer() -> tuple[int, str]:
        cases = shifted(decode(model, point_in(model)[1][None])[0], model.config.image_size // 16)
        errors = [expected_error(cases, cases[0]), expected_error(cases, cases[len(cases) // 2])]
        errors.append(expected_error(cases, cases.mean(0)))
        return int(np.argmin(errors)), _("For the face above: {first:.5f}, {second:.5f} and {third:.5f}.").format(
            first=errors[0], second=errors[1], third=errors[2]
        )

    return Question(
        _("Which answer has the least expected squared error, if all shifts are equally likely?"),
        [_("The leftmost possible picture"), _("The middle one"), _("The blurred mean")],
        answer,
    )
