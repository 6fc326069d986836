"""A page with nothing but the map, over seeded synthetic atlases of two models."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components import atlas_map as am
from app.components.atlas_map.colourings import publish_array
from app.server.published import frontend_base, publish_bytes, publish_file
from models.onnx.export_decoder import export_decoder
from tests.browser.parts_app.atlas_data import ATTRIBUTES, DIMENSIONS, POINTS, make, nearer_of_100
from tests.conftest import tiny_network

NAMES = [am.NamedPlace("glasses", 3.0, 1.0), am.NamedPlace("blond hair", -3.0, 1.0)]


@st.cache_resource
def atlas(model: str, points: int) -> tuple[am.AtlasSource, NDArray[np.float32], am.Filters]:
    """Addresses, places for the colourings, and what the faces can be filtered by."""
    made = make(model, points)
    nearer = nearer_of_100(made["xy"])
    names = {name: name for name in ATTRIBUTES}
    columns = {name: column for column, name in enumerate(ATTRIBUTES)}
    return am.publish_atlas(**made), made["xy"], am.Filters(names, columns, publish_array(nearer, "u1", "distance.u8"))


@st.cache_resource
def decoder(model: str) -> str:
    """Address of a small seeded decoder."""
    path = Path(os.environ["PARTS_SCRATCH"]) / f"map-{model}.onnx"
    export_decoder(tiny_network(model, latent_dim=DIMENSIONS, seed=len(model)), path)
    return publish_file(path)


def colouring(choice: str, xy: NDArray[np.float32]) -> am.Colouring:
    """What the colour choice stands for."""
    if choice in ATTRIBUTES:
        return am.AttributeColouring(choice, ATTRIBUTES.index(choice))
    if choice == "Smiling (labels)":
        return am.label_colouring("Smiling", np.where(xy[:, 0] > 2, 1, -1))
    if choice == "Direction":
        return am.value_colouring("Dimension 17", (xy[:, 0] - xy[:, 0].mean()) / xy[:, 0].std(), "sd", centre=0)
    return am.DensityColouring() if choice == "Density" else am.PartitionColouring()


def main() -> None:
    st.subheader("Explore")
    model = st.radio("Model", ["ae", "vae"], horizontal=True)
    choices = [*ATTRIBUTES, "Smiling (labels)", "Direction", "Density", "Partition"]
    choice = st.radio("Colour by", choices, horizontal=True)
    shown = st.toggle("Show the map", True)
    source, xy, filters = atlas(model, int(st.query_params.get("points", POINTS)))
    if fault := st.query_params.get("fault"):
        source = broken(source, fault)
    st.session_state.setdefault("row", 100)
    if shown:
        event = am.atlas_map(
            key="map",
            model=am.MapModel(model, model.upper(), decoder(model)),
            source=source,
            colouring=colouring(choice, xy),
            current=st.session_state.row,
            regions=NAMES if st.query_params.get("faces") else None,
            filters=filters if st.query_params.get("filters") else None,
        )
        if event.clicked is not None:
            st.session_state.row = event.clicked
            st.session_state.clicks = st.session_state.get("clicks", 0) + 1
            st.rerun()
        if event.selected is not None:
            st.session_state.selected = event.selected
    chosen = st.session_state.get("selected", np.zeros(0, int))
    st.text(f"row {st.session_state.row} clicks {st.session_state.get('clicks', 0)}")
    st.text(f"selected {len(chosen)} sum {int(chosen.sum())}")
    st.text(f"base {frontend_base()}")


def broken(source: am.AtlasSource, fault: str) -> am.AtlasSource:
    """The atlas with a file of positions that is too short."""
    return replace(source, xy=publish_bytes(b"\0" * 100, "short.f32")) if fault == "short" else source


main()
