"""The pad of the first page, known before that page's script runs: the same for all who come by the same link.

What is handed over here is what the page will hand over a second later, to the letter, so the browser can begin
with it and carry on without a break. Where anything makes that uncertain, nothing is handed over.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np

from app.checkpoints.celeba import celeba
from app.checkpoints.discovery import model_to_begin_with
from app.checkpoints.opening import OpenModel, open_all
from app.components.latent_pad import PadMessage, first_message
from app.components.latent_pad.inputs import combine
from app.controls import map_layout
from app.controls.colouring import colourings
from app.controls.pad import FEW, Arrival, PadOnPage, pad_input
from app.drawing.picture_files import picture_address
from app.session.link import Link, parse
from app.session.point import Point
from app.texts import PARAMETER
from models.faithful import VIVID

PAD = "pad"
KNOWN = {"model", "face", "z", "bank", "w", "colour", "vivid", map_layout.PARAMETER, PARAMETER}
"""Without a sample, which would have to be drawn first; that can take seconds."""
faces_at_once = threading.Event()
"""Set once the server draws a face in some milliseconds. From then on one comes with the HTML, to be seen while the
browser's own decoder is on its way."""


def first_pad(params: Mapping[str, str]) -> PadMessage | None:
    """What the pad of *Explore* is given in a session that begins with an address.

    Args:
        params: of the address.

    Returns:
        JSON-ready; None where the page begins with a sentence about a problem, or has no pad.
    """
    models, problems = open_all()
    if problems or not models or celeba()[1] or not set(params) <= KNOWN:
        return None
    link = parse(params, models, colourings) if params else Link()
    model = models[link.model or model_to_begin_with(models)].drawn_at(link.vivid)
    return None if link.problems else _pad_at(model, link, links=1 if params else 0)


def _pad_at(model: OpenModel, link: Link, links: int) -> PadMessage | None:
    beginning = Point()
    point = link.point or beginning
    z = point.z(model)
    if model.atlas is None or z is None:
        return None
    arrival = Arrival(None if point == beginning else beginning, links, link.bank, link.weights)
    given = pad_input(model, point, z, PAD, arrival, PadOnPage(shown=FEW))
    message = first_message(given)
    if faces_at_once.is_set() and model.vivid == VIVID and given.model.on_server:  # others need a network blended first
        moved = combine(np.asarray(z, np.float32), given.sliders.by_key(), message["weights"])
        message["picture"] = picture_address(given.model.on_server(moved))
    return message
