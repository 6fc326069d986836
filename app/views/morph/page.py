"""Morph: ways between two or more faces, analogies, and a grid of four, in two models side by side."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.controls.model_switch import two_models
from app.controls.pad import PadOnPage, pad
from app.controls.problems import show_problems
from app.drawing import figures, gallery
from app.drawing.picture_files import data_address, enlarge, gif, montage, png
from app.server.turns import heavy_work
from app.session.address import write_faces
from app.session.current import set_model, set_point
from app.session.link import number
from app.session.pages import go_to
from app.session.point import Kept, Point, provenance
from app.session.remembered import remember
from app.session.vividness import open_as_chosen
from app.views.morph.faces import ANALOGY_FACES, LETTERS, chosen_faces
from latent.directions import Bank, Direction
from latent.paths import Way, analogy, grid, walk
from latent.posterior import squared_mahalanobis
from latent.projection import nearest

SHOW, WAY, COUNT = "morph_show", "morph_way", "morph_count"
MODES = {"way": "A way between faces", "analogy": "Analogy", "grid": "Grid of four"}
WAY_NAMES: dict[Way, str] = {"straight": "Straight", "spherical": "Along an arc"}
KNOTS = 48  # straight pieces that stand for each leg of an arc
STEPS, CURVE = 9, 61  # faces of the strip, points of the curves
FRAMES, FRAME_SIDE = 60, 256
GRID_SIDE = 7
NEARER = (
    "A curve that dips means nearer to the average, where what is special of each face cancels out: a smoother face, "
    "not a less plausible one. How far out a point lies says nothing of how good its picture looks."
)

Latents = Mapping[str, Sequence[NDArray[np.float32] | None]]


def render() -> None:
    """Draw the page."""
    st.title("Morph faces")
    models, problems = open_as_chosen()
    show_problems(problems)
    models = {name: model for name, model in models.items() if model.atlas is not None}
    if not models:
        st.error("There is no model with a map here, so there are no faces to morph. Make a map with build_atlas.py.")
        return
    st.caption("Every point between two faces is a face, too. Choose the faces, then drag the slider from A to B.")
    said = st.query_params.to_dict()
    remember(SHOW, "way", said.get("show") if said.get("show") in MODES else None)
    remember(WAY, "straight", said.get("way") if said.get("way") in WAY_NAMES else None)
    remember(COUNT, 2)
    shown = two_models(models)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        mode = (
            st.segmented_control("Make", list(MODES), format_func=MODES.__getitem__, key=SHOW, required=True) or "way"
        )
        count = {"analogy": ANALOGY_FACES, "grid": 4}.get(mode)
        way: Way = "straight"
        if mode == "way":
            way = _choose_way()
            count = st.segmented_control("Faces on the way", [2, 3, 4], key=COUNT, required=True) or 2
    faces = chosen_faces(shown, count or 2, models)
    latents = {model.name: [face.z(model) for face in faces] for model in shown}
    columns = st.columns(len(shown), gap="medium")
    usable = []
    for column, model in zip(columns, shown, strict=True):
        with column:
            st.header(model.title)
            if _complete(model, faces, latents):
                usable.append(model)
                if mode == "way":
                    _scrub(model, faces, latents, way, shown)
                else:
                    {"analogy": _analogy, "grid": _grid}[mode](model, faces, latents)
    asked = _along(usable, faces, latents, way) if mode == "way" and usable else []
    write_faces(faces, shown, show=mode, way=way)
    for make in asked:
        make()


def _choose_way() -> Way:
    return (
        st.segmented_control(
            "Which way",
            list(WAY_NAMES),
            format_func=WAY_NAMES.__getitem__,
            key=WAY,
            required=True,
            help="Straight: the numbers are mixed (linear interpolation). The middle lies closer to the average face "
            "than either end, so it looks smoother than real faces. Along an arc: around the average face, keeping the "
            "distance from it (spherical interpolation).",
        )
        or "straight"
    )


def _complete(model: OpenModel, faces: Sequence[Point], latents: Latents) -> bool:
    """Whether a model knows all the faces; says which ones it does not."""
    unknown = [letter for letter, z in zip(LETTERS, latents[model.name], strict=False) if z is None]
    if unknown:
        st.info(
            f"The {model.title} does not know {' and '.join(unknown)}: it was kept from another model. "
            "Choose another face for it.",
            icon=":material/info:",
        )
    return not unknown


def path(model: OpenModel, points: Sequence[NDArray[np.float32]], way: Way, count: int) -> NDArray[np.float32]:
    """Points along the way, float32 [count, D]; arcs go around the average face."""
    assert model.posterior is not None
    return walk(points, count, way, model.posterior.mean)


def _facts(model: OpenModel, faces: Sequence[Point], **more: Any) -> dict[str, Any]:
    return {"faces": [face.origin(model) for face in faces], **more}


@st.fragment
def _scrub(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way, shown: Sequence[OpenModel]) -> None:
    """The live face with one slider, which moves the other model's as well."""
    points = [z for z in latents[model.name] if z is not None]
    knots = path(model, points, way, (KNOTS if way == "spherical" else 1) * (len(points) - 1) + 1)
    last = LETTERS[len(points) - 1]
    direction = Direction("walk", f"From A to {last}", points[0] * 0, 0.0, 1.0, 0.01, unit="", path=knots - points[0])
    group = f"{' '.join(face.key for face in faces)} {way}"
    begin = number(st.query_params.get("t"), 0, 1)
    page = PadOnPage(
        banks=[Bank("walk", "Morph", (direction,))],
        group=group,
        play=True,
        start={"walk": begin} if begin else {},
        facts=_facts(model, faces, way=way),
        private=any(face.private for face in faces),
    )
    state = pad(model, faces[0], points[0], f"morph {model.name}", page)
    write_faces(faces, shown, show="way", way=way, t=f"{state.weights.get('walk', 0.0):g}")


def _along(shown: Sequence[OpenModel], faces: Sequence[Point], latents: Latents, way: Way) -> list[Callable[[], None]]:
    """Distance from the average along the way, the strip with the nearest encoded faces, and what to take away.

    Returns:
        What makes the animations that were asked for, once the page stands.
    """
    lengths, shares = {}, {}
    for model in shown:
        assert model.percentiles is not None
        assert model.posterior is not None
        z = path(model, [point for point in latents[model.name] if point is not None], way, CURVE)
        squared = squared_mahalanobis(z, model.posterior)
        lengths[model.title] = np.sqrt(squared / model.percentiles[50])
        shares[model.title] = np.interp(squared, model.percentiles, np.arange(101))
    x = np.linspace(0, 1, CURVE).tolist()
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Distance from the average face** (1: a typical held-out face)")
        st.plotly_chart(figures.lines(x, lengths, "Distance"), key="lengths", config=figures.SAVED)
    with right:
        st.markdown("**Place among real faces**: how many of 100 held-out faces are nearer to the average")
        curves = figures.lines(x, shares, "Faces of 100", range=[-3, 103])
        st.plotly_chart(curves, key="shares", config=figures.SAVED)
    st.caption(NEARER)
    return [make for model in shown if (make := _strip(model, faces, latents, way))]


def _strip(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way) -> Callable[[], None] | None:
    """Nine steps of the way, the encoded face nearest to each, and the downloads."""
    assert model.atlas is not None
    z = path(model, [point for point in latents[model.name] if point is not None], way, STEPS)
    ends = {face.row(model) for face in faces}
    rows = [_nearest_other(model, point, ends) for point in z]
    pictures = decode(model, z)
    facts = provenance(model, faces[0]) | _facts(model, faces, way=way, steps=STEPS)
    st.markdown(f"**{model.title}**: the way in nine steps")
    gallery.show(
        gallery.wide(montage(pictures, STEPS, gap=0), f"The way in {STEPS} steps, decoded by the {model.title}")
    )
    near = originals(model, rows)
    how = "as this model decodes it" if near is None else "the original picture"
    st.markdown(f"The encoded face that is nearest to each step, the chosen ones apart, {how}")
    if near is None:
        near = decode(model, model.atlas.mu[rows].astype(np.float32))
    gallery.show(gallery.wide(montage(near, STEPS, gap=0), "The encoded faces nearest to these steps"))
    st.caption("Their numbers in CelebA: " + ", ".join(str(model.atlas.image[row]) for row in rows))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Save the strip as PNG",
            lambda: png(montage(np.stack([np.asarray(enlarge(p, 256)) for p in pictures]), STEPS, 8), facts),
            f"facespace-{model.name}-strip.png",
            "image/png",
            icon=":material/download:",
            key=f"strip {model.name}",
            on_click="ignore",
        )
        return _animation(model, faces, latents, way)


def _nearest_other(model: OpenModel, z: NDArray[np.float32], without: set[int | None]) -> int:
    """The row of the atlas nearest to a point, not counting some rows."""
    assert model.atlas is not None
    near = nearest(z, model.atlas.mu, len(without) + 1)[0]
    return next((int(row) for row in near if row not in without), int(near[0]))


def _animation(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way) -> Callable[[], None] | None:
    """The download of an animation, or a button; returns what makes it, if the button was pressed."""
    name = f"{' '.join(face.key for face in faces)} {way} {model.vivid:g}"
    kept: dict[str, tuple[str, bytes]] = st.session_state.setdefault("morph_gifs", {})
    if kept.get(model.name, ("",))[0] == name:
        alt = f"The way, animated by the {html.escape(model.title)}"
        shown = f'src="{data_address(kept[model.name][1], "image/gif")}" alt="{alt}"'
        st.html(f'<img {shown} width="{FRAME_SIDE}" height="{FRAME_SIDE}" style="border-radius: 8px">', width="content")
        st.download_button(
            "Save the animation",
            kept[model.name][1],
            f"facespace-{model.name}-morph.gif",
            "image/gif",
            icon=":material/download:",
            key=f"gif {model.name}",
            on_click="ignore",
        )
        return None
    if not st.button(f"Make an animation of {FRAMES} frames", icon=":material/gif_box:", key=f"make gif {model.name}"):
        return None
    bar = st.progress(0.0, "Drawing the frames")
    # Not in a fragment: only a run of the whole page is ended by the next one, which a press of Cancel asks for.
    st.button("Cancel", key=f"cancel gif {model.name}")

    def make() -> None:
        with heavy_work.turn(lambda before: bar.progress(0.0, f"Work of others comes first: {before}")):
            frames = decode(model, path(model, [z for z in latents[model.name] if z is not None], way, FRAMES))
            facts = provenance(model, faces[0]) | _facts(model, faces, way=way, frames=FRAMES)
            made = gif(frames, facts, FRAME_SIDE, progress=lambda share: bar.progress(share, "Packing the frames"))
        kept[model.name] = (name, made)
        st.rerun()

    return make


def _analogy(model: OpenModel, faces: Sequence[Point], latents: Latents) -> None:
    """A is to B as C is to the answer."""
    a, b, c = (z for z in latents[model.name] if z is not None)
    answer = analogy(a, b, c)
    pictures = decode(model, np.stack([a, b, c, answer]))
    words = ("A is to", "B as", "C is to", "this face")
    gallery.show(gallery.row([gallery.Figure(p, w) for p, w in zip(pictures, words, strict=True)], 140))
    st.caption("What leads from A to B is added to C: C + B \N{MINUS SIGN} A.")
    facts = _facts(model, faces, made="C + B - A")
    with st.container(horizontal=True):
        if st.button("Make it the current face", key=f"analogy {model.name}", icon=":material/tune:"):
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
        gallery.wide(montage(pictures, GRID_SIDE, gap=0), f"Blends of the four faces, decoded by the {model.title}")
    )
    st.caption("A is at the top left, B at the top right, C at the bottom left, D at the bottom right.")
    _save(
        model,
        faces,
        montage(pictures, GRID_SIDE),
        _facts(model, faces, made=f"grid of {GRID_SIDE} x {GRID_SIDE}"),
        "grid",
    )


def _save(model: OpenModel, faces: Sequence[Point], sheet: NDArray[np.uint8], facts: dict[str, Any], name: str) -> None:
    st.download_button(
        "Save as PNG",
        lambda: png(sheet, provenance(model, faces[0]) | facts),
        f"facespace-{model.name}-{name}.png",
        "image/png",
        icon=":material/download:",
        key=f"save {name} {model.name}",
        on_click="ignore",
    )
