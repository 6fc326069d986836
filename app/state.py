"""What a visitor is looking at: the model and the current point, kept across pages and reruns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cache import OpenModel

MODEL = "current_model"
POINT = "current_point"
PREVIOUS = "previous_point"
PAGES = "pages"


@dataclass(frozen=True, eq=False)
class Photo:
    """An uploaded face: its crop and its latent in each model. Kept in memory only.

    Attributes:
        name: file name, to show.
        crops: uint8 [S, S, 3] for each image size.
        latents: float32 [D] for each model, by checkpoint name.
        logvars: float32 [D] for each VAE: the log variance of its posterior.
    """

    name: str
    crops: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    latents: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    logvars: dict[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """The current face: a row of the atlas (the same in every model) or a photo."""

    row: int | None = None
    photo: Photo | None = None

    @property
    def key(self) -> str:
        """Names the point; sliders start anew when it changes."""
        return f"photo-{id(self.photo)}" if self.photo else f"row-{self.row}"

    def z(self, model: OpenModel) -> NDArray[np.float32] | None:
        """float32 [D] in one model's latent space, or None where the model has not encoded it."""
        if self.photo is not None:
            return self.photo.latents.get(model.name)
        if model.atlas is None or self.row is None or self.row >= len(model.atlas):
            return None
        return model.atlas.mu[self.row].astype(np.float32)

    def logvar(self, model: OpenModel) -> NDArray[np.float32] | None:
        """float32 [D], the log variance of this face's posterior; None for an AE."""
        if self.photo is not None:
            return self.photo.logvars.get(model.name)
        if model.atlas is None or model.atlas.logvar is None or self.row is None:
            return None
        return model.atlas.logvar[self.row]


def current_point() -> Point:
    """The visitor's point; the first face of the atlas at the start."""
    point = st.session_state.get(POINT)
    return point if point is not None else Point(row=0)


def set_point(point: Point) -> None:
    """Make a point current on every page, and remember the one before."""
    if point != current_point():
        st.session_state[PREVIOUS] = current_point()
    st.session_state[POINT] = point


def previous_point() -> Point | None:
    """The point that was current before this one."""
    return st.session_state.get(PREVIOUS)


def remember(key: str, default: Any) -> Any:
    """A widget's value that outlives its page: Streamlit forgets a widget's state when it is not drawn.

    Call before the widget with the widget's `key`; the value is copied back to that key.
    """
    kept = f"kept_{key}"
    if key in st.session_state:
        st.session_state[kept] = st.session_state[key]
    elif kept in st.session_state:
        st.session_state[key] = st.session_state[kept]
    else:
        st.session_state[key] = st.session_state[kept] = default
    return st.session_state[key]


def go_to(page: str) -> None:
    """Run a page of the app from its start, by its key in `PAGES`; never returns."""
    st.switch_page(st.session_state[PAGES][page])
