"""Columns of the visitor's own to filter the map by: a table that is brought, or one that lies beside a checkpoint."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import celeba
from app.checkpoints.opening import OpenModel
from app.components.atlas_map.filters import Quantity, kinds, numbers
from app.drawing.plain_text import plain_text
from app.texts import _, ngettext
from latent.own_columns import OwnColumns, OwnColumnsError, read_own_columns
from models.checkpoint_files import Stamp, file_stamp

_log = logging.getLogger(__name__)
BROUGHT, TAKEN_IN = "own_columns", "own_columns_taken_in"  # (file's name, digest, the table); the upload that it was
FILES = ("columns.parquet", "columns.csv")
"""Beside a checkpoint's weights: what is known of its faces for every visitor. The first that is there is read."""
MEGABYTES = 20  # as `latent.own_columns` reads them


def own_quantities(model: OpenModel) -> tuple[Quantity, ...]:
    """What the faces of a model that has an atlas can be filtered by besides: the folder's columns, the visitor's."""
    assert model.atlas is not None
    found: dict[str, Quantity] = {}
    for name in FILES:
        path = model.files.folder / name
        if path.is_file():
            stamp = file_stamp(path)
            if (own := _beside(stamp, path)) is not None:
                found |= _quantities(model.identity, f"{path} {stamp}", own, model.atlas.image)
            break
    if (brought := st.session_state.get(BROUGHT)) is not None:
        found |= _quantities(model.identity, brought[1], brought[2], model.atlas.image)
    if "own:error" in found:  # as build_atlas.py --errors calls it
        found["own:error"] = replace(found["own:error"], name=_("Reconstruction error, of 255"))
    return tuple(found.values())


@st.cache_resource(show_spinner=False, max_entries=16)
def _beside(stamp: Stamp, path: Path) -> OwnColumns | None:
    try:
        return read_own_columns(path.read_bytes(), path.name, _names())
    except (OwnColumnsError, OSError) as error:
        _log.warning("%s: %s", path, error)
        return None


@st.cache_resource(show_spinner=False, max_entries=32)
def _quantities(identity: str, digest: str, _own: OwnColumns, _image: NDArray[np.int32]) -> dict[str, Quantity]:
    rows = _own.rows_of(_image)
    made = {}
    for column in _own.columns:
        of, values = f"own:{column.name}", column.of(rows)
        if column.words:
            places = np.where(np.isnan(values), -1, values).astype(np.int64)
            made[of] = kinds(of, column.name, places, column.words)
        else:
            made[of] = numbers(of, column.name, values, column.values)
    return made


def _names() -> dict[str, int]:
    """The numbers of the viewer's own pictures by their names, where there is a folder of pictures."""
    folder = celeba()[0]
    if folder is None:
        return {}
    return {path.stem: int(number) for path, number in zip(folder.paths, folder.numbers, strict=True)}


def bring_columns() -> None:
    """Where a table of one's own is brought, and what became of it."""
    with st.popover(_("Filter by columns of your own"), icon=":material/table_view:"):
        st.markdown(
            _(
                "A table as CSV or Parquet with a row for each face: one column called **image** with the faces\u2019 "
                "numbers (or **name**, with the names of their pictures), and columns of your own, numbers or words. "
                "They stand in the map\u2019s filter then, for this session. \u201cTake it along\u201d saves a "
                "table to begin with."
            )
        )
        upload = st.file_uploader(
            _("Your table"), type=["csv", "parquet"], key="own_columns_file", max_upload_size=MEGABYTES
        )
        if upload is not None and st.session_state.get(TAKEN_IN) != upload.file_id:
            data = upload.getvalue()
            try:
                own = read_own_columns(data, upload.name, _names())
            except OwnColumnsError as error:
                st.error(plain_text(str(error)), icon=":material/broken_image:")
                return
            st.session_state[TAKEN_IN] = upload.file_id
            st.session_state[BROUGHT] = (upload.name, hashlib.sha256(data).hexdigest(), own)
            st.rerun()  # the map above has been drawn without it
        if (brought := st.session_state.get(BROUGHT)) is not None:
            _told(*brought)


def _told(name: str, digest: str, own: OwnColumns) -> None:
    told, count = ", ".join(column.name for column in own.columns), len(own.image)
    words = ngettext(
        "{file}: {count:,} face, to filter by {columns}.", "{file}: {count:,} faces, to filter by {columns}.", count
    )
    st.markdown(plain_text(words.format(file=name, count=count, columns=told)))
    for sentence in own.left_out:
        st.caption(plain_text(sentence))
    st.button(_("Remove these columns"), key="remove own columns", on_click=_remove)


def _remove() -> None:
    st.session_state.pop(BROUGHT, None)
