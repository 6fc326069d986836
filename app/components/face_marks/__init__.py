"""A photo with the faces that were found in it and three marks, two eyes and a mouth, that a hand can move."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike, NDArray

from app.components import component
from app.components.face_marks.message import MarksMessage
from app.server.published import frontend_base

_mount = component("face_marks")


@dataclass(frozen=True, eq=False)
class MarkedPhoto:
    """A photo and what was found in it.

    Attributes:
        key: names the photo.
        name: what it is called in text.
        picture: JPEG of the photo, of any size but of the photo's proportions.
        size: width and height of the photo, in whose pixels all places are.
        boxes: x0, y0, x1, y1 of each face that was found; with two or more the hand can choose one.
        chosen: which of them the marks belong to.
        marks: float [3, 2], left eye, right eye, mouth; None lets the hand place them and then press a button.
        by_hand: the marks are not the detector's.
    """

    key: str
    name: str
    picture: bytes
    size: tuple[int, int]
    boxes: Sequence[ArrayLike]
    chosen: int | None
    marks: NDArray[np.floating] | None
    by_hand: bool


def face_marks(
    *, key: str, photo: MarkedPhoto, on_face: Callable[[int], None], on_marks: Callable[[NDArray[np.float32]], None]
) -> None:
    """Show the photo; the callbacks run before the page's next run.

    Args:
        key: of this component on the page.
        photo: what is shown.
        on_face: gets the number of the face that the hand chose.
        on_marks: gets float32 [3, 2], the marks where the hand left them.
    """

    def face_chosen() -> None:
        face = _event(key, "face")
        if isinstance(face, int) and 0 <= face < len(photo.boxes):
            on_face(face)

    def marks_moved() -> None:
        places = unpack_marks(_event(key, "marks"), photo.key, photo.size)
        if places is not None:
            on_marks(places)

    marks = resting_marks(photo.size) if photo.marks is None else photo.marks
    data: MarksMessage = {
        "base": frontend_base(),
        "photo": photo.key,
        "name": photo.name,
        "picture": f"data:image/jpeg;base64,{base64.b64encode(photo.picture).decode('ascii')}",
        "size": list(photo.size),
        "faces": [[float(value) for value in np.asarray(box)] for box in photo.boxes],
        "chosen": photo.chosen,
        "marks": np.asarray(marks, np.float64).round(3).tolist(),
        "placing": photo.marks is None,
        "byHand": photo.by_hand,
    }
    _mount(key=key, data=data, on_face_change=face_chosen, on_marks_change=marks_moved)


def resting_marks(size: tuple[int, int]) -> NDArray[np.float32]:
    """Where the marks wait for the hand, float32 [3, 2]: as on a face that fills the middle of the photo."""
    reach = min(size) / 8
    middle = np.array(size) / 2
    return (middle + reach * np.array([(-1, -0.6), (1, -0.6), (0, 1.4)])).astype(np.float32)


def unpack_marks(value: Any, photo: str, size: tuple[int, int]) -> NDArray[np.float32] | None:
    """Marks as the browser sends them: float32 [3, 2] inside the photo, or None if they are not of this photo."""
    if not isinstance(value, dict) or value.get("photo") != photo:
        return None
    try:
        places = np.array(value.get("places"), np.float32)
    except (TypeError, ValueError):
        return None
    if places.shape != (3, 2) or not np.isfinite(places).all():
        return None
    return places.clip(0, np.array(size, np.float32) - 1)


def _event(key: str, name: str) -> Any:
    """What the browser has just said, as a callback finds it."""
    state = st.session_state.get(key)
    return None if state is None else state.get(name)
