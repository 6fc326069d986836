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
from app.session.photos import Photo
from app.views.your_face.judgement import Judgement, closeness, draws, judge, warning
from latent.projection import nearest
from models.data.attributes import JUDGING, plain_name

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
    figures = [Figure(photo.crop(largest), "What the models see", "Your face as the models see it")]
    for title, judgement in judgements.items():
        figures.append(Figure(judgement.picture, f"{title} rebuilds", f"Reconstruction by the {title}"))
        figures.append(Figure(judgement.error, f"Error of the {title}", f"Error of the {title}, three times enlarged"))
    block = part(
        "What the models see, and what they make of it",
        "",
        row(figures, narrow=104),
        points=[closeness(title, judgement) for title, judgement in judgements.items()],
        note="PSNR measures how close the rebuilt picture is to what the model sees, pixel by pixel, in decibels (dB); "
        "more is closer. In the error pictures brighter is worse. Held-out faces are those that no model was trained "
        "on.",
    )
    return block, warning(judgements)


def posterior(models: Mapping[str, OpenModel], photo: Photo) -> None:
    """For each VAE, the faces that it holds possible: its posterior is a cloud with a centre and a width."""
    for model in (model for model in models.values() if model.identity in photo.logvars):
        show(photo.once(_posterior_key(model), partial(_draw, model, photo)))


def _draw(model: OpenModel, photo: Photo) -> str:
    pictures, spread, width = draws(model, photo)
    figures = [Figure(picture, f"Draw {i}", f"Draw {i} from the posterior") for i, picture in enumerate(pictures, 1)]
    return part(
        f"The {model.title}'s cloud.",
        "For a photo it gives a centre (mu) and a width (sigma) in each dimension.",
        row([*figures, Figure(spread, "Where draws differ")], narrow=104),
        note=f"Sigma is {width:.2f} on average; 1 would say nothing about the face. Each draw takes mu plus sigma "
        "times random numbers: what all draws share the model is sure of, what differs it has to guess.",
    )


def neighbours(model: OpenModel, photo: Photo) -> None:
    """The encoded CelebA faces whose latents are nearest, decoded, with originals where the viewer has them."""
    show(photo.once(_neighbours_key(model), partial(_neighbour_row, model, photo)))


def _neighbour_row(model: OpenModel, photo: Photo) -> str:
    return part(
        "Nearest encoded faces.",
        "The CelebA faces whose codes lie nearest to this one, decoded.",
        row(_nearest(model, photo), side=104),
    )


def _nearest(model: OpenModel, photo: Photo) -> list[Figure]:
    assert model.atlas is not None
    rows, _ = nearest(photo.latents[model.identity], model.atlas.mu, NEIGHBOURS)
    pictures = decode(model, model.atlas.mu[rows].astype(np.float32))
    figures = []
    for row_, picture in zip(rows, pictures, strict=True):
        number = int(model.atlas.image[row_])
        figures.append(Figure(picture, called(number), f"{described(number)}, decoded"))
        crops = originals(model, [int(row_)])
        if crops is not None:
            figures.append(Figure(crops[0], "Original", f"{described(number)}, the original"))
    return figures


def attributes(model: OpenModel, photo: Photo) -> None:
    """What straight cuts through the latent space read off this face, with how far each can be trusted."""
    entries = photo.once(("attributes", model.identity), lambda: _probed(model, photo))
    show(
        part(
            "What a straight cut reads off the code.",
            "For each attribute one linear probe, trained on CelebA's faces.",
            bars(entries[:SHOWN_ATTRIBUTES]),
            note="AUC says how well the probe tells held-out faces apart: 0.5 is guessing, 1 is perfect. The names are "
            "the boxes that CelebA's labellers could tick at a glance; they do not say what a person is. Those that "
            "judge looks are left out.",
        )
    )
    if len(entries) > SHOWN_ATTRIBUTES:
        with st.expander(f"All {len(entries)} attributes"):
            show(bars(entries))


def _probed(model: OpenModel, photo: Photo) -> list[tuple[str, float, str]]:
    """Name, probability and held-out AUC, the likeliest first."""
    read_off = probes(model)
    likely = read_off.probabilities(photo.latents[model.identity][None])[0]
    entries = [
        (plain_name(name), float(share), f"AUC {auc:.2f}" if np.isfinite(auc) else "AUC unknown")
        for name, share, auc in zip(read_off.attributes, likely, read_off.auc, strict=True)
        if name not in JUDGING
    ]
    return sorted(entries, key=lambda entry: -entry[1])
