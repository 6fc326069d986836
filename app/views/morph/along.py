"""What stands under a way between faces: how far out it leads, its strip with the nearest faces, its animation."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.chart import Axis, lines
from app.drawing.chart_html import show_chart
from app.drawing.picture_files import data_address, enlarge, gif, montage, png
from app.drawing.saved_file import save_button
from app.server.turns import heavy_work
from app.session.point import Point, provenance
from app.texts import N_, _
from latent.paths import Way, walk
from latent.posterior import squared_mahalanobis
from latent.projection import nearest

STEPS, CURVE = 9, 61  # faces of the strip, points of the curves
FRAMES, FRAME_SIDE = 60, 256
NEARER = N_(
    "A curve that dips means nearer to the average, where what is special of each face cancels out: a smoother face, "
    "not a less plausible one. How far out a point lies says nothing of how good its picture looks."
)

Latents = Mapping[str, Sequence[NDArray[np.float32] | None]]


def path(model: OpenModel, points: Sequence[NDArray[np.float32]], way: Way, count: int) -> NDArray[np.float32]:
    """Points along the way, float32 [count, D]; arcs go around the average face."""
    assert model.posterior is not None
    return walk(points, count, way, model.posterior.mean)


def facts_of(model: OpenModel, faces: Sequence[Point], **more: Any) -> dict[str, Any]:
    """What a picture carries: the faces that it was made of, and `more`."""
    return {"faces": [face.origin(model) for face in faces], **more}


def along(shown: Sequence[OpenModel], faces: Sequence[Point], latents: Latents, way: Way) -> list[Callable[[], None]]:
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
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(_("**Distance from the average face** (1: a typical held-out face)"))
        along_way(lengths, _("Distance"))
    with right:
        st.markdown(_("**Place among real faces**: how many of 100 held-out faces are nearer to the average"))
        along_way(shares, Axis(_("Faces of 100"), (-3, 103)))
    st.caption(_(NEARER))
    return [make for model in shown if (make := _strip(model, faces, latents, way))]


def along_way(curves: Mapping[str, NDArray[np.floating]], up: str | Axis) -> None:
    """A chart of one curve [N] for each name, from the first face of a way (0) to its last (1)."""
    over = {name: (np.linspace(0, 1, len(values)), values) for name, values in curves.items()}
    show_chart(lines(over, _("Along the way"), up, 200))


def _strip(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way) -> Callable[[], None] | None:
    """Nine steps of the way, the encoded face nearest to each, and the downloads."""
    assert model.atlas is not None
    z = path(model, [point for point in latents[model.name] if point is not None], way, STEPS)
    ends = {face.row(model) for face in faces}
    rows = _nearest_others(model, z, ends)
    pictures = decode(model, z)
    facts = provenance(model, faces[0]) | facts_of(model, faces, way=way, steps=STEPS)
    st.markdown(_("**{model}**: the way in nine steps").format(model=model.title))
    gallery.show(
        gallery.wide(
            montage(pictures, STEPS, gap=0),
            _("The way in {count} steps, decoded by the {model}").format(count=STEPS, model=model.title),
            saved=False,
        )
    )
    near = originals(model, rows)
    st.markdown(
        _("The encoded face that is nearest to each step, the chosen ones apart, as this model decodes it")
        if near is None
        else _("The encoded face that is nearest to each step, the chosen ones apart, the original picture")
    )
    if near is None:
        near = decode(model, model.atlas.mu[rows].astype(np.float32))
    gallery.show(gallery.wide(montage(near, STEPS, gap=0), _("The encoded faces nearest to these steps")))
    st.caption(
        _("Their numbers in CelebA: {numbers}").format(numbers=", ".join(str(model.atlas.image[row]) for row in rows))
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        save_button(
            _("Save the strip as PNG"),
            lambda: png(montage(np.stack([np.asarray(enlarge(p, 256)) for p in pictures]), STEPS, 8), facts),
            f"facespace-{model.name}-strip.png",
            "image/png",
            f"strip {model.name}",
        )
        return _animation(model, faces, latents, way)


def _nearest_others(model: OpenModel, z: NDArray[np.float32], without: set[int | None]) -> list[int]:
    """The row of the atlas nearest to each of some points [N, D], not counting some rows."""
    assert model.atlas is not None
    mu = model.atlas.mu

    def work_out() -> dict[str, list[int]]:
        codes = mu.astype(np.float32)
        near = [nearest(point, codes, len(without) + 1)[0] for point in z]
        return {"rows": [next((int(row) for row in rows if row not in without), int(rows[0])) for rows in near]}

    rows: NDArray[np.int64] = beforehand(model.files, "nearest", (z.tobytes(), sorted(map(str, without))), work_out)[
        "rows"
    ]
    return rows.tolist()


def _animation(model: OpenModel, faces: Sequence[Point], latents: Latents, way: Way) -> Callable[[], None] | None:
    """The download of an animation, or a button; returns what makes it, if the button was pressed."""
    name = f"{' '.join(face.key for face in faces)} {way} {model.vivid:g}"
    kept: dict[str, tuple[str, bytes]] = st.session_state.setdefault("morph_gifs", {})
    if kept.get(model.name, ("",))[0] == name:
        alt = _("The way, animated by the {model}").format(model=html.escape(model.title))
        shown = f'src="{data_address(kept[model.name][1], "image/gif")}" alt="{alt}"'
        st.html(f'<img {shown} width="{FRAME_SIDE}" height="{FRAME_SIDE}" style="border-radius: 8px">', width="content")
        animated = kept[model.name][1]
        save_button(
            _("Save the animation"),
            lambda: animated,
            f"facespace-{model.name}-morph.gif",
            "image/gif",
            f"gif {model.name}",
        )
        return None
    if not st.button(
        _("Make an animation of {count} frames").format(count=FRAMES),
        icon=":material/gif_box:",
        key=f"make gif {model.name}",
    ):
        return None
    bar = st.progress(0.0, _("Drawing the frames"))
    # Not in a fragment: only a run of the whole page is ended by the next one, which a press of Cancel asks for.
    st.button(_("Cancel"), key=f"cancel gif {model.name}")

    def make() -> None:
        with heavy_work.turn(
            lambda before: bar.progress(0.0, _("Work of others comes first: {before}").format(before=before))
        ):
            frames = decode(model, path(model, [z for z in latents[model.name] if z is not None], way, FRAMES))
            facts = provenance(model, faces[0]) | facts_of(model, faces, way=way, frames=FRAMES)
            made = gif(frames, facts, FRAME_SIDE, progress=lambda share: bar.progress(share, _("Packing the frames")))
        kept[model.name] = (name, made)
        st.rerun()

    return make
