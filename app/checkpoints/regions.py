"""The names of a map's regions, worked out once for all visitors."""

from __future__ import annotations

import streamlit as st

from app.checkpoints.opening import OpenModel
from app.components.atlas_map import NamedPlace
from app.texts import language
from app.texts.attributes import attribute_word
from latent.atlas import Atlas
from latent.attribute_axes import PRESENT
from latent.regions import named_regions
from models.data.attributes import JUDGING

PIECES = 24
UNSEEN = (
    "Arched_Eyebrows", "Bags_Under_Eyes", "Blurry", "Bushy_Eyebrows", "High_Cheekbones", "Oval_Face", "Pointy_Nose",
    "Rosy_Cheeks", "Sideburns",
)  # fmt: skip
"""Attributes that nobody recognises in a picture as small as those on the map, so that they would explain nothing."""


def regions(model: OpenModel) -> tuple[NamedPlace, ...]:
    """Names on the map of a model that has an atlas, the clearest first."""
    assert model.atlas is not None
    return _regions(model.identity, language(), model.atlas)


@st.cache_resource(show_spinner=False, max_entries=32)
def _regions(identity: str, spoken: str, _atlas: Atlas) -> tuple[NamedPlace, ...]:
    names = _atlas.attributes
    without = [column for column, name in enumerate(names) if name in (*JUDGING, *UNSEEN)]
    return tuple(
        NamedPlace(", ".join(attribute_word(names[column]) for column in region.columns), region.x, region.y)
        for region in named_regions(_atlas.xy, _atlas.scores > PRESENT, without, PIECES)
    )
