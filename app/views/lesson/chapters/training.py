"""Chapter: building and training it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.training_history import read_history, strips
from app.controls.model_switch import choose_model, current_model
from app.controls.timelapse import timelapse
from app.drawing import gallery
from app.drawing.numbers import percent
from app.session.current import point_in
from app.views.lesson import charts
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
    "loss": "Loss (nats an image)",
    "distortion": "Distortion (nats an image)",
    "kl": "KL (nats an image)",
    "perceptual": "Perceptual term (nats an image)",
    "valid_psnr": "PSNR on validation pictures (dB)",
    "valid_kl": "KL on validation pictures (nats an image)",
}
LOGARITHMIC = ("loss", "distortion")


def render(stage: Stage) -> None:
    """Draw the chapter."""
    expect_a_run()  # before all else: it takes seconds to import torch
    model = choose_model(dict(stage.models))
    size, besides = 3 * model.config.image_size**2, _besides(model)
    opening(
        "Training shows the network a picture, compares what comes out, and moves all weights a little so that the "
        "difference shrinks: against its **gradient**. The number that measures the difference is the **loss**, here "
        "the squared error. (Why the squared one: chapter 6.)",
        r"L(x) = \frac{1}{2 s^2} \sum_{p=1}^{P} \left(x_p - \hat x_p\right)^2",
        f"L is the loss of one picture x, p counts its P = {size:,} numbers, x with a hat is what came out, and "
        f"s = {model.own_config.decoder_sigma:g} is the error that counts as normal."
        + (f" The {model.title}'s whole loss also has {besides}." if besides else ""),
        "models.losses:reconstruction_nats",
    )
    stage.step()
    _blur(stage, model)
    stage.step()
    if twins(stage, model):
        stage.step()
    if faithful_or_vivid(stage, model):
        stage.step()
    predict(stage, _question(model))
    stage.step()
    st.header(f"How the {model.title} was trained")
    if not stage.covered("The curve of its training", "curve"):
        _history(stage, model)
    stage.step()
    st.header("Epoch by epoch")
    _timelapse(stage, model)
    stage.step()
    st.header("A training run, live")
    live_run(stage, model)


def question(stage: Stage) -> Question:
    """What it asks."""
    return _question(current_model(stage.models))


def _besides(model: OpenModel) -> str:
    """What a model's loss has besides the squared error, in words."""
    terms = ["a KL term (chapter 6)"] if model.config.kind == "vae" else []
    terms += ["a perceptual term (below)"] if model.own_config.perceptual_weight else []
    return " and ".join(terms)


@st.fragment
def _blur(stage: Stage, model: OpenModel) -> None:
    """Why the squared error blurs: the best single answer to several possible pictures is their mean."""
    st.header("What the squared error rewards")
    size = model.config.image_size
    st.markdown(
        "Say the network cannot know where an edge lies: a few pixels to the left or to the right. One answer must "
        "serve all cases. The squared error is least for their **mean**, and the mean of sharp pictures is blurred."
    )
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reach = int(stage.slider("reach", "Unsure by so many pixels", 0, size // 8, size // 16, 1))
        stage.random_face(model)
    _, z = point_in(model)
    cases = shifted(decode(model, z[None])[0], reach)
    blurred, sharp = cases.mean(0), cases[len(cases) // 2]
    figures = [
        gallery.Figure(case.astype(np.uint8), words)
        for case, words in zip(
            (cases[0], sharp, cases[-1], blurred),
            ("Possible", "Possible", "Possible", "Their mean: the best answer"),
            strict=True,
        )
    ]
    with place:
        gallery.show(gallery.row(figures, gallery.WIDE))
    mean_error, sharp_error = expected_error(cases, blurred), expected_error(cases, sharp)
    text = f"Expected squared error: {mean_error:.5f} for the mean, {sharp_error:.5f} for the sharp one in the middle"
    if mean_error > 0:
        text += f" ({sharp_error / mean_error:.2f} times as much)"
    weight = model.own_config.perceptual_weight
    st.caption(
        f"{text}. A **perceptual** term (Johnson et al. 2016, arXiv 1603.08155) compares what another network sees in "
        "both pictures, such as edges and textures: it forgives a sharp answer that is a little off. The "
        f"{model.title} was trained {f'with one (weight {weight:g})' if weight else 'without one'}."
    )
    stage.write(model)


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
        _begun(model.own_config)
        timelapse(model.files, key, model.title)
    elif (twin := twin_with_strips(model)) is not None:
        st.markdown(f"The {model.title} kept no pictures of its training. A smaller model that was trained alike did.")
        _begun(twin.own_config)
        timelapse(twin.files, key, f"the small model “{twin.title}”")
    else:
        timelapse(model.files, key, f"The {model.title}")


def _begun(config: ModelConfig) -> None:
    """Where the first picture of a time-lapse comes from."""
    if config.linear_path:
        st.markdown(
            "It did not begin with noise: its straight paths were set to PCA first. Drag from there and watch what "
            "the bent paths add. A start from noise you can see below, live."
        )
    else:
        st.markdown("Drag from noise to faces.")


def _history(stage: Stage, model: OpenModel) -> None:
    history = read_history(model.files)
    shown = {name: title for name, title in TITLES.items() if name in history}
    if not shown or "epoch" not in history:
        st.info("This checkpoint has no training history (history.csv).")
        return
    place = st.container()
    name = stage.choice("curve", "Curve", shown, next(iter(shown)))
    values = history[name]
    figure = charts.lines({shown[name]: (history["epoch"], values)}, "Epoch", shown[name], 340)
    if name in LOGARITHMIC and (values > 0).all():
        figure.update_yaxes(type="log")
    with place:
        charts.show(figure, stage.key("history"))
    words = _history_words(history, name)
    if model.own_config.linear_path:
        words += " It began as PCA on the pixels, so the first value is far better than that of random weights."
    st.caption(words)


def _history_words(history: Mapping[str, NDArray[np.float64]], name: str) -> str:
    values, epochs = history[name], len(history["epoch"])
    words = f"{epochs} epochs (passes through all training pictures)"
    if "seconds" in history:
        words += f" in {history['seconds'].sum() / 60:.0f} minutes"
    return f"{words}: from {values[0]:,.4g} to {values[-1]:,.4g}."


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
        f"Training took {len(quality)} epochs. Of all the squared error that went away between the first epoch and the "
        f"best one, how much was gone {_epochs(quarter)} after the first?",
        ["Under 40 %", "40 to 75 %", "Over 75 %"],
        lambda: (
            right,
            f"{percent(share)}, in {percent(quarter / (len(quality) - 1))} of the epochs after the first. Measured on "
            "validation pictures, which it was not trained on.",
        ),
    )


def _epochs(count: int) -> str:
    return "one epoch" if count == 1 else f"{count} epochs"


def _blur_question(model: OpenModel) -> Question:
    """For a checkpoint that tells nothing of its training."""

    def answer() -> tuple[int, str]:
        cases = shifted(decode(model, point_in(model)[1][None])[0], model.config.image_size // 16)
        errors = [expected_error(cases, cases[0]), expected_error(cases, cases[len(cases) // 2])]
        errors.append(expected_error(cases, cases.mean(0)))
        return int(np.argmin(errors)), f"For the face above: {errors[0]:.5f}, {errors[1]:.5f} and {errors[2]:.5f}."

    return Question(
        "Which answer has the least expected squared error, if all shifts are equally likely?",
        ["The leftmost possible picture", "The middle one", "The blurred mean"],
        answer,
    )
