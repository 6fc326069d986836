"""The visitor's photos: dropping files, the camera, a row of thumbnails, choosing and removing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from app.checkpoints.opening import OpenModel
from app.drawing.gallery import Figure, row, show
from app.paths import PORTRAIT
from app.server.class_network import trusted
from app.server.turns import heavy_work
from app.server.upload_limits import MEGABYTES
from app.session.current import forget_photos
from app.session.left_faces import forget_left_photos
from app.session.photos import File, Upload, encode_missing, plain_file_name, take_in
from app.streamlit_internals import uploads as uploads_of_streamlit
from app.texts import N_, _, ngettext
from faces.photo import MAX_JPEG_MEGAPIXELS, MAX_MEGAPIXELS, PhotoError

UPLOADS = "uploads"  # {key: Upload}, in the order in which they came
CURRENT = "current_upload"
INCOMING = "incoming_files"  # [File], taken from the upload box but not read yet
TROUBLES = "upload_troubles"  # a sentence for each file that could not be used
ROUND = "upload_round"  # in the boxes' keys: a new key empties a box
CAMERA = "camera_on"
PORTRAIT_NAME = N_("NASA portrait")
MOST = 12

PRIVACY = N_(
    "Your photos stay in the memory of the computer that runs Facespace. They are not written to its disk or its logs "
    "and are not sent to any other. Removing a photo frees it at once (a face of it that you kept on the shelf stays "
    "there until you delete it); leaving the app frees all within minutes."
)


def uploads() -> dict[str, Upload]:
    """The visitor's photos by key."""
    return st.session_state.setdefault(UPLOADS, {})


def keep(upload: Upload) -> None:
    """Put a photo, or a new state of one, into the tray and make it the current one."""
    uploads()[upload.key] = upload
    st.session_state[CURRENT] = upload.key


def remove(key: str) -> None:
    """Let a photo go, with everything that was worked out from it."""
    uploads().pop(key, None)
    forget_photos(key)
    forget_left_photos(key)
    if st.session_state.get(CURRENT) == key:
        st.session_state[CURRENT] = next(reversed(uploads()), None)


def tray(models: Mapping[str, OpenModel]) -> Upload | None:
    """Draw the boxes and the thumbnails, read what has come, and return the current photo."""
    _boxes()
    with st.container():
        for trouble in st.session_state.get(TROUBLES, []):
            _say(trouble)
        _read_incoming(models)
    for upload in uploads().values():
        if upload.photo is not None:
            encode_missing(upload.photo, models.values())
    with st.container(horizontal=True, gap="small", key="thumbnails"):
        for upload in uploads().values():
            _thumbnail(upload)
    return uploads().get(st.session_state.get(CURRENT, ""))


def _boxes() -> None:
    turn = st.session_state.setdefault(ROUND, 0)
    left, right = st.columns([5, 3], gap="medium", vertical_alignment="bottom")  # the longest button fits at 641 pixels
    left.file_uploader(
        _(
            "Photos: JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP, up to {most} megapixels "
            "(JPEG {most_jpeg}). Several at once are welcome."
        ).format(most=MAX_MEGAPIXELS, most_jpeg=MAX_JPEG_MEGAPIXELS),
        accept_multiple_files=True,
        max_upload_size=MEGABYTES,
        key=f"upload-{turn}",
        on_change=_arrived,
        args=(f"upload-{turn}",),
    )
    with right:
        st.button(
            _("Try it with a portrait"), icon=":material/face:", help=_("Eileen Collins, NASA"), on_click=_add_portrait
        )
        allowed = trusted(st.context.url)
        st.toggle(_("Use the camera"), key=CAMERA, disabled=not allowed)
        if not allowed:
            st.caption(
                _("Off: over plain http browsers keep the camera from pages. On a phone, Upload can take a photo.")
            )
    if allowed and st.session_state[CAMERA]:
        key = f"camera-{turn}"
        st.camera_input(_("Look into the camera"), key=key, on_change=_arrived, args=(key,), width=420)


def _arrived(key: str) -> None:
    """Take files out of a box: the box is emptied, and Streamlit's own copy goes."""
    files = uploads_of_streamlit.files_in(st.session_state.get(key))
    if not files:
        return
    incoming = st.session_state.setdefault(INCOMING, [])
    for file in files:
        incoming.append(File(file.name, file.getvalue()))
        uploads_of_streamlit.forget(file)
    st.session_state[ROUND] += 1
    st.session_state[TROUBLES] = []
    if key.startswith("camera"):
        st.session_state[CAMERA] = False  # and its light goes out


def _add_portrait() -> None:
    st.session_state[TROUBLES] = []
    there = next((upload.key for upload in uploads().values() if upload.name == _(PORTRAIT_NAME)), None)
    if there is not None:
        st.session_state[CURRENT] = there
    else:
        st.session_state.setdefault(INCOMING, []).append(File(_(PORTRAIT_NAME), PORTRAIT.read_bytes()))


def _read_incoming(models: Mapping[str, OpenModel]) -> None:
    """Read the files that have come. Each is settled before the next, so that a cancelled run loses nothing."""
    incoming: list[File] = st.session_state.setdefault(INCOMING, [])
    place = st.empty()
    total = len(incoming)
    drawn: list[DeltaGenerator] = []

    def say(what: str, share: float) -> None:
        if not drawn:
            with place.container(horizontal=True, vertical_alignment="center"):
                drawn.append(st.progress(0.0))
                st.button(_("Cancel"), on_click=incoming.clear)
        drawn[0].progress(share, what)

    while incoming:
        done = total - len(incoming)
        which = _("photo {number} of {total}").format(number=done + 1, total=total) if total > 1 else _("your photo")

        def waiting(before: int, which: str = which, share: float = done / total) -> None:
            words = ngettext(
                "One photo of somebody else comes before {which}",
                "{count} photos of others come before {which}",
                before,
            )
            say(words.format(count=before, which=which), share)

        with heavy_work.turn(waiting):
            if total > 1 or drawn:
                say(_("Looking for faces: {which}").format(which=which), done / total)
            trouble = _take(incoming[0], models)
        if incoming:  # not cleared by a cancellation meanwhile
            incoming.pop(0)
        if trouble:
            st.session_state.setdefault(TROUBLES, []).append(trouble)
            _say(trouble)
    place.empty()


def _say(trouble: str) -> None:
    st.error(trouble, icon=":material/broken_image:")


def _take(file: File, models: Mapping[str, OpenModel]) -> str | None:
    """Put one file into the tray, or say in a sentence why not."""
    if len(uploads()) >= MOST:
        return _("{name}: {most} photos are the most that are kept at once. Remove one first.").format(
            name=plain_file_name(file.name), most=MOST
        )
    try:
        keep(take_in(file.name, file.data, models))
    except PhotoError as error:
        return f"{plain_file_name(file.name)}: {error}"
    return None


def _thumbnail(upload: Upload) -> None:
    current = upload.key == st.session_state.get(CURRENT)
    short = upload.name if len(upload.name) <= 16 else f"{upload.name[:14]}…"
    box = st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key=f"thumbnail-{upload.key}"
    )
    with box:
        with st.container(width=48):
            seen = Figure(_small(upload), "", _("Thumbnail of {name}").format(name=upload.name))
            show(row([seen], side=48, saved=False))
        st.button(
            short,
            key=f"show-{upload.key}",
            type="primary" if current else "secondary",
            help=_("Show {name}").format(name=upload.name),
            on_click=_make_current,
            args=(upload.key,),
        )
        st.button(
            "",
            icon=":material/delete:",
            key=f"remove-{upload.key}",
            type="tertiary",
            help=_("Remove {name} and free it").format(name=upload.name),
            on_click=remove,
            args=(upload.key,),
        )


def _make_current(key: str) -> None:
    st.session_state[CURRENT] = key


def _small(upload: Upload) -> NDArray[np.uint8]:
    if upload.photo is not None:
        return upload.photo.crops[min(upload.photo.crops)]
    with Image.open(io.BytesIO(upload.preview)) as picture:
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        return np.asarray(picture.resize((72, 72), box=(left, top, left + side, top + side)))


def others(upload: Upload) -> list[Upload]:
    """The other photos in which there is a face."""
    return [other for other in _with_face(uploads().values()) if other.key != upload.key]


def _with_face(some: Iterable[Upload]) -> Iterable[Upload]:
    return (upload for upload in some if upload.photo is not None)
