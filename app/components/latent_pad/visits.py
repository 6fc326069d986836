"""Where the hand left a pad's sliders, kept in the session: through reruns, other pages and other points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.components.latent_pad.inputs import PadInput, PadState
from latent.directions import Direction


def state_of(given: PadInput, committed: Any) -> tuple[str, PadState]:
    """The visit's name, and the state that the hand left during it, here or before a switch of the page.

    Streamlit drops a component's own state when its page goes, so each model's latest word is kept beside it.
    A visit is a stay at one point: who leaves a point and comes back starts anew, so the point's id alone is no name.
    The bank is the pad's, whatever the point and the model: it stays on screen until the hand or a link takes another.

    Args:
        given: what the page hands to the pad.
        committed: the browser's latest word, `message.PadCommit` if it can be trusted.
    """
    model, point, sliders = given.model.name, given.point, given.sliders
    kept: dict[str, Any] = st.session_state.setdefault(f"{given.key} kept", {"bank": "", "heard": None, "models": {}})
    mine = kept["models"].setdefault(model, {"point": None, "visit": -1, "left": None})
    fresh = mine["point"] != point.id
    if fresh:
        mine.update(point=point.id, visit=mine["visit"] + 1, left=None)
    visit = _visit(point.id, mine["visit"])
    linked = fresh and bool(sliders.start.bank)
    if linked:
        kept["bank"] = sliders.start.bank
    vivid = None
    if isinstance(committed, Mapping) and committed != kept["heard"]:
        kept["heard"] = committed
        vivid = _share(committed.get("vivid"))
        here = committed.get("model") == model and committed.get("point") == visit
        if here:
            mine["left"] = _checked(committed.get("weights"), sliders.by_key())
        if here or not linked:
            kept["bank"] = str(committed.get("bank", ""))
    weights = _checked(sliders.start.weights, sliders.by_key()) if mine["left"] is None else mine["left"]
    return visit, PadState(sliders.bank(kept["bank"]), weights, vivid)


def left_in_other_models(given: PadInput) -> list[str]:
    """Names of the other models in which the hand has moved sliders of this pad at the point that it stands at."""
    _, _, point = given.point.id.partition(" ")  # the id begins with the model's own identity
    kept: dict[str, Any] = st.session_state.get(f"{given.key} kept", {"models": {}})
    return [
        name
        for name, mine in kept["models"].items()
        if name != given.model.name and mine["left"] and str(mine["point"]).partition(" ")[2] == point
    ]


def first_state(given: PadInput) -> tuple[str, PadState]:
    """The same in a new session."""
    sliders = given.sliders
    weights = _checked(sliders.start.weights, sliders.by_key())
    return _visit(given.point.id, 0), PadState(sliders.bank(sliders.start.bank), weights)


def _visit(point_id: str, number: int) -> str:
    return f"{point_id}#{number}"


def _share(value: Any) -> float | None:
    """A number from 0 to 1, in the steps of the slider; None where the browser sent none."""
    return round(float(value), 1) if isinstance(value, int | float) and 0 <= value <= 1 else None


def _checked(weights: Any, directions: Mapping[str, Direction]) -> dict[str, float]:
    """Only known directions, finite and in range: weights come from a browser."""
    if not isinstance(weights, Mapping):
        return {}
    return {
        key: float(min(max(value, directions[key].low), directions[key].high))
        for key, value in weights.items()
        if key in directions and isinstance(value, int | float) and math.isfinite(value)
    }
