"""What the models make of one face: reconstructions, posterior draws, nearest encoded faces, attributes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from app.checkpoints.celeba import called, described, originals
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.probes import probes
from app.drawing.gallery import Figure, bars, part, row, show
from app.drawing.saved_table import save_table
from app.session.photos import Photo
from app.texts import _
from app.texts.attributes import attribute_name
from app.views.your_face.judgement import Judgement, closeness, draws, judge, warning
from latent.projection import nearest
from models.data.attributes import JUDGING

NEIGHBOURS = 6
SHOWN_ATTRIBUTES = 8


def begin(models: Mapping[str, OpenModel], current: OpenModel, photo: Photo) -> None:
    """Start what the page shows while it still sends the map and the sliders."""
    shown = _shown(models, photo)
    photo.begin(_reconstructions_key(shown), partial(_rebuild, shown, photo))
    for model in (model for model in models.values() if model.identity in photo.logvars):
        photo.begin(_posterior_key(model), partial(_draw, model, photo))
    if current.atlas is not None:
        photo.begin(_neighbours_key(current), partial(_neighbour_row, current, photo))


def _shown(models: Mapping[str, OpenModel], photo: Photo) -> list[OpenModel]:
    return [model for model in models.values() if model.identity in photo.latents]


def _reconstructions_key(shown: list[OpenModel]) -> tuple[str, ...]:
    return ("reconstructions", *(model.drawing for model in shown))


def _posterior_key(model: OpenModel) -> tuple[str, str]:
    return "posterior", model.drawing


def _neighbours_key(model: OpenModel) -> tuple[str, str]:
    return "neighbours", model.drawing


def reconstructions(models: Mapping[str, OpenModel], photo: Photo) -> None:
    """The crop, what each model makes of it, where it errs, and how that compares with held-out faces."""
    shown = _shown(models, photo)
    block, warned = photo.once(_reconstructions_key(shown), partial(_rebuild, shown, photo))
    show(block)
    if warned:
        st.warning(warned, icon=":material/explore_off:")


def _rebuild(shown: list[OpenModel], photo: Photo) -> tuple[str, str | None]:
    judgements: dict[str, Judgement] = {model.title: judge(model, photo) for model in shown}
    largest = max(model.config.view for model in shown)
    figures = [Figure(photo.crop(largest), _("What the models see"), _("Your face as the models see it"))]
    for title, judgement in judgements.items():
        figures.append(
            Figure(
                judgement.picture,
                _("{model} rebuilds").format(model=title),
                _("Reconstruction by the {model}").format(model=title),
            )
        )
        figures.append(
            Figure(
                judgement.error,
                _("Error of the {model}").format(model=title),
                _("Error of the {model}, three times enlarged").format(model=title),
            )
        )
    block = part(
        _("What the models see, and what they make of it"),
        "",
        row(figures, narrow=104),
        points=[closeness(title, judgement) for title, judgement in judgements.items()],
        note=_(
            "PSNR measures how close the rebuilt picture is to what the model sees, pixel by pixel, in decibels (dB); "
            "more is closer. In the error pictures brighter is worse. Held-out faces are those that no model was "
            "trained on."
        ),
    )
    return block, warning(judgements)


def posterior(models: Mapping[str, OpenModel], photo: Photo) -> None:
    """For each VAE, the faces that it holds possible: its posterior is a cloud with a centre and a width."""
    for model in (model for model in models.values() if model.identity in photo.logvars):
        show(photo.once(_posterior_key(model), partial(_draw, model, photo)))


def _draw(model: OpenModel, photo: Photo) -> str:
    pictures, spread, width = draws(model, photo)
    figures = [
        Figure(picture, _("Draw {number}").format(number=i), _("Draw {number} from the posterior").format(number=i))
        for i, picture in enumerate(pictures, 1)
    ]
    return part(
        _("The {model}'s cloud.").format(model=model.title),
        _("For a photo it gives a centre (mu) and a width (sigma) in each dimension."),
        row([*figures, Figure(spread, _("Where draws differ"))], side=126, narrow=104),
        note=_(
            "Sigma is {sigma:.2f} on average; 1 would say nothing about the face. Each draw takes mu plus sigma "
            "times random numbers: what all draws share the model is sure of, what differs it has to guess."
        ).format(sigma=width),
    )


def neighbours(model: OpenModel, photo: Photo) -> None:
    """The encoded CelebA faces whose latents are nearest, decoded, with originals where the viewer has them."""
    show(photo.once(_neighbours_key(model), partial(_neighbour_row, model, photo)))


def _neighbour_row(model: OpenModel, photo: Photo) -> str:
    return part(
        _("Nearest encoded faces."),
        _("The CelebA faces whose codes lie nearest to this one, decoded."),
        row(_nearest(model, photo), side=100),
    )


def _nearest(model: OpenModel, photo: Photo) -> list[Figure]:
    assert model.atlas is not None
    rows = nearest(photo.latents[model.identity], model.atlas.mu, NEIGHBOURS)[0]
    pictures = decode(model, model.atlas.mu[rows].astype(np.float32))
    figures = []
    for row_, picture in zip(rows, pictures, strict=True):
        number = int(model.atlas.image[row_])
        figures.append(Figure(picture, called(number), _("{face}, decoded").format(face=described(number))))
        crops = originals(model, [int(row_)])
        if crops is not None:
            figures.append(Figure(crops[0], _("Original"), _("{face}, the original").format(face=described(number))))
    return figures


def attributes(model: OpenModel, photo: Photo) -> None:
    """What straight cuts through the latent space read off this face, with how far each can be trusted."""
    entries = photo.once(("attributes", model.identity), lambda: _probed(model, photo))
    show(
        part(
            _("What a straight cut reads off the code."),
            _("For each attribute one linear probe, trained on CelebA's faces."),
            bars(entries[:SHOWN_ATTRIBUTES]),
            note=_(
                "AUC says how well the probe tells held-out faces apart: 0.5 is guessing, 1 is perfect. The names are "
                "the boxes that CelebA's labellers could tick at a glance; they do not say what a person is. Those "
                "that judge looks are left out."
            ),
        )
    )
    if len(entries) > SHOWN_ATTRIBUTES:
        with st.expander(_("All {count} attributes").format(count=len(entries))):
            show(bars(entries))
    rows = [{"attribute": name, "share": share, "held_out": said} for name, share, said in entries]
    save_table(rows, f"save attributes {model.name} {photo.key}", f"{model.name}-attributes")


def _probed(model: OpenModel, photo: Photo) -> list[tuple[str, float, str]]:
    """Name, probability and held-out AUC, the likeliest first."""
    read_off = probes(model)
    likely = read_off.probabilities(photo.latents[model.identity][None])[0]
    entries = [
        (
            attribute_name(name),
            float(share),
            _("AUC {auc:.2f}").format(auc=auc) if np.isfinite(auc) else _("AUC unknown"),
        )
        for name, share, auc in zip(read_off.attributes, likely, read_off.auc, strict=True)
        if name not in JUDGING
    ]
    return sorted(entries, key=lambda entry: -entry[1])
