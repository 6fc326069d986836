"""Morph: ways between two or more faces, analogies, and a grid of four, in two models or along several ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.controls.model_switch import choose_model, two_models
from app.controls.pad import PadOnPage, pad
from app.controls.problems import show_problems
from app.drawing import gallery
from app.drawing.picture_files import montage, png
from app.drawing.saved_file import save_button
from app.session.address import write_faces
from app.session.current import set_model, set_point
from app.session.link import number
from app.session.pages import go_to
from app.session.point import Kept, Point, provenance
from app.session.remembered import remember
from app.session.vividness import open_as_chosen
from app.texts import N_, _
from app.views.morph.along import Latents, along, facts_of, path
from app.views.morph.faces import ANALOGY_FACES, LETTERS, chosen_faces
from app.views.morph.ways import choose_routes, compare_ways, in_address
from latent.directions import Bank, Direction
from latent.paths import Way, analogy, grid

SHOW, WAY, COUNT = "morph_show", "morph_way", "morph_count"
MODES = {
    "way": N_("A way between faces"),
    "ways": N_("Compare ways"),
    "analogy": N_("Analogy"),
    "grid": N_("Grid of four"),
}
WAY_NAMES: dict[Way, str] = {"straight": N_("Straight"), "spherical": N_("Along an arc")}
KNOTS = 48  # straight pieces that stand for each leg of an arc
GRID_SIDE = 7
TITLE = N_("Morph faces")
ABOUT = N_("Every point between two faces is a face, too. Choose the faces, then drag the slider from A to B.")
ABOUT_WAYS = N_(
    "Straight: the numbers are mixed (linear interpolation). The middle lies closer to the average face than either "
    "end, so it looks smoother than real faces. Along an arc: around the average face, keeping the distance from it "
    "(spherical interpolation)."
)
ABOUT_ANALOGY = N_("What leads from A to B is added to C: C + B \N{MINUS SIGN} A.")
ABOUT_GRID = N_("A is at the top left, B at the top right, C at the bottom left, D at the bottom right.")


def render() -> None:
    """Draw the page."""
    st.title(_(TITLE))
    models, problems = open_as_chosen()
    show_problems(problems)
    models = {name: model for name, model in models.items() if model.atlas is not None}
    if not models:
        st.error(
            _("There is no model with a map here, so there are no faces to morph. Make a map with build_atlas.py.")
        )
        return
    st.caption(_(ABOUT))
    said = st.query_params.to_dict()
    remember(SHOW, "way", said.get("show") if said.get("show") in MODES else None)
    remember(WAY, "straight", said.get("way") if said.get("way") in WAY_NAMES else None)
    remember(COUNT, 2)
    shown = [] if st.session_state[SHOW] == "ways" else two_models(models)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        mode = (
            st.segmented_control(
                _("Make"), list(MODES), format_func=lambda mode: _(MODES[mode]), key=SHOW, required=True
            )
            or "way"
        )
        count = {"analogy": ANALOGY_FACES, "grid": 4}.get(mode)
        if mode == "ways":
            shown, routes = [choose_model(models)], choose_routes()
        way: Way = "straight"
        if mode == "way":
            way = _choose_way()
            count = st.segmented_control(_("Faces on the way"), [2, 3, 4], key=COUNT, required=True) or 2
    faces = chosen_faces(shown, count or 2, models)
    latents = {model.name: [face.z(model) for face in faces] for model in shown}
    if mode == "ways":
        make = compare_ways(shown[0], faces, routes) if _complete(shown[0], faces, latents) else None
        write_faces(faces, shown, show=mode, model=shown[0].name, **in_address(routes))
        if make is not None:
            make()
        return
    columns = st.columns(len(shown), gap="medium")
    usable = []
    for column, model in zip(columns, shown, strict=True):
        with column:
            if mode != "way" or any(z is None for z in latents[model.name]):
                st.header(model.title)  # else it stands over the pad, beside its button
            if _complete(model, faces, latents):
                usable.append(model)
                if mode == "way":
                    _scrub(model, faces, latents, way, shown)
                else:
                    {"analogy": _analogy, "grid": _grid}[mode](model, faces, latents)
    asked = along(usable, faces, latents, way) if mode == "way" and usable else []
    write_faces(faces, shown, show=mode, way=way)
    for make in asked:
        make()


def _choose_way() -> Way:
    return (
        st.segmented_control(
            _("Which way"),
            list(WAY_NAMES),
            format_func=lambda way: _(WAY_NAMES[way]),
            key=WAY,
            required=True,
            help=_(ABOUT_WAYS),
        )
        or "straight"
    )


def _complete(model: OpenModel, faces: Sequence[Point], latents: Latents) -> bool:
    """Whether a model knows all the faces; says which ones it does not."""
    unknown = [letter for letter, z in zip(LETTERS, latents[model.name], strict=False) if z is None]
    if unknown:
        st.info(
            _("The {model} does not know {faces}: it was kept from another model. Choose another face for it.").format(
                model=model.title, faces=_(" and ").join(unknown)
            ),
            icon=":material/info:",
        )
    return not unknown


@st.fragment
def _scrub(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way, shown: Sequence[OpenModel]) -> None:
    """The live face with one slider, which moves the other model's as well."""
    points = [z for z in latents[model.name] if z is not None]
    knots = path(model, points, way, (KNOTS if way == "spherical" else 1) * (len(points) - 1) + 1)
    last = LETTERS[len(points) - 1]
    bank = way_bank(_("From A to {last}").format(last=last), points[0] * 0, knots - points[0])
    group = f"{' '.join(face.key for face in faces)} {way}"
    begin = number(st.query_params.get("t"), 0, 1)
    page = PadOnPage(
        f"## {model.title}",
        banks=[bank],
        group=group,
        play=True,
        start={"walk": begin} if begin else {},
        facts=facts_of(model, faces, way=way),
        private=any(face.private for face in faces),
    )
    state = pad(model, faces[0], points[0], f"morph {model.name}", page)
    write_faces(faces, shown, show="way", way=way, t=f"{state.weights.get('walk', 0.0):g}")


def way_bank(name: str, nothing: NDArray[np.float32], path: NDArray[np.float32]) -> Bank:
    """One slider from the first face to the last.

    Args:
        name: of the slider.
        nothing: zeros, float32 [D].
        path: float32 [P, D], places on the way as seen from the first face.
    """
    return Bank("walk", _("Morph"), (Direction("walk", name, nothing, 0.0, 1.0, 0.01, unit="", path=path),))


def _analogy(model: OpenModel, faces: Sequence[Point], latents: Latents) -> None:
    """A is to B as C is to the answer."""
    a, b, c = (z for z in latents[model.name] if z is not None)
    answer = analogy(a, b, c)
    pictures = decode(model, np.stack([a, b, c, answer]))
    words = (_("A is to"), _("B as"), _("C is to"), _("this face"))
    gallery.show(gallery.row([gallery.Figure(p, w) for p, w in zip(pictures, words, strict=True)], 140, saved=False))
    st.caption(_(ABOUT_ANALOGY))
    facts = facts_of(model, faces, made="C + B - A")
    with st.container(horizontal=True):
        if st.button(_("Make it the current face"), key=f"analogy {model.name}", icon=":material/tune:"):
            hashes = {model.name: model.sha256}
            private = any(face.private for face in faces)
            key = "analogy " + " ".join(face.key for face in faces)
            set_point(Point(kept=Kept(key, "C + B - A", {model.name: answer}, hashes, facts, private)))
            set_model(model.name)
            go_to("edit")
        _save(model, faces, montage(pictures, 4), facts, "analogy")


def _grid(model: OpenModel, faces: Sequence[Point], latents: Latents) -> None:
    """Blends of four faces."""
    corners = [z for z in latents[model.name] if z is not None]
    pictures = decode(model, grid(corners, GRID_SIDE))
    gallery.show(
        gallery.wide(
            montage(pictures, GRID_SIDE, gap=0),
            _("Blends of the four faces, decoded by the {model}").format(model=model.title),
            saved=False,
        )
    )
    st.caption(_(ABOUT_GRID))
    _save(
        model,
        faces,
        montage(pictures, GRID_SIDE),
        facts_of(model, faces, made=f"grid of {GRID_SIDE} x {GRID_SIDE}"),
        "grid",
    )


def _save(model: OpenModel, faces: Sequence[Point], sheet: NDArray[np.uint8], facts: dict[str, Any], name: str) -> None:
    save_button(
        _("Save as PNG"),
        lambda: png(sheet, provenance(model, faces[0]) | facts),
        f"facespace-{model.name}-{name}.png",
        "image/png",
        f"save {name} {model.name}",
    )
