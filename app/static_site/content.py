"""What the pages of the folder are given: the very messages that the app's own pages hand to their components."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.for_browsers import decoder_file
from app.checkpoints.opening import OpenModel
from app.checkpoints.regions import regions
from app.components.atlas_map import MapModel, map_message, publish_atlas
from app.components.atlas_map.colourings import colouring_message
from app.components.atlas_map.message import MapMessage
from app.components.latent_pad import PadInput, PadMessage, first_message
from app.components.site.message import CodesMessage, FaceMessage, MorphMessage, SiteMessage, SpreadMessage
from app.controls import colouring as colours
from app.controls import prior_wish
from app.controls.face_map import map_filters
from app.controls.pad import ADDRESS, FEW, Arrival, PadOnPage, morph_targets, pad_input
from app.server.published import publish_bytes
from app.session import link
from app.session.point import Point
from app.static_site.morph import morph_message, morph_pad
from app.static_site.problem import SiteError
from app.static_site.rounding import round_halves, round_weights
from app.static_site.samplers import prior, samplers
from app.static_site.your_face import face_message
from app.texts import N_, _
from app.texts.attributes import attribute_name
from app.views import generate
from app.views.edit import page as edit
from app.views.explore import ABOUT_THE_MAP, GREETING, MAP_WORDS, RANDOM, TITLE, first_words, pad_title
from latent.attribute_axes import edit_bank
from latent.directions import noise_bank
from models.data.pictures import LAST_CELEBA

LEVELS = 16
"""Steps of a posterior's log variance. What the app keeps in 256 would be a fifth of the whole folder."""
FAR = (0.1, 99.9)
"""Percentiles between which the steps lie."""
NO_SAMPLER = N_("The link's sampler is not in this copy, so another one draws.")
VIVID_ONLY = N_("The link's faces are drawn more faithfully in the app; this copy has the vivid decoder alone.")
OFFLINE = N_("It is kept in this browser now and opens without a network.")
HERE = N_(
    "This copy of Facespace needs no server: faces are decoded in this browser, and nothing is sent anywhere. Missing "
    "here are what the app works out on its server (training, what a classifier sees in a picture, what editing leaks, "
    "how far out a way leads, which faces are nearest to a photo) and a second model beside the first. The lesson, the "
    "learned prior, the face detector and the encoder of photos come when you ask for them."
)


@dataclass(frozen=True)
class Content:
    """The messages of the page *Explore*.

    Attributes:
        pad, map, site: for the parts of the page.
        edit: for the pad of the page *Edit*.
        photo: for the pad of *Your face*, which has *Edit*'s probes beside it.
        way: for the pad of the page *Morph*.
        morph: what else that page begins with.
        face: what *Your face* is given besides the first pad.
        colours: what the map can be coloured by, by the name that the box has.
        direction: the name there of what the page works out by itself.
        words: HTML of what stands on the page, by its place.
    """

    pad: PadMessage
    edit: PadMessage
    photo: PadMessage
    way: PadMessage
    morph: MorphMessage
    face: FaceMessage
    map: MapMessage
    site: SiteMessage
    direction: str
    colours: Mapping[str, Any]
    words: Mapping[str, str]


def explore(model: OpenModel) -> Content:
    """What the page *Explore* is given.

    Args:
        model: one that has an atlas. Its first face is where the page begins.
    """
    assert model.atlas is not None
    atlas, point = model.atlas, Point()
    z = point.z(model)
    assert z is not None
    decoder = decoder_address(model)
    given = pad_input(model, point, z, "pad", Arrival(), PadOnPage(shown=FEW, greet=GREETING))
    latents = round_halves(atlas.mu)
    source = publish_atlas(xy=atlas.xy, mu=latents, image=atlas.image, partition=atlas.partition, scores=atlas.scores)
    first = colours.first_colouring(model)
    pad, changed = alone(given, decoder), alone(_edit(model, point, z), decoder)
    choices = [name for name in colours.colourings(model) if name != colours.DIRECTION]
    return Content(
        pad=pad,
        edit=changed,
        photo={**pad, "readings": changed["readings"]},
        way=alone(morph_pad(model, point, z), decoder),
        morph=morph_message(model),
        face=face_message(model),
        map=map_message(
            key="map",
            model=MapModel(model.name, model.title, decoder),
            source=source,
            colouring=colours.plain_colouring(model, first),
            current=0,
            regions=regions(model),
            filters=map_filters(model),
        ),
        site=_site(model, decoder, {"url": source.latents, "points": source.points}),
        direction=colours.DIRECTION,
        colours={name: colouring_message(colours.plain_colouring(model, name)) for name in choices},
        words={
            "title": html.escape(_(TITLE)),
            "first words": as_html(first_words(model)),
            "map words": html.escape(_(MAP_WORDS)),
            "colour by": html.escape(_(colours.LABEL)),
            "first colour": html.escape(first),
            "which": html.escape(_(colours.WHICH)),
            "random": html.escape(_(RANDOM)),
            "about the map": html.escape(_(ABOUT_THE_MAP)),
            "about the pad": html.escape(_(ADDRESS)),
            "here": html.escape(_(HERE)),
            "edit title": html.escape(_(edit.TITLE)),
            "about editing": html.escape(_(edit.ABOUT)),
            "generate title": html.escape(_(generate.TITLE)),
            "about samplers": html.escape(_(generate.ABOUT)),
            "about seeds": html.escape(_(generate.ABOUT_SEEDS)),
            "about temperature": html.escape(_(generate.ABOUT_TEMPERATURE)),
            "about guidance": html.escape(_(prior_wish.ABOUT_GUIDANCE)),
        },
    )


def alone(given: PadInput, decoder: str) -> PadMessage:
    """What a pad is given that has no server: one decoder at an address, and no picture of the viewer's."""
    return {**first_message(given), "decoderUrl": decoder, "blendUrl": None, "beside": None, "server": False}


def _edit(model: OpenModel, point: Point, z: NDArray[np.float32]) -> PadInput:
    """The pad of *Edit* with nothing held still."""
    doubtful = edit.unsupported(model)
    names = {attribute: attribute_name(attribute) for attribute in model.axes if attribute not in doubtful}
    bank = edit_bank(model.axes, names, z)[0]
    page = PadOnPage(banks=(bank,), readings=edit.readings(model), shown=edit.SHOWN)
    return pad_input(model, point, z, "edit", Arrival(), page)


def decoder_address(model: OpenModel) -> str:
    """Where the page gets the model's decoder, with rounded weights.

    Raises:
        SiteError: the model has none that a browser can use.
    """
    path = decoder_file(model)
    if path is None:
        raise SiteError(f"{model.name} has no decoder for browsers; python -m models.onnx.export_decoder says why.")
    return publish_bytes(round_weights(path.read_bytes()), "decoder.onnx")


def _site(model: OpenModel, decoder: str, codes: CodesMessage) -> SiteMessage:
    assert model.atlas is not None
    logvar, targets = model.atlas.logvar, morph_targets(model)
    draws = noise_bank(np.zeros(model.config.latent_dim, np.float32)).directions
    return {
        "model": model.name,
        "decoder": decoder,
        "dimensions": model.config.latent_dim,
        "identity": model.identity[:8],
        "weights": model.sha256[: link.HASH_LETTERS],
        "sha256": model.sha256,
        "lastCelebA": LAST_CELEBA,
        "targets": _base64(np.stack(list(targets.values()))),
        "before": _(link.BEFORE),
        "noise": None if logvar is None else _base64(np.stack([draw.vector for draw in draws])),
        "spread": None if logvar is None else spread(logvar),
        "zeros": {f"attribute-{attribute}": axis.zero for attribute, axis in model.axes.items()},
        "axes": [f"attribute-{attribute}" for attribute in model.axes],
        "codes": codes,
        "samplers": samplers(model),
        "prior": prior(model),
        "words": {
            "of CelebA": as_html(pad_title(model, "{name}", of_celeba=True)),
            "face": as_html(pad_title(model, "{name}", of_celeba=False)),
            "linked": _(link.LINKED),
            "too long": _(link.TOO_LONG),
            "no model": _(link.NO_MODEL),
            "no face": _(link.NO_FACE),
            "no weight": _(link.NO_WEIGHT),
            "no bank": _(link.NO_BANK),
            "no colour": _(link.NO_COLOUR),
            "no sampler": _(NO_SAMPLER),
            "vivid": _(VIVID_ONLY),
            "offline": _(OFFLINE),
            "faces drawn": _("Faces drawn by the {model}").format(model=model.title),
        },
    }


def spread(logvar: NDArray[np.float32]) -> SpreadMessage:
    """Posteriors' log variances [M, D] in a few steps for each dimension; what is farther out takes the last one."""
    low, high = np.percentile(logvar, FAR, axis=0).astype(np.float32)
    step = np.maximum((high - low) / (LEVELS - 1), np.float32(1e-6))
    codes = np.clip(np.round((logvar - low) / step), 0, LEVELS - 1).astype(np.uint8)
    return {"url": publish_bytes(codes.tobytes(), "spread.u8"), "low": _base64(low), "step": _base64(step)}


def as_html(markdown: str) -> str:
    """Our own sentences, whose only Markdown is bold type, as HTML."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(markdown, quote=False))


def _base64(values: NDArray[np.floating]) -> str:
    """Little-endian float32."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")
