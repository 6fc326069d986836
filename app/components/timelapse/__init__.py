"""Pictures of the same size under a slider that reacts while it is dragged: the browser has all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.components import loader
from app.components.timelapse.message import FilmMessage
from app.server.published import frontend_base

_mount = st.components.v2.component(
    "facespace.timelapse",
    html='<div class="timelapse"><div class="view" role="img"></div><div class="controls">'
    '<button type="button">Play</button><input type="range" aria-label="Epoch" min="0" step="1"></div>'
    "<output></output></div>",
    css=(Path(__file__).parent / "timelapse.css").read_text(encoding="utf-8"),
    js=loader("timelapse/timelapse.mjs"),
)


def film(*, key: str, frames: Sequence[tuple[str, str]], width: int, height: int, label: str) -> None:
    """Draw the film, at its last frame.

    Args:
        key: of this film on the page.
        frames: the address of each picture and what to say under it; at least one.
        width, height: of each picture, in pixels.
        label: what the film shows.
    """
    data: FilmMessage = {
        "base": frontend_base(),
        "frames": [{"src": address, "words": words} for address, words in frames],
        "width": width,
        "height": height,
        "label": label,
    }
    _mount(key=key, data=data)
