"""Explore: the map of encoded faces, and the current face under sliders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel, atlas_source, celeba, true_labels
from app.components.atlas_map import (
    AttributeColouring,
    Colouring,
    DensityColouring,
    PartitionColouring,
    atlas_map,
    label_colouring,
    value_colouring,
)
from app.controls.common import choose_model, decode, decoder_url, open_all, pad, plain_text, show_problems
from app.server.published import frontend_base, missing_assets
from app.session.point import Point, go_to, point_in, random_face, remember, set_point
from latent.attribute_axes import PRESENT
from latent.directions import coordinates
from models.data.attributes import plain_name

COLOURING = "colouring"
DENSITY, PARTITION, DIRECTION = "How crowded", "Training or test part", "A slider's direction"
SELECTION = "selected_images"  # image numbers: the rows of one atlas say nothing of another's
PROFILE_ROWS = 8


def render() -> None:
    """Draw the page."""
    st.title("Explore the latent space")
    models, problems = open_all()
    _, celeba_problem = celeba()
    show_problems([*problems, celeba_problem] if celeba_problem else problems)
    if not models:
        st.error(
            "There is no checkpoint to explore. Put one into the folder checkpoints, point FACESPACE_CHECKPOINTS at "
            "a folder that holds some, or train one with train.py.",
            icon=":material/folder_off:",
        )
        return
    st.caption(
        "Each dot is one encoded face. Faces that the model finds alike lie close together. "
        "Point at a dot to see its face, click it to work on it, then drag a slider."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(models)
        if model.atlas is not None:
            colouring = _choose_colouring(model)
            if st.button("Random face", icon=":material/shuffle:"):
                set_point(random_face(model))
    if model.atlas is None:
        st.info("This model has no map yet. Choose another one, or make the map with build_atlas.py.")
        return
    point, z = point_in(model)
    left, right = st.columns(2, gap="medium")
    with left:
        show_map(model, point, z, colouring)
        _selection(model)
    with right:
        _pad(model, point, z)


@st.fragment
def _pad(model: OpenModel, point: Point, z: NDArray[np.float32]) -> None:
    assert model.atlas is not None
    name = f"**{plain_text(point.name(model))}**" + (" of CelebA" if point.encoded else "")
    title = f"{name}, decoded by the {model.title}"
    pad(model, point, z, title=title, more={"colour": st.session_state[f"kept_{COLOURING}"]})


def _choose_colouring(model: OpenModel) -> Colouring:
    """The box that chooses what colours say."""
    assert model.atlas is not None
    names = {plain_name(attribute): column for column, attribute in enumerate(model.atlas.attributes)}
    options = colourings(model)
    remember(COLOURING, "Eyeglasses" if "Eyeglasses" in names else options[0])
    choice = st.selectbox("Colour the map by", options, key=COLOURING, width=260)
    if choice == DENSITY:
        return DensityColouring()
    if choice == PARTITION:
        return PartitionColouring()
    if choice == DIRECTION:
        return _direction_colouring(model)
    labels = true_labels(model)
    if labels is not None:
        column = labels[:, names[choice]].astype(np.float32)
        return label_colouring(choice, np.where(column < 0, np.nan, column))
    return AttributeColouring(choice, names[choice])


def colourings(model: OpenModel) -> list[str]:
    """What the colours of a model's map can say."""
    assert model.atlas is not None
    return [*sorted(map(plain_name, model.atlas.attributes), key=str.lower), DIRECTION, DENSITY, PARTITION]


def _direction_colouring(model: OpenModel) -> Colouring:
    """How far each face lies along a direction that the visitor chooses, in standard deviations over all faces."""
    assert model.atlas is not None
    offered = {direction.name: direction for bank in model.banks for direction in bank.directions}
    key = f"direction of {model.name}"
    remember(key, next(iter(offered)))
    chosen = offered[st.selectbox("Which direction", list(offered), key=key, width=220)]
    along = coordinates(model.atlas.mu, chosen.vector)
    return value_colouring(chosen.name, along, "sd", centre=0.0)


def show_map(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32] | None,
    colouring: Colouring | None = None,
    then: str = "explore",
) -> None:
    """The map with its marker at a point; a click makes another face current.

    Args:
        model: one that has an atlas.
        point: the current point.
        z: float32 [D], the point in this model; None shows no marker.
        colouring: what the colours say; how crowded the map is, if not given.
        then: the page to go to after a click.
    """
    if missing_assets():
        return
    row = point.row(model) if z is not None else None
    event = atlas_map(
        key="map",
        model=model.name,
        model_name=model.title,
        source=atlas_source(model),
        colouring=colouring or DensityColouring(),
        base_url=frontend_base(),
        decoder_url=decoder_url(model),
        current_row=row,
        current_z=None if row is not None else z,
    )
    assert model.atlas is not None
    if event.selected is not None:
        st.session_state[SELECTION] = model.atlas.image[event.selected]
    if event.clicked is not None and event.clicked != row:
        set_point(Point(image=int(model.atlas.image[event.clicked])))
        go_to(then)


def selected_rows(model: OpenModel) -> NDArray[np.int64]:
    """Rows of the selected faces in the atlas of a model that has one, in order; none where nothing is selected."""
    assert model.atlas is not None
    return model.atlas.rows_of(st.session_state.get(SELECTION, []))


def _selection(model: OpenModel) -> None:
    """What sets a lassoed group apart: its mean face and its attributes against the rest."""
    assert model.atlas is not None
    rows = selected_rows(model)
    if not len(rows):
        return
    st.subheader(f"Your selection: {len(rows):,} faces")
    profile = group_profile(model.atlas.scores, rows, model.atlas.attributes)
    left, right = st.columns([1, 2], gap="medium", vertical_alignment="center")
    mean = model.atlas.mu[rows].astype(np.float32).mean(0)
    left.image(decode(model, mean[None])[0], caption="Mean face: the mean of their latents, decoded", width=220)
    right.dataframe(
        profile,
        hide_index=True,
        column_config={
            name: st.column_config.ProgressColumn(name, format="percent", min_value=0, max_value=1)
            for name in ("In the selection", "In the rest")
        },
    )
    right.caption(
        "The attributes in which the selection differs most from all other faces, by the classifier's reading."
    )


def group_profile(
    scores: NDArray[np.uint8], rows: NDArray[np.integer], attributes: Sequence[str]
) -> dict[str, list[str] | list[float]]:
    """The attributes in which a group differs most from the rest.

    Args:
        scores: uint8 [M, A], probability times 255.
        rows: the group, [R].
        attributes: the A names.

    Returns:
        Columns, one entry for each of the strongest differences: plain name, share in the group, share in the rest.
    """
    inside = np.zeros(len(scores), bool)
    inside[rows] = True
    present = scores > PRESENT
    group = present[inside].mean(0)
    rest = present[~inside].mean(0) if not inside.all() else group
    order = np.argsort(-np.abs(group - rest), kind="stable")[:PROFILE_ROWS]
    return {
        "Attribute": [plain_name(attributes[a]) for a in order],
        "In the selection": group[order].tolist(),
        "In the rest": rest[order].tolist(),
    }
