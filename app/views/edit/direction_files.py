"""Directions that a visitor keeps under a name, saves as files and takes in from files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app.checkpoints.opening import OpenModel
from app.drawing.plain_text import plain_text
from app.server.upload_limits import MEGABYTES
from app.session.shelf import LONGEST_NAME, plain_name
from app.texts import _
from latent.direction_file import DirectionFileError, direction_bytes, read_direction
from latent.directions import Direction

KEPT, TAKEN_IN = "own_directions", "directions_taken_in"
MOST = 20


def kept_directions(model: OpenModel) -> list[Direction]:
    """The directions that were kept or taken in for these weights, in their order."""
    kept: dict[str, list[Direction]] = st.session_state.setdefault(KEPT, {})
    return kept.setdefault(model.sha256, [])


def keep(model: OpenModel, direction: Direction, name: str) -> Direction | None:
    """Keep a direction under a name, as a slider that rests at 0; None where 20 are kept already.

    Its key follows from its numbers, so that the same one is kept once, under its last name.
    """
    key = f"own-{hashlib.sha256(direction.vector.tobytes()).hexdigest()[:8]}"
    mine = kept_directions(model)
    others = [one for one in mine if one.key != key]
    if len(others) >= MOST:
        return None
    far = max(abs(direction.low - direction.origin), abs(direction.high - direction.origin))
    kept = Direction(
        key, plain_name(name) or direction.name, direction.vector, -far, far, unit=direction.unit, note=direction.note
    )
    mine[:] = [*others, kept]
    return kept


def direction_files(model: OpenModel, directions: Sequence[Direction]) -> None:
    """Where directions are kept, saved and taken in.

    Args:
        model: on screen.
        directions: those that its sliders have; none where every attribute of a model is doubtful.
    """
    with st.expander(_("Keep, save and take in directions"), icon=":material/save:"):
        if directions:
            _keep_or_save(model, directions)
        _take_in(model)
        for one in kept_directions(model):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain_text(one.name))
                st.button(_("Remove"), key=f"remove {one.key}", on_click=_remove, args=(model, one.key))
        st.caption(
            _(
                "What is kept becomes a slider under \u201cYour direction\u201d, for these weights and in this "
                "session; a file keeps it for longer, and moves the same pixels when it is taken in again. What is "
                "held still above stays held still by it."
            )
        )


def _keep_or_save(model: OpenModel, directions: Sequence[Direction]) -> None:
    by_key = {one.key: one for one in directions}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = by_key[
            st.selectbox(
                _("Direction"),
                list(by_key),
                format_func=lambda key: by_key[key].name,
                key="direction_kept",
                width=260,
            )
        ]
        name = st.text_input(_("Call it"), chosen.name, max_chars=LONGEST_NAME, key=f"name {chosen.key}", width=260)
        if st.button(_("Keep under this name"), icon=":material/bookmark_add:", key="keep direction"):
            said(keep(model, chosen, name))
        st.download_button(
            _("Save as a file"),
            lambda: direction_bytes(replace(chosen, name=plain_name(name) or chosen.name), model.sha256),
            f"facespace-{model.name}-direction.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key="save direction",
        )


def _take_in(model: OpenModel) -> None:
    upload = st.file_uploader(
        _("Take in a direction: a file that was saved here, or a .npy of as many numbers as a code has"),
        type=["json", "npy"],
        max_upload_size=MEGABYTES,
        key="direction_file",
    )
    if upload is None:
        return
    taken = (upload.file_id, model.sha256)
    if st.session_state.get(TAKEN_IN) == taken:
        return
    try:
        stem = upload.name.rpartition(".")[0]
        direction = read_direction(upload.getvalue(), model.config.latent_dim, model.sha256, stem)
    except DirectionFileError as error:
        st.error(plain_text(str(error)), icon=":material/broken_image:")
        return
    st.session_state[TAKEN_IN] = taken
    said(keep(model, direction, direction.name))


def said(kept: Direction | None) -> None:
    """Say what became of a direction that was to be kept; its slider is drawn with the next run."""
    if kept is None:
        st.warning(_("{most} directions are kept already. Remove one first.").format(most=MOST))
        return
    st.toast(
        _("\u201c{name}\u201d is a slider under \u201cYour direction\u201d now.").format(name=plain_text(kept.name))
    )
    st.rerun()


def _remove(model: OpenModel, key: str) -> None:
    mine = kept_directions(model)
    mine[:] = [one for one in mine if one.key != key]
