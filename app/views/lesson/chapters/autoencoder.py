"""Chapter: what is an autoencoder?"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from app.components.latent_pad import PadInput, PadPoint, PadSliders, PadState, latent_pad
from app.controls.model_switch import choose_model, current_model
from app.controls.pad import pad_model
from app.drawing import gallery
from app.drawing.chart import Axis, lines
from app.drawing.chart_html import show_chart
from app.drawing.diagram import Carried, diagram, refinement_words
from app.drawing.diagram_file import save_diagram
from app.drawing.differences import ERROR_GAIN, error_picture
from app.drawing.feature_pictures import code_picture, seen
from app.drawing.numbers import percent
from app.session.current import current_point
from app.session.link import whole_number
from app.session.point import provenance
from app.texts import _, numeral
from app.views.lesson import charts, presenter
from app.views.lesson.channels import channels, maps_of
from app.views.lesson.inputs import Encoded, choose_input, given, portrait, quality
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage, opening
from app.views.lesson.worked_out import network_layers, picture_components, pixel_components
from latent.bottleneck import squeeze, squeeze_path
from latent.directions import Bank, Direction
from models.layer import Layer

TERMS = (
    "autoencoder (AE)",
    "encoder",
    "decoder",
    "bottleneck",
    "latent",
    "weights",
    "convolution",
    "reconstruction",
    "PSNR",
    "decibel (dB)",
    "principal component (PCA)",
    "standard deviation (sd)",
)
STEPS = 18  # places of the curve over k


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = choose_model(dict(stage.models))
    layers, weights = network_layers(model)
    pixels, dimensions = 3 * model.config.image_size**2, model.config.latent_dim
    opening(
        _(
            "An autoencoder is two networks in a row. The **encoder** squeezes a picture of {pixels:,} numbers (three "
            "colours for each pixel) into {dimensions}, the **latent** z. The **decoder** rebuilds the picture from "
            "those alone. The narrow place between them, the **bottleneck**, lets {times:,.0f} times fewer numbers "
            "through, so the network has to find out what faces have in common."
        ).format(pixels=pixels, dimensions=dimensions, times=pixels / dimensions),
        r"z = E(x), \qquad \hat x = D(z)",
        _("x is the picture, E the encoder, z the latent, D the decoder, and x with a hat the rebuilt picture."),
        "models.networks:Autoencoder.forward",
    )
    stage.step()
    face = given(stage, model)
    encoder, decoder = maps_of(model, face)
    rebuilt = decode(model, face.mu[None])[0]
    carried = Carried(face.picture, [*map(seen, encoder)], code_picture(face.mu), [*map(seen, decoder)], rebuilt)
    gallery.show(diagram(model.own_config, layers, carried))
    choose_input(stage, model)
    st.caption(_drawn_words(model, layers, weights))
    if not presenter.is_on():
        save_diagram(model.own_config, layers, model.name, stage.key("save_network"), carried)
    stage.step()
    st.header(_("In and out"))
    _through(stage, model, face, rebuilt)
    stage.step()
    st.header(_("What single channels are for"))
    st.markdown(
        _(
            "Each layer of the decoder holds many small maps of the face, its **channels**. Switch some off and see "
            "what the picture loses."
        )
    )
    channels(stage, model, face, decoder)
    stage.step()
    st.header(_("A tighter bottleneck"))
    st.markdown(
        _(
            "Drag the slider. Only the first k **components** of the latent pass: the k directions along which the "
            "picture changes most. All others are set to the average face's."
        )
    )
    _squeeze(stage, model, face)
    stage.step()
    predict(stage, lambda: _question(model, face))


def _drawn_words(model: OpenModel, layers: Sequence[Layer], weights: int) -> str:
    """What the drawing shows, and what it leaves out."""
    note = _(
        "The {title}: {weights:,} weights in {count} layers. Each block shows what that layer makes of the face "
        "(the mean of its channels); under it its size, and how many numbers that is."
    ).format(title=model.title, weights=weights, count=len(layers))
    refining = sum(layer.beside and layer.kind == "convolution" for layer in layers)
    straight = _("a straight (linear) path beside the convolutions")
    left_out = [straight] if model.own_config.linear_path else []
    if refining:
        left_out.append(
            _("{refining} convolutions of the encoder that refine its maps and leave their sizes alone").format(
                refining=refining
            )
        )
    if len(left_out) == 2:
        note += " " + _("Not drawn: {one}, and {other}.").format(one=left_out[0], other=left_out[1])
    elif left_out:
        note += " " + _("Not drawn: {one}.").format(one=left_out[0])
    note += refinement_words(model.own_config)
    if model.config.kind == "vae":
        note += " " + _(
            "A VAE's encoder gives a centre and a width for each number (chapter 6); here the centre is used."
        )
    return note


def question(stage: Stage) -> Question:
    """What it asks: of the portrait, where no picture was chosen."""
    model = current_model(stage.models)
    return _question(model, portrait(model))


def _through(stage: Stage, model: OpenModel, face: Encoded, rebuilt: NDArray[np.uint8]) -> None:
    assert model.posterior is not None
    figures = [
        gallery.Figure(face.picture, _("In")),
        gallery.Figure(rebuilt, _("Out")),
        gallery.Figure(
            error_picture(rebuilt, face.picture), _("Difference, {times} times as bright").format(times=ERROR_GAIN)
        ),
    ]
    gallery.show(gallery.row(figures, gallery.WIDE))
    reached = quality(face.picture, rebuilt)
    st.caption(
        _("{description} PSNR, which says how close “Out” comes to “In”: {reached:.1f} dB (more is better).").format(
            description=face.description, reached=reached
        )
    )
    stage.step()
    deviations = (face.mu - model.posterior.mean) / np.maximum(model.posterior.sd, 1e-9)
    show_chart(charts.strip(deviations, None, _("Dimension of z"), _("sd"), 280))
    st.caption(_("All that passes: each number of z, in standard deviations (sd) from the average face."))


@st.fragment
def _squeeze(stage: Stage, model: OpenModel, face: Encoded) -> None:
    assert model.posterior is not None
    dimensions = model.config.latent_dim
    path = squeeze_path(face.mu, model.posterior.mean, picture_components(model))
    direction = Direction(
        "squeeze",
        _("Components kept (k)"),
        face.mu * 0,
        1.0,
        float(dimensions),
        1.0,
        "",
        start=float(dimensions),
        path=path,
    )
    said = whole_number(stage.from_address("k"), 1, dimensions)
    left, right = st.columns(2, gap="medium")
    with left:
        name = f"{model.identity[:8]} {hash(face.mu.tobytes())}"
        start = PadState("", {} if said is None else {"squeeze": float(said)})
        state = latent_pad(
            PadInput(
                key=stage.key("pad"),
                model=pad_model(model, slider=False),
                point=PadPoint(name, face.mu, provenance(model, current_point())),
                sliders=PadSliders([Bank("squeeze", _("Bottleneck"), (direction,))], start),
            )
        )
    k = round(state.weights.get("squeeze", dimensions))
    stage.note("k", k, dimensions)
    compare = stage.toggle(
        "pca",
        _("Compare with PCA on the pixels"),
        _("PCA is an autoencoder without bends: the best that straight lines can do with k numbers."),
    )
    stage.write(model)
    with right:
        words = _curves(stage, model, face, k, compare)
    if words:
        st.caption(words)


def _curves(stage: Stage, model: OpenModel, face: Encoded, k: int, compare: bool) -> str:
    """Draw them; returns what there is to say of the comparison."""
    assert model.posterior is not None
    kept = _steps(model.config.latent_dim)
    basis = picture_components(model)
    z = np.stack([squeeze(face.mu, model.posterior.mean, basis, some) for some in [*kept, k]])
    pictures = decode(model, z)
    reached = np.array([quality(face.picture, picture) for picture in pictures])
    curves = {model.title: (np.array(kept), reached[:-1])}
    now = f"{model.title}, k = {k}: {numeral(reached[-1], '.1f')}\N{NO-BREAK SPACE}dB"
    words = ""
    if compare:
        pca = pixel_components(model)
        usable = [some for some in kept if some <= len(pca.axes)]
        rebuilt = [pca.rebuild(face.picture, some) for some in usable]
        curves[_("PCA on pixels")] = (np.array(usable), np.array([quality(face.picture, p) for p in rebuilt]))
        other = pca.rebuild(face.picture, min(k, len(pca.axes)))
        beside = gallery.Figure(
            other, _("PCA on pixels, k = {k}: {quality:.1f} dB").format(k=k, quality=quality(face.picture, other))
        )
        gallery.show(gallery.row([gallery.Figure(pictures[-1], now), beside], 260))
        words = _pca_words(model, pca.faces, pca.real)
    else:
        st.markdown(now)
    across = Axis(_("Components kept (k)"), log=True, ticks=_ticks(model))
    show_chart(charts.marked(lines(curves, across, "PSNR (dB)", 230 if compare else 540), k, reached[-1]))
    return words


def _steps(dimensions: int) -> list[int]:
    return sorted({round(value) for value in np.geomspace(1, dimensions, STEPS)})


def _ticks(model: OpenModel) -> tuple[tuple[float, str], ...]:
    powers = [2**power for power in range(int(math.log2(model.config.latent_dim)) + 1)]
    return tuple((float(value), numeral(value, ",d")) for value in powers)


def _pca_words(model: OpenModel, faces: int, real: bool) -> str:
    words = (
        _("This PCA was fitted here, to {faces:,} training pictures of your CelebA folder.").format(faces=faces)
        if real
        else _("This PCA was fitted here, to {faces:,} faces that the {title} decoded, not to CelebA pictures.").format(
            faces=faces, title=model.title
        )
    )
    figures = measured(model.files)
    with contextlib.suppress(KeyError, TypeError, ValueError):
        words += " " + _(
            "Measured on {images:,} real held-out pictures: {psnr_db:.2f} dB for the {title}, {pca_psnr_db:.2f} "
            "dB for PCA with {pca_components} components."
        ).format(
            images=figures["images"],
            psnr_db=figures["psnr_db"],
            title=model.title,
            pca_psnr_db=figures["pca_psnr_db"],
            pca_components=figures["pca_components"],
        )
    return words


def _question(model: OpenModel, face: Encoded) -> Question:
    dimensions = model.config.latent_dim
    half = dimensions // 2

    def answer() -> tuple[int, str]:
        assert model.posterior is not None
        basis, mean = picture_components(model), model.posterior.mean
        z = np.stack([mean, squeeze(face.mu, mean, basis, half), face.mu])
        none, some, full = (_error(face.picture, picture) for picture in decode(model, z))
        share = (none - some) / max(none - full, 1e-12)
        right = 0 if share < 0.4 else 1 if share < 0.6 else 2
        return right, (
            _(
                "For this picture the first {half} of {dimensions} components bring {share} of the improvement that "
                "all of them bring. They are sorted by how much each typically changes a picture."
            ).format(half=half, dimensions=dimensions, share=percent(share))
        )

    return Question(
        _(
            "All {dimensions} components together make the squared error smaller than the average face's. Keep only "
            "the first {half}: how much of that improvement is left?"
        ).format(dimensions=dimensions, half=half),
        [_("Under 40 %"), _("About half (40 to 60 %)"), _("More than 60 %")],
        answer,
    )


def _error(a: Sequence[float] | np.ndarray, b: np.ndarray) -> float:
    return float(np.square(np.asarray(a, np.float32) - np.asarray(b, np.float32)).mean()) / 255**2
