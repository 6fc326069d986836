"""The latent pad: a face and banks of sliders. It decodes in the browser while the hand moves.

Python hears of the sliders only when the hand lets go. Call `latent_pad` inside an `st.fragment`, so that a release
reruns that fragment and nothing else on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import streamlit as st

from app.components import component
from app.components.latent_pad.inputs import (
    SHOWN,
    PadInput,
    PadModel,
    PadPoint,
    PadSliders,
    PadState,
    Plausibility,
    Readings,
    combine,
)
from app.components.latent_pad.message import PadMessage
from app.components.latent_pad.to_browser import message_ahead, message_of
from app.components.latent_pad.visits import first_state, left_in_other_models, state_of
from app.drawing.picture_files import png_address

__all__ = [
    "SHOWN", "PadInput", "PadMessage", "PadModel", "PadPoint", "PadSliders", "PadState", "Plausibility", "Readings",
    "combine", "first_message", "latent_pad", "left_in_other_models", "pad_ahead",
]  # fmt: skip

_mount = component("latent_pad")


def latent_pad(given: PadInput) -> PadState:
    """Mount the pad and return what the hand left in it."""
    previous = st.session_state.get(given.key) or {}
    visit, state = state_of(given, previous.get("committed"))
    state = replace(state, turn=_turn(given, visit, previous.get("turned")))
    rest = given.point.z
    if given.bent is not None and state.weights:
        z, banks = given.bent(state.weights)
        given = replace(given, point=replace(given.point, z=z), sliders=replace(given.sliders, banks=banks))
    picture = None
    if previous.get("failed") and given.model.on_server is not None:
        z = combine(np.asarray(given.point.z, np.float32), given.sliders.by_key(), state.weights)
        picture = png_address(given.model.on_server(z))
    data = message_of(given, visit, state, picture, rest)
    _mount(key=given.key, data=data, on_committed_change=_nothing, on_failed_change=_nothing, on_turned_change=_nothing)
    return state


def _turn(given: PadInput, visit: str, turned: Any) -> Literal["", "back", "forward"]:
    """Where the browser's latest word, `message.PadTurn` if it can be trusted, asks to go from this visit."""
    to = turned.get("to") if isinstance(turned, Mapping) and turned.get("point") == visit else None
    if to == "back" and given.point.back:
        return "back"
    return "forward" if to == "forward" and given.point.forward else ""


def pad_ahead(given: PadInput) -> None:
    """Mount a pad that has no point yet, in a place that the page hides: its first point then appears sooner.

    Args:
        given: as for `latent_pad`, which will draw in the same place; any point of the right size.
    """
    _mount(key=given.key, data=message_ahead(given), on_committed_change=_nothing, on_failed_change=_nothing)


def first_message(given: PadInput) -> PadMessage:
    """What `latent_pad` will hand to the browser in a new session, for whoever can hand it over sooner."""
    return message_of(given, *first_state(given), picture=None)


def _nothing() -> None:
    """Streamlit only keeps a component's state where it has a callback."""
