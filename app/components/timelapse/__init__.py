"""Pictures of the same size under a slider that reacts while it is dragged: the browser has all of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.components import component
from app.components.timelapse.message import FilmMessage
from app.server.published import frontend_base

_mount = component("timelapse")


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
