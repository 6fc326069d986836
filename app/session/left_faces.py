"""The faces that a visitor left by taking another one, with their sliders as they stood: where Undo leads next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.session.address import begin_with
from app.session.current import LEFT, set_point
from app.session.point import Point

DEPTH = 20  # faces that can be gone back to


@dataclass(frozen=True)
class Left:
    """A face as it was left.

    Attributes:
        model: name of the one that drew it.
        point: the face.
        bank, weights: of its pad.
    """

    model: str
    point: Point
    bank: str
    weights: Mapping[str, float]


def last_left(pad: str, model: str, point: Point) -> Left | None:
    """The face that was on a pad before this one; None where there was none, or in another model.

    Args:
        pad: key of the pad.
        model: name of the one on screen.
        point: on screen.
    """
    here, left = _known(pad)
    if here is not None and here.model == model and here.point != point:
        left.append(here)
        del left[:-DEPTH]
        _keep(pad, None, left)
    return left[-1] if left and left[-1].model == model else None


def is_here(pad: str, here: Left) -> None:
    """Note what a pad shows, until it shows another face."""
    _keep(pad, here, _known(pad)[1])


def go_back(pad: str) -> None:
    """Make the last face that was left current again, as it was left."""
    left = _known(pad)[1]
    last = left.pop()
    _keep(pad, None, left)
    set_point(last.point)
    begin_with(last.point, last.model, pad, last.bank, last.weights)


def forget_left_photos(source: str) -> None:
    """No face that could be gone back to keeps this upload alive any longer.

    Args:
        source: key of the upload.
    """
    for pad, (here, left) in st.session_state.get(LEFT, {}).items():
        kept = [one for one in left if not _is_of(one, source)]
        _keep(pad, None if here is None or _is_of(here, source) else here, kept)


def _is_of(left: Left, source: str) -> bool:
    return left.point.photo is not None and left.point.photo.source == source


def _known(pad: str) -> tuple[Left | None, list[Left]]:
    """What the pad shows, and what it showed before, the newest last."""
    known: tuple[Left | None, list[Left]] = st.session_state.get(LEFT, {}).get(pad, (None, []))
    return known


def _keep(pad: str, here: Left | None, left: list[Left]) -> None:
    st.session_state.setdefault(LEFT, {})[pad] = (here, left)
