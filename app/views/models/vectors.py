"""A map of vectors on the Models page, for people whose model stays elsewhere; it lasts as long as their session."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.vector_maps import MOST_VECTORS, VectorMap, prepare
from app.components.atlas_map import (
    AtlasSource,
    Colouring,
    DensityColouring,
    Filters,
    MapModel,
    Pictures,
    atlas_map,
    kinds_colouring,
    publish_atlas,
    publish_pictures,
    value_colouring,
)
from app.components.atlas_map.filters import MOST_WORDS, Quantity, kinds, numbers
from app.controls.owners_code import ask_for_code
from app.drawing.plain_text import plain_text
from app.drawing.saved_table import save_csv
from app.server.owner import is_owner
from app.server.upload_limits import trust
from app.texts import N_, _, ngettext
from app.texts.from_below import told
from latent.code_table import code_table, csv_bytes
from latent.vector_file import read_vectors

MADE, RUN, CODE, TEXT, ROWS = "vectors made", "vectors run", "vectors owners_code", "vectors filter", "vectors rows"
MEGABYTES = 500
MOST_LABELS = 12
MANY = 12  # different numbers are a scale, fewer are kinds
PLAIN = N_("How crowded")
WORDS = N_(
    "For a model that stays where it is: bring the vectors that it made, and see them as a map. **Vectors** are an "
    "array [N, D] as `.npy`, or a table (Parquet, CSV) with columns z0, z1 and so on, whose other columns are labels. "
    "**Pictures** are N picture files in a `.zip`, in the order of their names, or an array [N, S, S, 3] as `.npy`; "
    "in place of them a **decoder.onnx** with its config.json draws them. Nothing is kept on this computer."
)


@dataclass(frozen=True, eq=False)
class Brought:
    """Vectors and what the page needs of them.

    Attributes:
        name: of their file.
        z: float32 [N, D].
        labels: arrays [N] by name.
        xy: float32 [N, 2].
        source, pictures, quantities: what browsers get of them.
    """

    name: str
    z: NDArray[np.float32]
    labels: dict[str, NDArray[Any]]
    xy: NDArray[np.float32]
    source: AtlasSource
    pictures: Pictures | None
    quantities: tuple[Quantity, ...]


@st.fragment
def map_vectors() -> None:
    """The part of the page that takes vectors in and shows their map."""
    with st.expander(_("Map vectors of a model that stays elsewhere"), icon=":material/scatter_plot:", key="vectors"):
        if not is_owner():
            st.info(_("Vectors are mapped for the owner of the computer that runs Facespace."), icon=":material/lock:")
            ask_for_code(CODE)
            return
        trust()
        st.markdown(_(WORDS))
        _take()
        if (made := st.session_state.get(MADE)) is not None:
            _show(made)


def _take() -> None:
    with st.container(horizontal=True):
        vectors = st.file_uploader(
            _("Vectors"), type=["npy", "parquet", "csv"], key="vectors file", max_upload_size=MEGABYTES
        )
        labels = st.file_uploader(
            _("More labels (a table of N rows)"),
            type=["parquet", "csv"],
            key="vectors labels",
            max_upload_size=MEGABYTES,
        )
        drawn = st.file_uploader(
            _("Pictures, or a decoder"),
            type=["zip", "npy", "onnx", "json"],
            accept_multiple_files=True,
            key="vectors pictures",
            max_upload_size=MEGABYTES,
        )
    if vectors is not None:
        prepare()
    files, problem = sort_pictures([file.name for file in drawn])
    run: VectorMap | None = st.session_state.get(RUN, (None,))[0]
    if run is not None:
        _watch()
    elif st.button(
        _asked(vectors.name if vectors else "", bool(files)),
        type="primary",
        disabled=vectors is None or bool(problem),
        key="map vectors",
    ):
        assert vectors is not None
        try:
            more = io.BytesIO(labels.getvalue()) if labels else None
            z, known = read_vectors(io.BytesIO(vectors.getvalue()), vectors.name, more, labels.name if labels else "")
            if len(z) > MOST_VECTORS:
                words = _("{name} holds {count:,} vectors; {most:,} are the most here.")
                raise ValueError(words.format(name=vectors.name, count=len(z), most=MOST_VECTORS))
            started = VectorMap(z, {key: drawn[at].getvalue() for key, at in files.items()})
        except (ValueError, OSError) as error:
            st.error(plain_text(told(str(error))), icon=":material/broken_image:")
            return
        st.session_state[RUN] = (started, vectors.name, z, known)
        st.rerun(scope="fragment")
    if drawn and problem:
        st.info(problem, icon=":material/info:")


def _asked(name: str, with_pictures: bool) -> str:
    """What the button will do with the files that have arrived: a large one takes its time."""
    if not name:
        return _("Map these vectors")
    words = _("Map {file} with its pictures") if with_pictures else _("Map {file}")
    return words.format(file=plain_text(name))


def sort_pictures(names: Sequence[str]) -> tuple[dict[str, int], str]:
    """Which file is which for `evaluation.vector_map.pack_order`, by place in `names`; and a sentence if none fits."""
    found = {}
    for at, name in enumerate(names):
        suffix = name.lower().rpartition(".")[2]
        found[{"onnx": "decoder.onnx", "json": "config.json"}.get(suffix, f"pictures.{suffix}")] = at
    if len(found) < len(names) or set(found) not in (
        {*()},
        {"pictures.zip"},
        {"pictures.npy"},
        {"decoder.onnx", "config.json"},
    ):
        return {}, _("Bring one file of pictures, or decoder.onnx with its config.json.")
    return found, ""


@st.fragment(run_every=1)
def _watch() -> None:
    run, name, z, known = st.session_state.get(RUN, (None, "", None, {}))
    if run is None:
        return
    if run.running:
        st.progress(run.share, f"{told(run.step)} \u2026")
        if st.button(_("Cancel"), key="cancel vectors"):
            run.stop()
            del st.session_state[RUN]
            st.rerun()
        return
    if run.problem or run.xy is None:
        st.error(plain_text(told(run.problem or N_("The run ended by itself; the server's log says why."))))
        if st.button(_("Try again"), key="again vectors"):
            del st.session_state[RUN]
            st.rerun()
        return
    del st.session_state[RUN]
    st.session_state[MADE] = brought(name, z, known, run.xy, run.pictures)
    for key in (TEXT, ROWS):
        st.session_state.pop(key, None)
    st.rerun()


def brought(
    name: str,
    z: NDArray[np.float32],
    labels: dict[str, NDArray[Any]],
    xy: NDArray[np.float32],
    pictures: Sequence[bytes] = (),
) -> Brought:
    """Vectors with what browsers get of them; more than twelve labels are left out."""
    labels = dict(list(labels.items())[:MOST_LABELS])
    unknown = np.full(len(z), 255, np.uint8)
    source = publish_atlas(
        xy=xy,
        mu=np.clip(z, -65504, 65504).astype(np.float16),
        image=np.arange(len(z), dtype=np.int32),
        partition=unknown,
        scores=np.zeros((len(z), 0), np.uint8),
    )
    quantities = tuple(found for name, values in labels.items() if (found := _quantity(name, values)) is not None)
    return Brought(name, z, labels, xy, source, publish_pictures(pictures) if pictures else None, quantities)


def _quantity(name: str, values: NDArray[Any]) -> Quantity | None:
    """A label to filter by; None for one of too many different words."""
    if np.issubdtype(values.dtype, np.number) and len(np.unique(values)) > MANY:
        return numbers(f"own:{name}", name, values.astype(np.float64))
    words, places = np.unique(values.astype(str), return_inverse=True)
    return kinds(f"own:{name}", name, places, [str(word) for word in words]) if len(words) <= MOST_WORDS else None


def _colouring(made: Brought, label: str) -> Colouring:
    if label not in made.labels:
        return DensityColouring()
    values = made.labels[label]
    if np.issubdtype(values.dtype, np.number) and len(np.unique(values)) > MANY:
        known = values.astype(np.float64)
        finite = np.isfinite(known)
        return value_colouring(label, np.where(finite, known, np.median(known[finite])))
    return kinds_colouring(label, values)


def _show(made: Brought) -> None:
    words = _("{file}: {count:,} vectors of {numbers} numbers.")
    st.markdown(words.format(file=plain_text(made.name), count=len(made.z), numbers=made.z.shape[1]))
    label = st.selectbox(_("Colour the map by"), [*made.labels, _(PLAIN)], key="vectors colour", width=260)
    digest = hashlib.sha256(made.z.tobytes()).hexdigest()[:12]
    event = atlas_map(
        key="vectors map",
        model=MapModel(f"vectors {digest}", made.name, None, made.pictures, vectors=True),
        source=made.source,
        colouring=_colouring(made, label),
        regions=[] if made.pictures else None,
        filters=Filters({}, {}, "", st.session_state.get(TEXT, ""), f"vectors {digest}", made.quantities),
    )
    if event.filter is not None:
        st.session_state[TEXT] = event.filter
    if event.selected is not None:
        st.session_state[ROWS] = event.selected
    chosen = st.session_state.get(ROWS, np.zeros(0, np.int64))
    rows = chosen if len(chosen) else np.arange(len(made.z))
    words = ngettext("Save this row as CSV", "Save these {count:,} as CSV", len(rows))
    save_csv(words.format(count=len(rows)), lambda: csv_bytes(table_of(made, rows)), "save vectors", "vectors")


def table_of(made: Brought, rows: NDArray[np.integer]) -> Any:
    """A row for each of some vectors: its number, from 0, its labels and place, then the vector."""
    columns = {"row": rows, "x": made.xy[rows, 0], "y": made.xy[rows, 1]}
    return code_table(made.z[rows], {**columns, **{name: values[rows] for name, values in made.labels.items()}}, {})
