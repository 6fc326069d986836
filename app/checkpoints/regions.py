"""The names of a map's regions, worked out once for all visitors."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.attribute_maps import places
from app.checkpoints.beforehand import beforehand
from app.checkpoints.opening import OpenModel
from app.components.atlas_map import NamedPlace
from app.texts import language
from app.texts.attributes import attribute_word
from latent.attribute_axes import PRESENT
from latent.regions import named_regions
from models.checkpoint_files import Stamp
from models.data.attributes import JUDGING

PIECES = 24
NONE = -1  # in place of a second attribute
UNSEEN = (
    "Arched_Eyebrows", "Bags_Under_Eyes", "Blurry", "Bushy_Eyebrows", "High_Cheekbones", "Oval_Face", "Pointy_Nose",
    "Rosy_Cheeks", "Sideburns",
)  # fmt: skip
"""Attributes that nobody recognises in a picture as small as those on the map, so that they would explain nothing."""


def regions(model: OpenModel, by_attributes: bool = False) -> tuple[NamedPlace, ...]:
    """Names on the map of a model that has an atlas, its own or that by attributes, the clearest first."""
    assert model.atlas is not None
    laid_out, xy = places(model, by_attributes)
    return _regions(model.identity, language(), laid_out, xy, model)


@st.cache_resource(show_spinner=False, max_entries=32)
def _regions(
    identity: str, spoken: str, laid_out: Stamp | None, _xy: NDArray[np.float32], _model: OpenModel
) -> tuple[NamedPlace, ...]:
    atlas = _model.atlas
    assert atlas is not None
    scores, names = atlas.scores, atlas.attributes

    def work_out() -> dict[str, object]:
        without = [column for column, name in enumerate(names) if name in (*JUDGING, *UNSEEN)]
        found = named_regions(_xy, scores > PRESENT, without, PIECES)
        columns = [(*region.columns, NONE)[:2] for region in found]
        return {"x": [region.x for region in found], "y": [region.y for region in found], "columns": columns}

    found = beforehand(_model.files, "regions", (laid_out,), work_out)
    words = (", ".join(attribute_word(names[one]) for one in pair if one != NONE) for pair in found["columns"])
    return tuple(map(NamedPlace, words, found["x"].tolist(), found["y"].tolist()))
