"""Several ways from one face to another beside each other: how the picture changes on each, and what it reads as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import called
from app.checkpoints.classifiers import read_faces
from app.checkpoints.decoding import decode, drawing_network
from app.checkpoints.opening import OpenModel
from app.controls.pad import PadOnPage, pad
from app.drawing import gallery
from app.drawing.chart import Axis
from app.drawing.numbers import percent
from app.drawing.picture_files import montage
from app.drawing.saved_table import save_csv
from app.server.turns import heavy_work
from app.session.address import write_faces
from app.session.link import number
from app.session.point import Point, provenance
from app.session.remembered import follows, remember, took_over
from app.texts import N_, Later, _
from app.texts.attributes import attribute_name
from app.views.morph.along import along_way, facts_of
from latent.code_table import code_table, csv_bytes
from latent.directions import Bank, Direction
from latent.face_walk import FaceGraph, even_steps, face_graph, faces_between
from latent.paths import walk
from models.config import ForeignConfig
from models.data.attributes import ATTRIBUTES, JUDGING

Route = Literal["straight", "spherical", "faces", "least"]
ROUTES, READING, KEPT = "morph_routes", "morph_reading", "morph_ways"  # KEPT: (what it belongs to, {route: Seen})
LEAST = "morph_least"  # whether a link still asks to work out the way of least change
NAMES: dict[Route, str] = {
    "straight": N_("Straight"),
    "spherical": N_("Along an arc"),
    "faces": N_("Through real faces"),
    "least": N_("Least change"),
}
MEANT: dict[Route, str] = {
    "straight": N_("The numbers are mixed, as in a plain morph."),
    "spherical": N_("Around the average face, keeping the distance from it."),
    "faces": N_("By way of encoded faces, each near the one before: a walk along the data."),
    "least": N_("Bent until the decoded picture changes as little as it can (a geodesic of the decoder)."),
}
FIRST: tuple[Route, ...] = ("straight", "faces")
OFFERED = tuple(name for name in ATTRIBUTES if name not in JUDGING)
STEPS, KNOTS = 7, 48  # faces of a row; straight pieces that stand for a bent way: a multiple of STEPS - 1


@dataclass(frozen=True, eq=False)
class Seen:
    """One way, and what is seen on it.

    Attributes:
        knots: float32 [K, D], between which it is straight; every (K - 1) / 6th is a step.
        pictures: uint8 [7, S, S, 3], at its steps.
        changes: float64 [6], how much the picture changes from step to step: root mean square, of 255.
        readings: float32 [7, 40], what the classifier says at each; None without a classifier.
        via: numbers of the encoded faces that it passes.
    """

    knots: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    changes: NDArray[np.float64]
    readings: NDArray[np.float32] | None
    via: tuple[int, ...] = ()

    @property
    def z(self) -> NDArray[np.float32]:
        """Its steps, float32 [7, D]."""
        return self.knots[:: (len(self.knots) - 1) // (STEPS - 1)]


def choose_routes() -> list[Route]:
    """Which ways are to be compared, the straight one if none is chosen."""
    said = [route for route in st.query_params.get("ways", "").split(",") if route in get_args(Route)]
    remember(ROUTES, list(FIRST), said or None)
    reading = st.query_params.get("reading", "")  # here, since the first pad already writes the address
    remember(READING, "", reading if reading in OFFERED else None)
    chosen = st.pills(
        _("Ways to compare"),
        list(NAMES),
        selection_mode="multi",
        format_func=lambda route: _(NAMES[route]),
        key=ROUTES,
    )
    return [route for route in NAMES if route in chosen] or ["straight"]


def compare_ways(model: OpenModel, faces: Sequence[Point], routes: Sequence[Route]) -> Callable[[], None] | None:
    """The ways from A to B: live under one slider, then as rows with what the classifier says.

    Args:
        model: one that has an atlas and knows both faces.
        faces: A and B.
        routes: which ways.

    Returns:
        What works the way of least change out, if that is asked for; call it once the page stands.
    """
    ends = np.stack([z for face in faces if (z := face.z(model)) is not None])
    belongs = f"{' '.join(face.key for face in faces)} {model.drawing}"
    if st.session_state.get(KEPT, ("",))[0] != belongs:
        st.session_state[KEPT] = (belongs, {})
    kept: dict[Route, Seen] = st.session_state[KEPT][1]
    for route in routes:
        if route not in kept and route != "least":
            kept[route] = _seen(model, *_way(model, ends, route))
    make = _ask_for_least(model, ends, kept) if "least" in routes and "least" not in kept else None
    found = {route: kept[route] for route in routes if route in kept}
    if not found:
        return make
    # Above the columns: of different lengths in them, they would push the faces to different heights.
    st.caption("  \n".join(f"**{_(NAMES[route])}**: {_(MEANT[route])}" for route in found))
    columns = st.columns(len(found), gap="medium")
    for column, (route, seen) in zip(columns, found.items(), strict=True):
        with column:
            st.markdown(f"**{_(NAMES[route])}**")
            _live(model, faces, route, seen.knots)
    _rows(model, faces, found)
    return make


def in_address(routes: Sequence[Route]) -> dict[str, str]:
    """What the address says of the comparison."""
    reading = st.session_state.get(READING) or ""
    return {"ways": ",".join(routes)} | ({"reading": reading} if reading else {})


def _way(model: OpenModel, ends: NDArray[np.float32], route: Route) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """The knots of a way that costs nothing, float32 [49, D], and the numbers of the faces that it passes."""
    assert model.atlas is not None
    assert model.posterior is not None
    if route != "faces":
        way = "spherical" if route == "spherical" else "straight"
        return walk(list(ends), KNOTS + 1, way, model.posterior.mean), ()  # type: ignore[arg-type]  # one of two words
    rows = faces_between(_graph(model.identity, model), *ends)
    knots = np.concatenate([ends[:1], model.atlas.mu[rows].astype(np.float32), ends[1:]])
    return even_steps(knots, KNOTS + 1), tuple(int(image) for image in model.atlas.image[rows])


@st.cache_resource(show_spinner=Later(N_("Joining each face to its nearest ones …")), max_entries=8)
def _graph(identity: str, _model: OpenModel) -> FaceGraph:
    assert _model.atlas is not None
    return face_graph(_model.atlas.mu)


def _seen(model: OpenModel, knots: NDArray[np.float32], via: tuple[int, ...] = ()) -> Seen:
    from models.geodesic import lengths  # late: torch takes two seconds to import

    z = knots[:: (len(knots) - 1) // (STEPS - 1)]
    return Seen(knots, decode(model, z), lengths(drawing_network(model), z), read_faces(model, z), via)


def _ask_for_least(model: OpenModel, ends: NDArray[np.float32], kept: dict[Route, Seen]) -> Callable[[], None] | None:
    """The button, or, where it was pressed or a link asks for it, the bar and what does the work."""
    if isinstance(model.config, ForeignConfig):
        words = _("This model came as a finished program, which does not say how a change would act. Choose another.")
        st.info(words, icon=":material/info:")
        return None
    words = _("Work out the way of least change (some seconds)")
    if not st.button(words, icon=":material/route:", key="least") and not follows(LEAST):
        return None
    bar = st.progress(0.0, _("Bending the way"))
    # The run that a press asks for ends this one, and is not to begin with it again.
    st.button(_("Cancel"), key="cancel least", on_click=took_over, args=(LEAST,))
    place = st.empty()

    def make() -> None:
        from models.geodesic import geodesic

        assert model.posterior is not None
        waiting = _("Work of others comes first: {before}")
        with heavy_work.turn(lambda before: bar.progress(0.0, waiting.format(before=before))):
            words = _("Bending the way")

            def tell(share: float) -> None:
                bar.progress(share, words)

            def show(way: NDArray[np.float32]) -> None:
                alt = _("The way in {count} steps, as far as it is bent").format(count=STEPS)
                with place:
                    gallery.show(gallery.wide(montage(decode(model, way), STEPS, gap=0), alt))

            network, scale = drawing_network(model), model.posterior.sd
            knots = geodesic(network, ends[0], ends[1], scale, nodes=STEPS, progress=tell, watch=show)
        kept["least"] = _seen(model, knots)
        st.rerun()

    return make


@st.fragment
def _live(model: OpenModel, faces: Sequence[Point], route: Route, knots: NDArray[np.float32]) -> None:
    """The live face on one way; its slider moves the others as well."""
    offsets = knots - knots[0]
    direction = Direction("walk", _("From A to {last}").format(last="B"), offsets[0], 0.0, 1.0, 0.01, "", path=offsets)
    begin = number(st.query_params.get("t"), 0, 1)
    page = PadOnPage(
        banks=[Bank("walk", _("Morph"), (direction,))],
        group=f"ways {' '.join(face.key for face in faces)} {model.name}",
        play=True,
        start={"walk": begin} if begin else {},
        facts=facts_of(model, faces, way=route),
        private=any(face.private for face in faces),
    )
    state = pad(model, faces[0], knots[0], f"way {route}", page)
    more = in_address(st.session_state.get(ROUTES) or ["straight"])
    write_faces(faces, [model], show="ways", model=model.name, **more, t=f"{state.weights.get('walk', 0.0):g}")


def _rows(model: OpenModel, faces: Sequence[Point], found: Mapping[Route, Seen]) -> None:
    """Each way in seven steps, with one reading along it, and all of it as a table to save."""
    readings = {route: seen.readings for route, seen in found.items() if seen.readings is not None}
    column = _choose_reading(next(iter(readings.values()))) if readings else None
    for route, seen in found.items():
        st.markdown(_row_words(route, seen))
        alt = _("The way in {count} steps, decoded by the {model}").format(count=STEPS, model=model.title)
        gallery.show(gallery.wide(montage(seen.pictures, STEPS, gap=0), f"{_(NAMES[route])}: {alt}"))
        if column is not None and seen.readings is not None:
            name, shares = attribute_name(ATTRIBUTES[column]), ", ".join(map(percent, seen.readings[:, column]))
            st.caption(_("{name} at each step: {shares}").format(name=name, shares=shares))
    if column is not None:
        curves = {_(NAMES[route]): 100 * read[:, column] for route, read in readings.items()}
        title = attribute_name(ATTRIBUTES[column])
        st.markdown(_("**{name}** along the ways, in per cent").format(name=title))
        along_way(curves, Axis("%", (-3, 103)))
    st.caption(
        _(
            "How much the picture changes is the typical difference of a pixel\u2019s value from one step to the next, "
            "of 255, summed over the six steps. What it reads as is said by a classifier that looks at the decoded "
            "picture."
        )
    )
    facts = provenance(model, faces[0]) | facts_of(model, faces)
    words = _("Save the ways as CSV")
    save_csv(words, lambda: csv_bytes(table_of(found, facts)), "save ways", f"{model.name}-ways")


def _row_words(route: Route, seen: Seen) -> str:
    words = _("**{way}**: the picture changes by {all:.0f} in all, at most by {most:.0f} in one step.").format(
        way=_(NAMES[route]), all=seen.changes.sum(), most=seen.changes.max()
    )
    if route == "faces":
        passed = ", ".join(called(image) for image in seen.via)
        words += " " + (_("It passes {faces}.").format(faces=passed) if passed else _("No face lies between the two."))
    return words


def _choose_reading(readings: NDArray[np.float32]) -> int:
    """The attribute to follow: a column of the readings [7, 40], at first the one that A and B differ most in."""
    chosen = st.selectbox(
        _("What to read"),
        ["", *sorted(OFFERED, key=attribute_name)],
        format_func=lambda name: attribute_name(name) if name else _("What A and B differ most in"),
        key=READING,
        width=320,
    )
    if chosen:
        return ATTRIBUTES.index(chosen)
    return max(map(ATTRIBUTES.index, OFFERED), key=lambda column: abs(readings[-1, column] - readings[0, column]))


def table_of(found: Mapping[Route, Seen], facts: Mapping[str, Any]) -> Any:
    """A row for each step of each way: its change from the step before, all readings, then its code."""
    steps = list(found.values())
    columns: dict[str, Any] = {
        "way": [route for route in found for _step in range(STEPS)],
        "step": list(range(STEPS)) * len(found),
        "change": np.concatenate([[0.0, *seen.changes] for seen in steps]).astype(np.float32),
    }
    readings = [seen.readings for seen in steps if seen.readings is not None]
    if len(readings) == len(steps):
        read = np.concatenate(readings)
        columns |= {f"score_{name}": read[:, i] for i, name in enumerate(ATTRIBUTES) if name not in JUDGING}
    return code_table(np.concatenate([seen.z for seen in steps]), columns, facts)
