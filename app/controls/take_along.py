"""Take it along: faces of the map, or the one under the sliders, as tables, sheets of pictures and directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import called
from app.checkpoints.classifiers import read_faces
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel, open_all
from app.drawing.contact_sheet import sheet_pdf, sheet_png
from app.session import shelf
from app.session.point import Point, provenance
from app.texts import N_, _, in_this_language, ngettext
from latent.code_table import code_table, csv_bytes, known_of, parquet_bytes
from latent.direction_file import direction_bytes
from latent.directions import Direction
from latent.groups import SMALLEST, group_direction
from latent.posterior import squared_mahalanobis
from latent.projection import place
from models.data.attributes import ATTRIBUTES, JUDGING

MOST_PICTURES = 90
"""Faces on a contact sheet: three pages, decoded in a second or two. Of more, so many are drawn at random."""
MOST_KEPT = 12  # at once: the shelf is for faces that somebody looks at
FACE, DIRECTION = N_("This face"), N_("Direction")


@dataclass(frozen=True, eq=False)
class Taken:
    """What can be taken along.

    Attributes:
        name: what people choose, such as "The selection".
        slug: the same in a file's name.
        rows: int64 [N] of the atlas; None for the face under the sliders.
        codes: of which these are the rows, float [M, D], or the one face [1, D].
    """

    name: str
    slug: str
    rows: NDArray[np.int64] | None
    codes: NDArray[np.floating]

    @property
    def count(self) -> int:
        """How many faces."""
        return 1 if self.rows is None else len(self.rows)

    @property
    def z(self) -> NDArray[np.floating]:
        """Their latents, float [N, D]: megabytes of a whole map, so they are taken when somebody asks for a file."""
        return self.codes if self.rows is None else self.codes[self.rows]

    def few(self) -> NDArray[np.floating]:
        """Latents of 90 faces at most, as `few` chooses them."""
        return self.codes if self.rows is None else self.codes[few(self.rows)]


def take_along(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32],
    weights: Mapping[str, float],
    groups: Mapping[str, NDArray[np.int64]],
) -> None:
    """The button, and under it what to take and in which form. Call it in the pad's fragment.

    Args:
        model: one that has an atlas.
        point: the current one.
        z: float32 [D], the face on screen, with its sliders.
        weights: of the sliders that are away from their start.
        groups: rows of the atlas by what people call them; the first that has any is chosen at first.
    """
    assert model.atlas is not None
    with st.popover(
        _("Take it along"), icon=":material/download:", help=_("Save faces as tables, pictures and directions")
    ):
        offered = [
            Taken(
                ngettext("{name}: {count:,} face", "{name}: {count:,} faces", len(rows)).format(
                    name=_(name), count=len(rows)
                ),
                name.split()[-1].lower(),
                rows,
                model.atlas.mu,
            )
            for name, rows in groups.items()
            if len(rows)
        ]
        offered.append(Taken(_(FACE), "face", None, z[None]))
        names = [taken.name for taken in offered]
        chosen = st.radio(_("What to take"), names, key=f"take {offered[0].slug}")
        taken = offered[names.index(chosen)]
        facts = provenance(model, point if taken.rows is None else Point())
        facts["point"] = facts["point"] | {"weights": dict(weights)} if taken.rows is None else {"kind": "faces"}
        with st.container(horizontal=True):
            for form, data, kind in (
                ("CSV", lambda: csv_bytes(table_of(model, point, taken, facts)), "text/csv"),
                ("Parquet", lambda: parquet_bytes(table_of(model, point, taken, facts)), "application/octet-stream"),
                ("PNG", lambda: sheet_png(decode(model, taken.few()), facts), "image/png"),
                ("PDF", lambda: _pdf(model, point, taken, facts), "application/pdf"),
                (DIRECTION, lambda: direction_bytes(direction_to(model, taken), model.sha256), "application/json"),
            ):
                st.download_button(
                    _(form),
                    in_this_language(data),
                    f"facespace-{model.name}-{taken.slug}.{'json' if form == DIRECTION else form.lower()}",
                    kind,
                    key=f"take {form}",
                    on_click="ignore",
                    disabled=form == DIRECTION and not _has_direction(model, taken),
                )
        st.caption(_explained(taken))
        if taken.rows is not None:
            _shelve(model, taken.rows)


def _shelve(model: OpenModel, rows: NDArray[np.int64]) -> None:
    """The button that puts faces of the map on the shelf: a dozen at most, drawn at random."""
    assert model.atlas is not None
    count = min(MOST_KEPT, len(rows), shelf.MOST_FACES - len(shelf.faces()))
    words = _("Keep {count} of them on the shelf")
    if count == len(rows):
        words = ngettext("Keep this face on the shelf", "Keep these {count} on the shelf", count)
    if st.button(words.format(count=count), icon=":material/bookmark_add:", key="take shelf", disabled=count < 1):
        for row in few(rows, count):
            point = Point(image=int(model.atlas.image[row]))
            shelf.keep(open_all()[0], model, point, model.atlas.mu[row].astype(np.float32), {})
        told = ngettext(
            "{count} face is on the shelf, at the top of the page.",
            "{count} faces are on the shelf, at the top of the page.",
            count,
        )
        st.toast(told.format(count=count))
        st.rerun(scope="app")


def _explained(taken: Taken) -> str:
    drawn = ""
    if taken.count > MOST_PICTURES:
        drawn = " " + _("(of {count:,} faces, {most} drawn at random)").format(count=taken.count, most=MOST_PICTURES)
    way = (
        _("from the average face to this one")
        if taken.rows is None
        else _("from the average of all other faces to the average of these")
    )
    return _(
        "**CSV** and **Parquet** hold a row for each face: its number, part, place on the map, distance (how many of "
        "100 held-out faces lie nearer to the average face), the classifier\u2019s scores from 0 to 1, the hash of the "
        "model\u2019s weights, and the code itself, exactly. **PNG** and **PDF** show the decoded faces{drawn}. "
        "**Direction** is the way {way}."
    ).format(drawn=drawn, way=way)


def few(values: NDArray[Any], most: int = MOST_PICTURES) -> NDArray[Any]:
    """At most so many rows of an array [N, ...], drawn at random by a fixed seed and in order; all of them of fewer."""
    if len(values) <= most:
        return values
    return values[np.sort(np.random.default_rng(0).permutation(len(values))[:most])]


def table_of(model: OpenModel, point: Point, taken: Taken, facts: Mapping[str, Any]) -> Any:
    """The table of what is taken along: what is known of each face, then its code, see `latent.code_table`."""
    assert model.atlas is not None
    assert model.posterior is not None
    assert model.percentiles is not None
    offered = [name for name in model.atlas.attributes if name not in JUDGING]
    columns: dict[str, Any]
    if taken.rows is not None:
        columns = known_of(model.atlas, taken.rows, model.posterior, model.percentiles, offered)
    else:
        z = np.asarray(taken.z[0], np.float32)
        squared, row = squared_mahalanobis(z[None], model.posterior), point.row(model)
        where = place(z, model.atlas.mu, model.atlas.xy)
        seen = read_faces(model, z[None])
        columns = {
            "name": [point.name(model)],
            "image": [None if row is None else int(model.atlas.image[row])],
            "x": where[:1],
            "y": where[1:],
            "distance": np.interp(squared, model.percentiles, np.arange(101)).astype(np.float32),
        }
        if seen is not None:
            columns |= {f"score_{name}": seen[:, i] for i, name in enumerate(ATTRIBUTES) if name not in JUDGING}
    return code_table(taken.z, columns | {"checkpoint_sha256": [model.sha256] * taken.count}, facts)


def direction_to(model: OpenModel, taken: Taken) -> Direction:
    """From all other faces of the map to the taken ones, or from the average face to the one under the sliders."""
    assert model.atlas is not None
    assert model.posterior is not None
    if taken.rows is None:
        return Direction(
            "", _("To a face"), taken.z[0] - model.posterior.mean, -2.0, 2.0, unit="", note=_("from the average")
        )
    rest = np.setdiff1d(np.arange(len(model.atlas)), taken.rows)
    vector = group_direction(model.atlas.mu, rest, taken.rows)
    return Direction(
        "",
        ngettext("To {count:,} face", "To {count:,} faces", len(taken.rows)).format(count=len(taken.rows)),
        vector,
        -2.0,
        2.0,
        unit="",
        note=_("from all other faces"),
    )


def _has_direction(model: OpenModel, taken: Taken) -> bool:
    assert model.atlas is not None
    return taken.rows is None or SMALLEST <= len(taken.rows) <= len(model.atlas) - SMALLEST


def _pdf(model: OpenModel, point: Point, taken: Taken, facts: Mapping[str, Any]) -> bytes:
    assert model.atlas is not None
    if taken.rows is None:
        names = [point.name(model)]
    else:
        names = [called(int(model.atlas.image[row])) for row in few(taken.rows)]
    title = _("{name}, decoded by {model} ({weights})").format(
        name=taken.name, model=model.title, weights=model.sha256[:8]
    )
    return sheet_pdf(decode(model, taken.few()), names, title, facts)
