"""The map of encoded faces with the current face on it, and the faces selected there."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.for_browsers import atlas_source, decoder_url, distance_url
from app.checkpoints.opening import OpenModel, offered
from app.checkpoints.regions import regions
from app.components.atlas_map import (
    Colouring,
    DensityColouring,
    Filters,
    MapModel,
    atlas_map,
)
from app.controls.own_columns import own_quantities
from app.server.published import missing_assets
from app.session.address import FOLLOWED
from app.session.current import set_point
from app.session.pages import go_to
from app.session.point import Point
from app.session.remembered import BY_ADDRESS
from app.texts.attributes import attribute_name

FILTER = "map_filter"  # as the browser writes it, for links
SELECTION = "selected_images"  # image numbers: the rows of one atlas say nothing of another's


def show_map(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32] | None,
    colouring: Colouring | None = None,
    then: str = "explore",
    filtered: bool = False,
    by_attributes: bool = False,
) -> None:
    """The map with its marker at a point; a click makes another face current.

    Args:
        model: one that has an atlas.
        point: the current point.
        z: float32 [D], the point in this model; None shows no marker.
        colouring: what the colours say; how crowded the map is, if not given.
        then: the page to go to after a click.
        filtered: whether there is a filter under it, which the address may hold.
        by_attributes: whether places use the attributes too, where there is such a map.
    """
    if missing_assets():
        return
    row = point.row(model) if z is not None else None
    event = atlas_map(
        key="map",
        model=MapModel(model.name, model.title, decoder_url(model)),
        source=atlas_source(model, by_attributes),
        colouring=colouring or DensityColouring(),
        current=z if row is None else row,
        regions=regions(model, by_attributes),
        filters=_filters(model) if filtered else None,
    )
    assert model.atlas is not None
    if event.filter is not None:
        st.session_state[FILTER] = event.filter
    if event.selected is not None:
        st.session_state[SELECTION] = model.atlas.image[event.selected]
    if event.clicked is not None and event.clicked != row:
        set_point(Point(image=int(model.atlas.image[event.clicked])))
        go_to(then)


def _filters(model: OpenModel) -> Filters:
    """What the faces can be filtered by, and what a link has just asked for."""
    assert model.atlas is not None
    if st.session_state.get(BY_ADDRESS):
        st.session_state[FILTER] = st.query_params.get("filter", "")
    names = {attribute: attribute_name(attribute) for attribute in offered(model.atlas.attributes)}
    return Filters(
        names=dict(sorted(names.items(), key=lambda entry: entry[1].lower())),
        columns={attribute: column for column, attribute in enumerate(model.atlas.attributes)},
        distance=distance_url(model),
        text=current_filter(),
        asked=f"link {st.session_state.get(FOLLOWED, 0)}",
        quantities=own_quantities(model),
    )


def current_filter() -> str:
    """The filter of the map as text, "" for none."""
    return str(st.session_state.get(FILTER, ""))


def selected_rows(model: OpenModel) -> NDArray[np.int64]:
    """Rows of the selected faces in the atlas of a model that has one, in order; none where nothing is selected."""
    assert model.atlas is not None
    return model.atlas.rows_of(st.session_state.get(SELECTION, []))
