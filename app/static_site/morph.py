"""What the page *Morph* of the folder is given."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.components.latent_pad import PadInput
from app.components.site.message import MorphMessage
from app.controls.pad import Arrival, PadOnPage, pad_input
from app.session.point import Point
from app.texts import _
from app.views.morph import along, page
from app.views.morph.faces import faces_of_the_map


def morph_pad(model: OpenModel, point: Point, z: NDArray[np.float32]) -> PadInput:
    """The pad with a slider from face to face; the browser lays the way."""
    nothing = np.zeros_like(z)
    bank = page.way_bank(_("From A to {last}").format(last="B"), nothing, np.stack([nothing, nothing]))
    return pad_input(model, point, z, "morph", Arrival(), PadOnPage(banks=(bank,), play=True))


def morph_message(model: OpenModel) -> MorphMessage:
    """The faces that the page begins with."""
    pair, others = faces_of_the_map(model)
    return {"pair": pair, "others": others}


def morph_words() -> dict[str, str]:
    """What stands on the page, by its place there: HTML."""
    words = {
        "morph_title": _(page.TITLE),
        "about_morphing": _(page.ABOUT),
        "make": _("Make"),
        "about_ways": _(page.ABOUT_WAYS),
        "which_way": _("Which way"),
        "faces_on_the_way": _("Faces on the way"),
        "nine_steps": _("The way in nine steps"),
        "nearest_steps": _(
            "The encoded face that is nearest to each step, the chosen ones apart, as this model decodes it"
        ),
        "save_strip": _("Save the strip as PNG"),
        "save_near": _("Save the nearest faces as PNG"),
        "make_gif": _("Make an animation of {count} frames").format(count=along.FRAMES),
        "cancel": _("Cancel"),
        "about_analogy": _(page.ABOUT_ANALOGY),
        "about_grid": _(page.ABOUT_GRID),
        "save_png": _("Save as PNG"),
    }
    escaped = {place: html.escape(text) for place, text in words.items()}
    return {**escaped, "modes": options(page.MODES), "ways": options(page.WAY_NAMES)}


def options(names: Mapping[Any, str]) -> str:
    """The choices of a box, in the reader's language."""
    return "".join(f'<option value="{key}">{html.escape(_(name))}</option>' for key, name in names.items())
