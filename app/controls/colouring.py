"""What the colours of the map say, and the box that chooses it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app.checkpoints.celeba import true_labels
from app.checkpoints.opening import OpenModel
from app.components.atlas_map import (
    AttributeColouring,
    Colouring,
    DensityColouring,
    PartitionColouring,
    label_colouring,
    value_colouring,
)
from app.session.remembered import remember
from app.texts import N_, _
from app.texts.from_below import told
from latent.directions import coordinates
from models.data.attributes import JUDGING, plain_name

COLOURING = "colouring"
LABEL, WHICH, FIRST = N_("Colour the map by"), N_("Which direction"), "Eyeglasses"


DENSITY, PARTITION, DIRECTION = N_("How crowded"), N_("Training or test part"), N_("A slider's direction")


def choose_colouring(model: OpenModel) -> Colouring:
    """The box that chooses what colours say."""
    assert model.atlas is not None
    names = {plain_name(attribute): column for column, attribute in enumerate(model.atlas.attributes)}
    remember(COLOURING, first_colouring(model))
    choice = st.selectbox(_(LABEL), colourings(model), format_func=_, key=COLOURING, width=260)
    if choice == DIRECTION:
        return _direction_colouring(model)
    labels = true_labels(model) if choice in names else None
    if labels is not None and (labels[:, names[choice]] >= 0).any():
        column = labels[:, names[choice]].astype(np.float32)
        return label_colouring(_(choice), np.where(column < 0, np.nan, column))
    return plain_colouring(model, choice)


def plain_colouring(model: OpenModel, choice: str) -> Colouring:
    """What one of `colourings` but DIRECTION says without the viewer's own labels."""
    if choice == DENSITY:
        return DensityColouring()
    if choice == PARTITION:
        return PartitionColouring()
    assert model.atlas is not None
    return AttributeColouring(_(choice), [plain_name(attribute) for attribute in model.atlas.attributes].index(choice))


def first_colouring(model: OpenModel) -> str:
    """The one of `colourings` that a map begins with."""
    options = colourings(model)
    return FIRST if FIRST in options else options[0]


def colourings(model: OpenModel) -> list[str]:
    """What the colours of a model's map can say: its attributes, but for those that judge people, and more."""
    assert model.atlas is not None
    told = (plain_name(attribute) for attribute in model.atlas.attributes if attribute not in JUDGING)
    return [*sorted(told, key=str.lower), DIRECTION, DENSITY, PARTITION]


def _direction_colouring(model: OpenModel) -> Colouring:
    """How far each face lies along a direction that the visitor chooses, in standard deviations over all faces."""
    assert model.atlas is not None
    offered = {direction.name: direction for bank in model.banks for direction in bank.directions}
    key = f"direction of {model.name}"
    remember(key, next(iter(offered)))
    chosen = offered[st.selectbox(_(WHICH), list(offered), format_func=told, key=key, width=220)]
    along = coordinates(model.atlas.mu, chosen.vector)
    return value_colouring(told(chosen.name), along, told("sd"), centre=0.0)
