"""Faithful or vivid: the mean of all that is possible, or one of the possible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.checkpoints.decoding import decode
from app.checkpoints.measured import figure, measured, measured_blend
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.differences import ADDED_GAIN, added_picture
from app.session.current import point_in
from app.views.lesson.stage import Stage


def faithful_or_vivid(stage: Stage, model: OpenModel) -> bool:
    """The same face between both decoders; returns whether there is a model that has two.

    Args:
        stage: the chapter.
        model: the one on screen, which is taken if it has.
    """
    with_two = [one for one in (model, *stage.models.values()) if one.files.faithful_sha256]
    if with_two:
        _blend(stage, with_two[0], model)
    return bool(with_two)


@st.fragment
def _blend(stage: Stage, model: OpenModel, on_screen: OpenModel) -> None:
    st.header("One possible picture instead of the mean")
    st.markdown(
        f"The {model.title}\u2019s decoder learned twice behind the same codes. First from squared error and a "
        "perceptual term: **faithful**, soft where the code leaves things open. Then from a **critic**, a network that "
        "learns to tell photographs from what the decoder draws: a blurred mean is never a photograph, so it has to "
        f"choose one of the possible pictures. That is **vivid**.{_bits(model)}"
    )
    place = st.container()
    share = stage.slider("blend", "From faithful (0) to vivid (1)", 0.0, 1.0, 1.0, 0.1)
    _, z = point_in(model)
    faithful, drawn = (decode(model.drawn_at(at), z[None])[0] for at in (0, share))
    figures = [
        gallery.Figure(faithful, "Faithful"),
        gallery.Figure(drawn, f"At {share:g}"),
        gallery.Figure(added_picture(drawn, faithful), f"What is added, {ADDED_GAIN} times as strong"),
    ]
    with place:
        gallery.show(gallery.row(figures, gallery.WIDE))
    st.caption(f"{_measured(model, share)}On the other pages the same slider stands under each face.")
    stage.write(on_screen)


def _bits(model: OpenModel) -> str:
    """How much a code says, in a sentence; empty where it was not measured."""
    nats = figure(measured(model.files), "kl_nats")
    if nats is None:
        return ""
    return (
        f" A code of the {model.title} says {nats:.0f} nats, or {nats / math.log(2):.0f} bits, of a face: whatever is "
        "sharper than that is **invented**."
    )


def _measured(model: OpenModel, share: float) -> str:
    """What evaluate.py measured at both ends and nearest to the slider; empty where it did not."""
    along = measured_blend(model.files).get("along")
    if not isinstance(along, list) or not along:
        return ""
    points: list[Mapping[str, Any]] = sorted(along, key=lambda point: abs(float(point["vivid"]) - share))
    here, first = points[0], min(along, key=lambda point: float(point["vivid"]))
    return (
        f"Measured on test faces: {here['psnr_db']:.2f} dB PSNR and a Fr\u00e9chet distance of {here['frechet']:.1f} "
        f"at {here['vivid']:g}, against {first['psnr_db']:.2f} dB and {first['frechet']:.1f} at the faithful end: "
        "towards vivid the error grows, and the faces look more like photographs. "
    )
