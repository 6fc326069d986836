"""The faces that a visitor left by taking another one, with their sliders as they stood: where Undo and Redo lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

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


@dataclass
class _Way:
    """What a pad shows, what it showed before, and what was gone back from; the newest last."""

    here: Left | None = None
    left: list[Left] = field(default_factory=list)
    undone: list[Left] = field(default_factory=list)


def arrive(pad: str, model: str, point: Point) -> tuple[bool, bool]:
    """Note that a pad shows a point; returns whether it can go back from there, and forward again.

    Args:
        pad: key of the pad.
        model: name of the one on screen; another one has faces of its own.
        point: on screen.
    """
    way = _way(pad)
    if way.here is not None and way.here.model == model and way.here.point != point:
        way.left = [*way.left, way.here][-DEPTH:]
        way.here, way.undone = None, []
    back, forward = (bool(faces) and faces[-1].model == model for faces in (way.left, way.undone))
    return back, forward


def is_here(pad: str, here: Left) -> None:
    """Note what a pad shows, until it shows another face."""
    _way(pad).here = here


def turn(pad: str, to: Literal["back", "forward"]) -> None:
    """Make the last face that was left current again, as it was left, or the one that was gone back from.

    Who goes back to a face whose sliders were moved can go back once more, to the face as it was before.
    """
    way = _way(pad)
    taken, kept = (way.left, way.undone) if to == "back" else (way.undone, way.left)
    face = taken.pop()
    if way.here is not None:
        kept.append(way.here)
    if to == "back" and face.weights:
        way.left.append(replace(face, weights={}))
    way.here = None
    set_point(face.point)
    begin_with(face.point, face.model, pad, face.bank, face.weights)


def forget_left_photos(source: str) -> None:
    """No face that could be gone back to keeps this upload alive any longer.

    Args:
        source: key of the upload.
    """
    for way in st.session_state.get(LEFT, {}).values():
        way.left, way.undone = ([one for one in faces if not _is_of(one, source)] for faces in (way.left, way.undone))
        if way.here is not None and _is_of(way.here, source):
            way.here = None


def _is_of(left: Left, source: str) -> bool:
    return left.point.photo is not None and left.point.photo.source == source


def _way(pad: str) -> _Way:
    way: _Way = st.session_state.setdefault(LEFT, {}).setdefault(pad, _Way())
    return way
