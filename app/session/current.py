"""What a visitor is looking at: the model and the current point, kept across pages and reruns."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.session.point import Point

MODEL = "current_model"
POINT = "current_point"
PREVIOUS = "previous_point"
LEFT = "left_faces"  # by pad, see `app.session.left_faces`


def current_point() -> Point:
    """The visitor's point; the first face of the atlas at the start."""
    point = st.session_state.get(POINT)
    return point if point is not None else Point()


def random_face(model: OpenModel) -> Point:
    """Any face of a model that has an atlas."""
    assert model.atlas is not None
    return Point(image=int(np.random.default_rng().choice(model.atlas.image)))


def point_in(model: OpenModel) -> tuple[Point, NDArray[np.float32]]:
    """The visitor's point and its latent in a model that has an atlas; the first face where the model knows it not."""
    point = current_point()
    if point.photo is not None:
        from app.session.photos import encode_missing  # late: it brings the face detector

        encode_missing(point.photo, [model])
    z = point.z(model)
    if z is None:
        point = Point()
        z = point.z(model)
        assert z is not None
    return point, z


def set_point(point: Point) -> None:
    """Make a point current on every page, and remember the one before."""
    if point != current_point():
        st.session_state[PREVIOUS] = current_point()
    st.session_state[POINT] = point


def previous_point() -> Point | None:
    """The point that was current before this one."""
    return st.session_state.get(PREVIOUS)


def forget_photos(source: str) -> None:
    """No point keeps a face of this upload alive any longer; where one was current, the first face is again."""
    for key in (POINT, PREVIOUS):
        point = st.session_state.get(key)
        if point is not None and point.photo is not None and point.photo.source == source:
            del st.session_state[key]


def set_model(name: str) -> None:
    """Make a model current on every page, from a page that has no model switch."""
    st.session_state[MODEL] = st.session_state[f"kept_{MODEL}"] = name
