"""The model switch, which holds on every page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.checkpoints.discovery import model_to_begin_with
from app.checkpoints.opening import OpenModel
from app.session.current import MODEL
from app.session.remembered import remember
from app.texts import _


def current_model(models: Mapping[str, OpenModel]) -> OpenModel:
    """The model that the switch stands on, before it is drawn."""
    return models.get(
        st.session_state.get(MODEL) or st.session_state.get(f"kept_{MODEL}", ""), models[model_to_begin_with(models)]
    )


def choose_model(models: dict[str, OpenModel]) -> OpenModel:
    """The model switch; the choice holds on every page."""
    if st.session_state.get(MODEL) not in models:
        st.session_state.pop(MODEL, None)
    remember(MODEL, model_to_begin_with(models))
    if st.session_state[MODEL] not in models:
        st.session_state[MODEL] = model_to_begin_with(models)
    name = st.segmented_control(
        _("Model"),
        list(models),
        format_func=lambda name: models[name].title,
        key=MODEL,
        required=True,
        help=_(
            "AE: an autoencoder, which squeezes a face into a list of numbers and rebuilds it. VAE: a variational "
            "autoencoder, which learns a small cloud of numbers for each face, so that points in between make sense "
            "too."
        ),
    )
    return models[name or model_to_begin_with(models)]


def two_models(models: Mapping[str, OpenModel]) -> list[OpenModel]:
    """The pair to compare: all, where there are one or two, else two that the visitor chooses."""
    if len(models) <= 2:
        return list(models.values())
    remember("compared", list(models)[:2])
    if not set(st.session_state["compared"]) <= set(models):
        st.session_state["compared"] = list(models)[:2]
    names = st.multiselect(
        _("Models side by side"),
        list(models),
        format_func=lambda name: models[name].title,
        key="compared",
        max_selections=2,
        placeholder=_("Choose options"),
        width=420,
    )
    return [models[name] for name in names or list(models)[:2]]
