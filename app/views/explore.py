"""Explore: the map of encoded faces, and the current face under sliders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import celeba
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.controls import map_layout
from app.controls.colouring import COLOURING, choose_colouring
from app.controls.face_map import current_filter, selected_rows, show_map
from app.controls.model_switch import choose_model, current_model
from app.controls.own_columns import bring_columns
from app.controls.pad import FEW, PadOnPage, linked, pad, shown
from app.controls.problems import show_problems
from app.controls.take_along import take_along
from app.drawing import gallery
from app.drawing.page_styles import EXPLORE_COLUMNS, EXPLORE_CONTROLS, EXPLORE_SELECTION, FIRST_WORDS
from app.drawing.plain_text import plain_text
from app.drawing.saved_table import save_table
from app.session.current import point_in, random_face, set_point
from app.session.pages import go_to
from app.session.point import Point
from app.session.vividness import open_as_chosen
from app.texts import N_, _, ngettext, numeral
from app.texts.attributes import attribute_name
from latent.attribute_axes import PRESENT
from latent.groups import distinctions
from models.data.attributes import JUDGING

PROFILE_ROWS = 6
GREETING = "attribute-Smiling"
TITLE = N_("Explore the latent space")
RANDOM = N_("Random face")
MAP_WORDS = N_("Each dot on the map is another face: point at one to see it, click it to take it.")
ABOUT_THE_MAP = N_(
    "A name says what is more common there than elsewhere, by the classifier's reading. The map is flat and keeps "
    "neighbours together only roughly: chapter 4 of the lesson counts how many."
)


def render() -> None:
    """Draw the page."""
    st.title(_(TITLE))
    models, problems = open_as_chosen()
    pictures, celeba_problem = celeba()
    show_problems([*problems, celeba_problem] if celeba_problem else problems)
    if not models:
        st.error(
            _(
                "There is no checkpoint to explore. Put one into the folder checkpoints, point FACESPACE_CHECKPOINTS "
                "at a folder that holds some, or train one with train.py."
            ),
            icon=":material/folder_off:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(key=FIRST_WORDS, horizontal=True, width="stretch", gap="xsmall"):
            st.markdown(first_words(current_model(models)), width="content")
            st.markdown(_(MAP_WORDS), width="content")
        if st.button(_("Start the lesson"), icon=":material/school:", key="start the lesson"):
            go_to("lesson")
    with st.container(key=EXPLORE_CONTROLS, horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(models)
        if model.atlas is not None:
            colouring = choose_colouring(model)
            by_attributes = map_layout.choose(model)
            if st.button(_(RANDOM), icon=":material/shuffle:", key="random_face"):
                set_point(random_face(model))
    if model.atlas is None:
        st.info(_("This model has no map yet. Choose another one, or make the map with build_atlas.py."))
        return
    point, z = point_in(model)
    with st.container(key=EXPLORE_COLUMNS):
        left, right = st.columns(2, gap="medium")
    with left:
        show_map(model, point, z, colouring, filtered=True, by_attributes=by_attributes, begins=linked(model, point, z))
        st.caption(map_layout.about(model) if by_attributes else _(ABOUT_THE_MAP))
        bring_columns()
    with right:
        with st.container(key=EXPLORE_SELECTION):  # takes no room while nothing is selected, so the pad keeps its place
            _selection(model)
        _pad(model, point, z)
    if pictures is not None and pictures.notes:  # last, so that nothing above has to make room for it
        st.caption(_("Your pictures. {notes}").format(notes=plain_text(" ".join(pictures.notes))))


def first_words(model: OpenModel) -> str:
    """What there is to do, for whoever has never seen this: Markdown."""
    return _(
        "This face is **{dimensions} numbers**. Drag a slider: the numbers change, and the face with them."
    ).format(dimensions=model.config.latent_dim)


@st.fragment
def _pad(model: OpenModel, point: Point, z: NDArray[np.float32]) -> None:
    assert model.atlas is not None
    title = pad_title(model, plain_text(point.name(model)), point.of_celeba(model))
    more = {"colour": st.session_state[f"kept_{COLOURING}"], **map_layout.in_address(model)}
    if chosen := current_filter():
        more["filter"] = chosen
    page = PadOnPage(title, more=more, shown=FEW, greet=GREETING)
    state = pad(model, point, z, page=page)
    groups = {N_("The selection"): selected_rows(model), N_("The map"): _all_rows(len(model.atlas))}
    take_along(model, point, shown(model, point, z, state), state.weights, groups)


@lru_cache(16)
def _all_rows(count: int) -> NDArray[np.int64]:
    """One array for all visitors, since each page holds on to it."""
    rows = np.arange(count)
    rows.flags.writeable = False
    return rows


def pad_title(model: OpenModel, name: str, of_celeba: bool) -> str:
    """What stands over the pad at a point of this name: Markdown."""
    words = _("**{name}** of CelebA, decoded by the {model}") if of_celeba else _("**{name}**, decoded by the {model}")
    return words.format(name=name, model=model.title)


def _selection(model: OpenModel) -> None:
    """What sets a lassoed group apart: its mean face and its attributes against the rest."""
    assert model.atlas is not None
    rows = selected_rows(model)
    if not len(rows):
        return
    words = ngettext("Your selection: {count:,} face", "Your selection: {count:,} faces", len(rows))
    st.header(words.format(count=len(rows)))
    left, right = st.columns([1, 3], gap="small")
    mean = model.atlas.mu[rows].astype(np.float32).mean(0)
    face = gallery.Figure(decode(model, mean[None])[0], _("Mean face: the mean of their latents, decoded"))
    with left:
        gallery.show(gallery.row([face], 128))
    profile = group_profile(model.atlas.scores, rows, model.atlas.attributes)
    if not profile:
        right.markdown(_("Nothing sets these faces apart that could not be chance."))
        return
    with right:
        headings = [_("Attribute"), _("In the selection"), _("In the rest"), _("Effect"), _("95 % interval")]
        gallery.show(gallery.comparison(headings, profile))
        save_table([dict(zip(headings, line, strict=True)) for line in profile], "save selection", "selection")
    right.caption(
        _(
            "What sets the selection apart from all other faces most, by the classifier's reading. The effect is the "
            "difference in standard deviations of the attribute, so that what is rare counts as well."
        )
    )


def group_profile(
    scores: NDArray[np.uint8], rows: NDArray[np.integer], attributes: Sequence[str]
) -> list[tuple[str, float, float, str, str]]:
    """What sets a group apart from the rest, as the rows of a table.

    Args:
        scores: uint8 [M, A], probability times 255.
        rows: the group, [R].
        attributes: the A names; those that judge people are left out.

    Returns:
        The strongest differences: plain name, share of the group and of the rest that have it (0 to 1), effect,
        its interval.
    """
    found = [one for one in distinctions(scores > PRESENT, rows) if attributes[one.column] not in JUDGING]
    found = found[:PROFILE_ROWS]
    interval = _("{low:+.2f} to {high:+.2f}")
    return [
        (
            attribute_name(attributes[one.column]),
            one.inside,
            one.outside,
            numeral(one.effect, "+.2f"),
            interval.format(low=one.low, high=one.high),
        )
        for one in found
    ]
