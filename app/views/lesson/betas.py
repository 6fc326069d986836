"""One slider over the family of betas: rate, distortion, dead dimensions, faces rebuilt and faces drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.measured import figure
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record
from app.drawing import gallery
from app.drawing.chart import lines
from app.drawing.chart_html import show_chart
from app.session.current import current_point
from app.texts import _, numeral
from app.views.lesson import presenter
from app.views.lesson.family import (
    MISSING,
    PLAIN,
    Sheet,
    atlas_of,
    betas,
    choose_beta,
    chosen_beta,
    dead_dimensions,
    rate,
    sheet,
)
from app.views.lesson.stage import Stage

SHOWN, FIRST_SEED = 6, 0


def family_steps(stage: Stage, model: OpenModel) -> None:
    """What beta does, in words, and in a step of its own the slider."""
    family = betas()
    if len(family) < 2:
        st.caption(_(MISSING))
        return
    alike = (
        _(
            "These are smaller models, alike in all but beta (the plain AE, as tutorials build it, also lacks their "
            "start as PCA and what keeps a grid out of their pictures)."
        )
        if PLAIN in family
        else _("These are smaller models, alike in all but beta.")
    )
    effect = _(
        "A low beta lets clouds shrink to points: faces are rebuilt well, but nothing keeps them where the prior "
        "draws. A high beta makes every cloud the prior itself, and all faces look alike. Drag, and look for the "
        "place between."
    )
    st.markdown(f"{alike} {effect}")
    stage.step()
    _slider(stage, model, family)


@st.fragment
def _slider(stage: Stage, model: OpenModel, family: dict[str, Record]) -> None:
    """The slider, and what the model at that beta does with the same faces and the same draws."""
    record = chosen_beta(stage, family)
    drawn = sheet(record, _rows(record), SHOWN, FIRST_SEED)
    if drawn is None:
        choose_beta(stage, family)
        st.warning(_("The weights of {title} cannot be opened.").format(title=record.title), icon=":material/info:")
        return
    with stage.figure("betas"):
        _pictures(stage, record, drawn)
    choose_beta(stage, family)
    stage.write(model)
    _figures(record)
    _curve(stage, family, record)


def _rows(record: Record) -> tuple[int, ...]:
    """Faces to rebuild: the current one, where the family knows it, then the first of its atlas."""
    atlas = atlas_of(record)
    assert atlas is not None
    first = list(range(min(SHOWN, len(atlas))))
    image = current_point().image
    mine = [] if image is None else np.flatnonzero(atlas.image == image).tolist()
    return tuple(dict.fromkeys([*mine, *first]))[: len(first)]


def _pictures(stage: Stage, record: Record, drawn: Sheet) -> None:
    atlas = atlas_of(record)
    assert atlas is not None
    earlier = before(stage, atlas.image[list(_rows(record))])
    if earlier is not None:
        pictures, words = earlier
        st.markdown(f"**{words}**")
        gallery.show(strip(pictures))
    st.markdown(f"**{_rebuilt(record)}**")
    gallery.show(strip(drawn.rebuilt))
    st.markdown(_("**Drawn from the prior**, the same six points for each beta"))
    gallery.show(strip(drawn.drawn))


def before(stage: Stage, images: NDArray[np.integer]) -> tuple[NDArray[np.uint8], str] | None:
    """What faces looked like, by their image numbers: originals where they are here, else as a larger model of the
    page rebuilds them, and which of both it is; None where neither can be."""
    for model in stage.models.values():
        assert model.atlas is not None
        place = {int(image): row for row, image in enumerate(model.atlas.image)}
        rows = [place[int(image)] for image in images if int(image) in place]
        if len(rows) == len(images):
            real = originals(model, rows)
            if real is not None:
                return real, _("Originals, from your CelebA folder")
            return decode(model, model.atlas.mu[rows].astype(np.float32)), _("As the {title} rebuilds them").format(
                title=model.title
            )
    return None


def strip(pictures: NDArray[np.uint8]) -> str:
    """A row of faces as one picture instead of six, so that a step of the slider is one small message.

    In two halves, which a phone sets below each other; a slide has one picture, whose size follows the room.
    """
    faces = list(pictures)
    if presenter.is_on() or len(faces) < SHOWN:
        return gallery.row([gallery.Figure(np.concatenate(faces, 1), "", _("Six faces"))], gallery.WIDE)
    halves = [np.concatenate(half, 1) for half in (faces[: SHOWN // 2], faces[SHOWN // 2 :])]
    figures = [gallery.Figure(half, "", _("Three faces")) for half in halves]
    return gallery.row(figures, gallery.WIDE // 2, gallery.WIDE)


def _rebuilt(record: Record) -> str:
    if record.config.kind == "vae":
        return _("Rebuilt with beta {beta:g}").format(beta=record.own_config.beta)
    return _("Rebuilt with beta 0, an AE") if record.own_config.linear_path else _("Rebuilt by the plain AE")


def _figures(record: Record) -> None:
    nats, psnr, dead = rate(record), figure(record.metrics, "psnr_db"), dead_dimensions(record)
    first, second, third = st.columns(3)
    first.metric(
        _("Rate (KL)"),
        _("none") if nats is None else _("{nats:,.1f} nats").format(nats=nats),
        help=_("What it says of a face."),
    )
    second.metric(
        "PSNR",
        _("not measured") if psnr is None else f"{numeral(psnr, '.1f')}\N{NO-BREAK SPACE}dB",
        help=_("How well it rebuilds held-out faces: a high PSNR is a low distortion."),
    )
    third.metric(
        _("Dead dimensions"),
        _("none")
        if dead is None
        else _("{dead} of {dimensions}").format(dead=dead, dimensions=record.config.latent_dim),
        help=_("Dimensions in which every cloud is the prior itself, so that they say nothing."),
    )


def _curve(stage: Stage, family: Mapping[str, Record], now: Record) -> None:
    """Rate against PSNR over the family, with the one at hand marked."""
    measured = [(rate(record), figure(record.metrics, "psnr_db"), record) for record in family.values()]
    points = [(nats, psnr, record) for nats, psnr, record in measured if nats is not None and psnr is not None]
    if len(points) < 3:
        return
    across, up = np.array([nats for nats, psnr, record in points]), np.array([psnr for nats, psnr, record in points])
    marked = [16 if record.key == now.key else 7 for nats, psnr, record in points]
    chart = lines({"": (across, up)}, _("Rate (nats a face)"), "PSNR (dB)", 230, marked)
    show_chart(chart)
    st.caption(_("Each dot is a beta; the large one is yours. More nats for a face buy a better picture."))
