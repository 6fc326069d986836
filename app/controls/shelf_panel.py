"""The shelf at the top of every page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel, open_all
from app.drawing.picture_files import picture_address
from app.drawing.plain_text import plain_text
from app.session import shelf
from app.session.current import MODEL, set_model, set_point
from app.session.point import Kept, Point
from app.session.shelf import ShelfError, from_file, to_file
from app.texts import _, ngettext

LOADED, PICTURES, PROBLEMS = "shelf_file_read", "shelf_pictures", "shelf_problems"
STYLE = "<style>.st-key-shelf button { min-height: 2.4rem; }</style>"


def draw_shelf() -> None:
    """The button, and behind it the kept faces and their file."""
    st.html(STYLE)
    count = len(shelf.faces())
    with (
        st.container(key="shelf", width="content"),
        st.popover(
            _("Shelf \u00b7 {count}").format(count=count) if count else _("Shelf"),
            icon=":material/bookmarks:",
            width="content",
        ),
    ):
        if not count:
            st.caption(
                _(
                    "Nothing here yet. Press \u201cKeep on the shelf\u201d under a face to come back to it later or to "
                    "morph it with others, or load a shelf file."
                )
            )
        models = open_all()[0] if count else {}
        for face in shelf.faces():
            _face(face, models)
        _file()


def _face(face: Kept, models: Mapping[str, OpenModel]) -> None:
    """One kept face: picture, name and what can be done with it."""
    here = [model for name, model in models.items() if face.checkpoints.get(name) == model.sha256]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if here:
            st.html(
                f'<img src="{_picture(face, here[0])}" alt="" width="48" height="48" style="border-radius: 6px">',
                width="content",
            )
        key = f"name {face.key}"
        st.text_input(
            _("Name of {name}").format(name=face.name),
            face.name,
            key=key,
            label_visibility="collapsed",
            width=170,
            max_chars=shelf.LONGEST_NAME,
            help=_("Known to {models}").format(models=_(" and ").join(model.title for model in here))
            if here
            else _("Known to no model that is open"),
            on_change=lambda: shelf.rename(face.key, st.session_state[key]),
        )
        st.button(_("Use"), key=f"use {face.key}", disabled=not here, on_click=_use, args=(face, here))
        for icon, words, act, given in (
            ("arrow_upward", _("Move up"), shelf.move, (face.key, -1)),
            ("arrow_downward", _("Move down"), shelf.move, (face.key, 1)),
            ("delete", _("Take off the shelf"), shelf.remove, (face.key,)),
        ):
            st.button("", icon=f":material/{icon}:", key=f"{icon} {face.key}", help=words, on_click=act, args=given)


def _use(face: Kept, here: list[OpenModel]) -> None:
    """Make a kept face the current one, in a model that knows it."""
    set_point(Point(kept=face))
    if st.session_state.get(f"kept_{MODEL}") not in {model.name for model in here}:
        set_model(here[0].name)
    st.toast(_("\u201c{name}\u201d is the current face now.").format(name=face.name))


def _picture(face: Kept, model: OpenModel) -> str:
    pictures: dict[str, str] = st.session_state.setdefault(PICTURES, {})
    if face.key not in pictures:
        picture = decode(model, face.latents[model.name][None])[0]
        pictures[face.key] = picture_address(picture)
    return pictures[face.key]


def _file() -> None:
    """The shelf as a file, to keep it or to take it to another computer."""
    kept = list(shelf.faces())  # the file is made when it is asked for, where there is no session to look into
    if kept:
        st.download_button(
            _("Save the shelf as a file"),
            lambda: to_file(kept),
            "facespace-shelf.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
    upload = st.file_uploader(
        _("Load a shelf file; its faces are added"), type=["json"], max_upload_size=2, key="shelf_file"
    )
    for problem in st.session_state.get(PROBLEMS, ()):
        st.warning(plain_text(problem))
    if upload is None or st.session_state.get(LOADED) == upload.file_id:
        return
    st.session_state[LOADED] = upload.file_id
    try:
        found, problems = from_file(upload.getvalue(), open_all()[0])
    except ShelfError as error:
        st.error(plain_text(str(error)), icon=":material/broken_image:")
        return
    room = shelf.MOST_FACES - len(shelf.faces())
    if len(found) > room:
        words = ngettext(
            "The shelf has room for {count} more face only.", "The shelf has room for {count} more faces only.", room
        )
        problems.append(words.format(count=room))
    shelf.faces().extend(found[:room])
    st.session_state[PROBLEMS] = problems
    st.rerun()
