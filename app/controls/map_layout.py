"""What the places on the map say, and the box that chooses it where there is more than one map of the same faces."""

from __future__ import annotations

import streamlit as st

from app.checkpoints.attribute_maps import attribute_map
from app.checkpoints.opening import OpenModel
from app.drawing.numbers import percent
from app.session.remembered import remember
from app.texts import N_, _

LAYOUT, PARAMETER = "map_layout", "map"
CODE, ATTRIBUTES = "code", "attributes"
NAMES = {CODE: N_("The code alone"), ATTRIBUTES: N_("Code and attributes")}


def choose(model: OpenModel) -> bool:
    """The box, where there is a choice; returns whether places are to use the attributes too."""
    if attribute_map(model) is None:
        return False
    asked = st.query_params.get(PARAMETER)
    remember(LAYOUT, CODE, asked if asked in NAMES else None)
    st.selectbox(_("Place faces by"), list(NAMES), format_func=lambda key: _(NAMES[key]), key=LAYOUT, width=210)
    return st.session_state[LAYOUT] == ATTRIBUTES


def in_address(model: OpenModel) -> dict[str, str]:
    """What the address says of it: nothing of the map that everybody begins with."""
    chosen = attribute_map(model) is not None and st.session_state.get(LAYOUT) == ATTRIBUTES
    return {PARAMETER: ATTRIBUTES} if chosen else {}


def about(model: OpenModel) -> str:
    """What the map by attributes is, and what it keeps beside the plain one; of a model that has it."""
    found = attribute_map(model)
    assert found is not None
    return _(
        "Places use what the classifier sees, not the code alone, so faces with the same attributes lie together. A "
        "face's neighbours here tell its attributes with an AUC of {auc:.2f} (on the plain map {plain_auc:.2f}; 0.5 is "
        "guessing), and {kept} of the ten nearest codes are among the ten nearest here (on the plain map {plain_kept})."
    ).format(
        auc=found.quality.auc,
        plain_auc=found.plain.auc,
        kept=percent(found.quality.kept, 1),
        plain_kept=percent(found.plain.kept, 1),
    )
