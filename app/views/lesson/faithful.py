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
from app.texts import _
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
    st.header(_("One possible picture instead of the mean"))
    st.markdown(
        _(
            "The {title} has two decoders behind the same codes, which began as one. The first learned to come as "
            "close to each photo as it can: **faithful**, soft where the code leaves things open. The other learned "
            "from a **critic**, a network that learns to tell photographs from what the decoder draws: a blurred mean "
            "is never a photograph, so it has to choose one of the possible pictures. That is **vivid**.{said}"
        ).format(title=model.title, said=_bits(model))
    )
    share = stage.slider_of("blend", 0.0, 1.0, 1.0)
    z = point_in(model)[1]
    faithful, drawn = (decode(model.drawn_at(at), z[None])[0] for at in (0, share))
    figures = [
        gallery.Figure(faithful, _("Faithful")),
        gallery.Figure(drawn, _("At {share:g}").format(share=share)),
        gallery.Figure(
            added_picture(drawn, faithful), _("What is added, {times} times as strong").format(times=ADDED_GAIN)
        ),
    ]
    with stage.figure("blend"):
        gallery.show(gallery.row(figures, gallery.WIDE))
    stage.slider("blend", _("From faithful (0) to vivid (1)"), 0.0, 1.0, 1.0, 0.1)
    elsewhere = _("On the other pages the same slider stands under each face.")
    st.caption(f"{_measured(model, share)} {elsewhere}".strip())
    stage.write(on_screen)


def _bits(model: OpenModel) -> str:
    """How much a code says, in a sentence; empty where it was not measured."""
    nats = figure(measured(model.files), "kl_nats")
    if nats is None:
        return ""
    return " " + _(
        "A code of the {title} says {nats:.0f} nats, or {bits:.0f} bits, of a face: whatever is sharper than that "
        "is **invented**."
    ).format(title=model.title, nats=nats, bits=nats / math.log(2))


def _measured(model: OpenModel, share: float) -> str:
    """What evaluate.py measured at both ends and nearest to the slider; empty where it did not."""
    along = measured_blend(model.files).get("along")
    if not isinstance(along, list) or not along:
        return ""
    points: list[Mapping[str, Any]] = sorted(along, key=lambda point: abs(float(point["vivid"]) - share))
    here, first = points[0], min(along, key=lambda point: float(point["vivid"]))
    return _(
        "Measured on test faces: {psnr:.2f} dB PSNR and a Fréchet distance of {distance:.1f} at {share:g}, "
        "against {faithful_psnr:.2f} dB and {faithful_distance:.1f} at the faithful end: towards vivid the error "
        "grows, and the faces look more like photographs."
    ).format(
        psnr=here["psnr_db"],
        distance=here["frechet"],
        share=here["vivid"],
        faithful_psnr=first["psnr_db"],
        faithful_distance=first["frechet"],
    )
