"""The map of encoded faces with the current face on it, and the faces selected there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.attribute_maps import places
from app.checkpoints.for_browsers import atlas_source, decoder_url, distance_url
from app.checkpoints.opening import OpenModel, offered
from app.checkpoints.regions import regions
from app.components.atlas_map import (
    Colouring,
    Current,
    DensityColouring,
    Filters,
    MapModel,
    atlas_map,
)
from app.components.atlas_map.filters import Quantity
from app.controls.own_columns import own_quantities
from app.server.published import missing_assets
from app.session.address import FOLLOWED
from app.session.current import set_point
from app.session.pages import go_to
from app.session.point import Point
from app.session.remembered import follows, took_over
from app.texts.attributes import attribute_name
from latent.projection import place

FILTER = "map_filter"  # as the browser writes it, for links
MOST_PLACED = 200_000  # faces, as in arrays.mjs: of more the browser has some codes from the start
SELECTION = "selected_images"  # image numbers: the rows of one atlas say nothing of another's


def show_map(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32] | None,
    colouring: Colouring | None = None,
    then: str = "explore",
    filtered: bool = False,
    by_attributes: bool = False,
    begins: NDArray[np.float32] | None = None,
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
        begins: float32 [D], the point with the sliders that a link has set; `z`, if not given.
    """
    if missing_assets():
        return
    row = point.row(model) if z is not None else None
    stands = None
    if z is not None:
        stands = current(model, z if row is None else row, z if begins is None else begins, by_attributes)
    event = atlas_map(
        key="map",
        model=MapModel(model.name, model.title, decoder_url(model)),
        source=atlas_source(model, by_attributes),
        colouring=colouring or DensityColouring(),
        current=stands,
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


def current(
    model: OpenModel, point: int | NDArray[np.float32], z: NDArray[np.float32], by_attributes: bool
) -> int | NDArray[np.float32] | Current:
    """The current point, with its place but where the marker begins at a face of the map.

    Args:
        model: one that has an atlas.
        point: a row of it, or a latent [D].
        z: float32 [D], the point with the sliders that a link has set.
        by_attributes: whether places use the attributes too.
    """
    assert model.atlas is not None
    if len(model.atlas) > MOST_PLACED:
        return point
    if isinstance(point, int) and np.array_equal(z, model.atlas.mu[point].astype(np.float32)):
        return point
    laid_out, xy = places(model, by_attributes)
    return Current(point, z, _place(f"{model.identity} {laid_out}", z.tobytes(), xy, model))


@st.cache_data(show_spinner=False, max_entries=200)
def _place(key: str, code: bytes, _xy: NDArray[np.float32], _model: OpenModel) -> NDArray[np.float32]:
    assert _model.atlas is not None
    return place(np.frombuffer(code, np.float32), _model.atlas.mu, _xy)


def map_filters(model: OpenModel, text: str = "", asked: str = "", quantities: Sequence[Quantity] = ()) -> Filters:
    """What the faces of a model that has an atlas can be filtered by; the other arguments as in `Filters`."""
    assert model.atlas is not None
    names = {attribute: attribute_name(attribute) for attribute in offered(model.atlas.attributes)}
    return Filters(
        names=dict(sorted(names.items(), key=lambda entry: entry[1].lower())),
        columns={attribute: column for column, attribute in enumerate(model.atlas.attributes)},
        distance=distance_url(model),
        text=text,
        asked=asked,
        quantities=quantities,
    )


def _filters(model: OpenModel) -> Filters:
    """The same with the viewer's own columns, and with what a link has just asked for."""
    if follows(FILTER):
        st.session_state[FILTER] = st.query_params.get("filter", "")
        took_over(FILTER)
    asked = f"link {st.session_state.get(FOLLOWED, 0)}"
    return map_filters(model, current_filter(), asked, own_quantities(model))


def current_filter() -> str:
    """The filter of the map as text, "" for none."""
    return str(st.session_state.get(FILTER, ""))


def selected_rows(model: OpenModel) -> NDArray[np.int64]:
    """Rows of the selected faces in the atlas of a model that has one, in order; none where nothing is selected."""
    assert model.atlas is not None
    return model.atlas.rows_of(st.session_state.get(SELECTION, []))
