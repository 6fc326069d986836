"""How vivid the visitor wants faces to be drawn: one choice for every page and every model that leaves one."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from app.checkpoints.opening import OpenModel, open_all
from models.faithful import VIVID

CHOSEN = "vividness"


def vividness() -> float:
    """From 0, faithful, to 1, vivid."""
    return float(st.session_state.get(CHOSEN, VIVID))


def set_vividness(share: float) -> None:
    """Draw faces like this from now on; a page that is drawn already has to run again.

    Args:
        share: from 0, faithful, to 1, vivid.
    """
    st.session_state[CHOSEN] = share


def as_chosen(model: OpenModel) -> OpenModel:
    """The model as the visitor wants it drawn."""
    return model.drawn_at(vividness())


def open_as_chosen() -> tuple[dict[str, OpenModel], list[str]]:
    """Every checkpoint that can be opened as the visitor wants it drawn, and a sentence for each that cannot."""
    models, problems = open_all()
    return {name: as_chosen(model) for name, model in models.items()}, problems


def in_address(models: Iterable[OpenModel]) -> dict[str, str]:
    """What an address says of how the models are drawn: nothing where they are drawn as they come."""
    return next(({"vivid": f"{model.vivid:g}"} for model in models if model.vivid != VIVID), {})
