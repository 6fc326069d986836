"""The faces that are morphed: which ones they are, and where others come from."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.drawing.picture_files import png_address
from app.drawing.plain_text import plain_text
from app.session import shelf
from app.session.current import current_point, random_face
from app.session.link import parse_point
from app.session.point import Point
from app.session.remembered import follows, took_over
from app.texts import _
from latent.analogies import telling_pair

SLOTS, ANALOGY = "morph_faces", "morph_analogy"
LETTERS = "ABCD"
ANALOGY_FACES = 3
CARRIED_OVER = "Eyeglasses"


def chosen_faces(shown: Sequence[OpenModel], count: int, models: Mapping[str, OpenModel]) -> list[Point]:
    """Show the faces with a button to change each, and return them."""
    key = ANALOGY if count == ANALOGY_FACES else SLOTS
    slots = _slots(shown[0], models, key)
    row = st.container(horizontal=True, gap="medium")
    for at, letter in enumerate(LETTERS[:count]):
        face = slots[at]
        with row.container(
            horizontal=True, vertical_alignment="center", gap="small", width=300, key=f"morph_slot {at}"
        ):
            known = next((model for model in [*shown, *models.values()] if face.z(model) is not None), None)
            if known is not None:
                z = face.z(known)
                assert z is not None
                picture = png_address(decode(known, z[None])[0])
                alt = html.escape(_("Face {name}").format(name=letter))
                shape = 'width="72" height="72" style="border-radius: 8px"'
                st.html(f'<img src="{picture}" alt="{alt}" {shape}>', width="content")
            with st.container(gap=None, width="content"):
                st.markdown(f"**{letter}**: {plain_text(face.name(shown[0]))}")
                with st.popover(_("Change"), width="content"):
                    _sources((key, at), letter, shown[0])
    return slots[:count]


def _slots(model: OpenModel, models: Mapping[str, OpenModel], key: str) -> list[Point]:
    """The faces of the session; at first those of the link, and what else shows something."""
    if key not in st.session_state or ("faces" in st.query_params and follows(key)):
        # The faces of a way make no analogy: the third of them is as a rule the first one again.
        same = (st.query_params.get("show") == "analogy") == (key == ANALOGY)
        specs = [spec for spec in st.query_params.get("faces", "").split(",") if spec and same]
        said = [parse_point(spec, models.values()) for spec in specs[: len(LETTERS)]]
        if any(face is None for face in said):
            st.warning(_("A face of the link is not known here, so another one is shown."), icon=":material/link_off:")
        others = first_faces(model, current_point(), key)
        st.session_state[key] = [
            face if (face := said[at] if at < len(said) else None) is not None else others[at]
            for at in range(len(LETTERS))
        ]
        took_over(key)
    slots: list[Point] = st.session_state[key]
    return slots


def first_faces(model: OpenModel, current: Point, key: str) -> list[Point]:
    """Four faces to begin with: the current one and some of the map.

    For an analogy first two that are alike but for eyeglasses, as far as the model tells, and then the current one.
    """
    pair, others = faces_of_the_map(model)
    faces = [Point(image=image) for image in others]
    if key != ANALOGY or not pair:
        return [current, *faces]
    return [*(Point(image=image) for image in pair), current, *faces]


def faces_of_the_map(model: OpenModel) -> tuple[list[int], list[int]]:
    """Image numbers of faces to begin with: a pair for an analogy, where there is one, and four others."""
    assert model.atlas is not None
    rows = np.random.default_rng(1).integers(len(model.atlas), size=len(LETTERS))
    axis = model.axes.get(CARRIED_OVER)
    pair = None if axis is None else telling_pair(model.atlas, axis)
    return [int(model.atlas.image[row]) for row in pair or ()], [int(model.atlas.image[row]) for row in rows]


def _sources(slot: tuple[str, int], letter: str, model: OpenModel) -> None:
    """Where another face comes from: the current one, the map, the shelf."""
    assert model.atlas is not None
    current, at = current_point(), slot[1]
    st.button(
        _("Take the current face ({name})").format(name=plain_text(current.name(model))),
        key=f"current {at}",
        on_click=_put,
        args=(slot, lambda: current),
    )
    st.button(
        _("Take a random face of the map"),
        key=f"random {at}",
        icon=":material/shuffle:",
        on_click=_put,
        args=(slot, lambda: random_face(model)),
    )
    wanted = st.number_input(
        _("Or a face by its number in CelebA"), 1, int(model.atlas.image.max()), value=None, key=f"image {at}"
    )
    if wanted is not None:
        face = Point(image=int(wanted))
        if face.row(model) is None:
            st.caption(_("The map does not hold that face. Try another number."))
        else:
            st.button(
                _("Take face {number}").format(number=int(wanted)),
                key=f"take {at}",
                on_click=_put,
                args=(slot, lambda: face),
            )
    for kept in shelf.faces():
        st.button(
            _("From the shelf: {name}").format(name=plain_text(kept.name)),
            key=f"shelf {at} {kept.key}",
            on_click=_put,
            args=(slot, lambda kept=kept: Point(kept=kept)),
        )
    st.caption(_("Photos and samples: make one the current face on its page, then take it here."))


def _put(slot: tuple[str, int], make: Callable[[], Point]) -> None:
    key, at = slot
    st.session_state[key][at] = make()
