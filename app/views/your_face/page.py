"""Your face: photos, the face found in each, what each model makes of it, where it lies on the map, and sliders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.checkpoints.opening import OpenModel
from app.components.face_marks import MarkedPhoto, face_marks
from app.components.latent_pad import PadInput, PadPoint, PadSliders, latent_pad, pad_ahead
from app.controls.face_map import show_map
from app.controls.model_switch import choose_model, current_model
from app.controls.pad import FEW, Arrival, PadOnPage, follow_vividness, pad, pad_input, pad_model
from app.controls.problems import show_problems
from app.drawing.gallery import Figure, row, show
from app.drawing.page_styles import PHOTO_COLUMNS, PHOTO_FACE
from app.session.current import set_point
from app.session.pages import go_to
from app.session.photos import Photo, Upload, choose_face, place_marks
from app.session.point import Point
from app.session.vividness import as_chosen, open_as_chosen
from app.texts import N_, _
from app.views.your_face.backwards import which_noise
from app.views.your_face.judgement import judge
from app.views.your_face.results import attributes, begin, neighbours, posterior, reconstructions
from app.views.your_face.tray import PRIVACY, TROUBLES, keep, others, tray
from faces.photo import PhotoError
from latent.directions import morph_bank

PAD_PLACE = "photo-pad"
WHAT_HAPPENS = N_("""
**What happens to a photo**

1. A detector looks for faces and marks the eyes and the mouth. Several faces: you choose. None: you set three marks.
2. The face is turned, scaled and cut out, so that eyes and mouth lie where they lie in every training picture.
3. Each model squeezes the cut-out into a short list of numbers, its code, and rebuilds the picture from them alone.
4. You see what was lost on the way, where the code lies among 26,000 encoded faces, and which of them are nearest.
5. Sliders start from your code: drag them, and the face changes while you drag.

With two photos you can also slide from one person to the other.
""")


def render() -> None:
    """Draw the page."""
    st.title(_("Your face"))
    models, problems = open_as_chosen()
    show_problems(problems)
    if not models:
        st.error(_("There is no checkpoint to encode with. Put one into the folder checkpoints or train one."))
        return
    st.caption(
        _(
            "Drop a photo with a face. It is found, turned and cut out as the models saw their training faces, "
            "encoded, and placed on the map. {privacy}"
        ).format(privacy=_(PRIVACY))
    )
    # The places stay in one order, so that the map, which is slow to start, stays mounted when a photo comes.
    top, face, lower, more = (st.container() for _ in range(4))
    with top:
        upload = tray(models)
    photo = upload.photo if upload else None
    if photo is not None:
        begin(models, current_model(models), photo)
    # What takes the browser longest is sent first: the sliders start while the pictures above them are still decoded.
    with face:
        beside = _face(upload, models) if upload is not None else None
        if photo is None:  # before the pad comes, which would push away what stands below it
            st.html(f"<style>:has(> .st-key-{PAD_PLACE}) {{ display: none; }}</style>")
    with lower:
        model = _map_and_pad(models, photo)
    if photo is not None and beside is not None:
        with beside:
            reconstructions(models, photo)
    with more:
        if photo is not None:
            posterior(models, photo)
        if photo is not None and model.atlas is not None:
            left, right = st.columns(2, gap="medium")
            with left:
                neighbours(model, photo)
            with right:
                attributes(model, photo)
        if photo is not None:
            which_noise(model, photo)
        if upload is not None and photo is not None and (rest := others(upload)):
            _compare(model, upload, rest)


def _face(upload: Upload, models: Mapping[str, OpenModel]) -> DeltaGenerator:
    """The photo with its marks; returns the place beside it for what the models make of the face."""
    with st.container(key=PHOTO_FACE):
        left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(f"**{upload.name}**")
        if upload.photo is None:
            st.info(upload.problem or _("Mark the face."), icon=":material/face_retouching_off:")
        photo = MarkedPhoto(
            key=upload.key,
            name=upload.name,
            picture=upload.preview,
            size=upload.size,
            boxes=[found.box for found in upload.faces],
            chosen=upload.chosen,
            marks=upload.marks,
            by_hand=upload.by_hand,
        )
        face_marks(
            key="marks",
            photo=photo,
            on_face=lambda face: _change(lambda: choose_face(upload, face, models)),
            on_marks=lambda marks: _change(lambda: place_marks(upload, marks, models)),
        )
        if upload.chosen is not None and upload.faces[upload.chosen].doubtful and not upload.by_hand:
            st.info(_("This face was hard to find. If the marks are off, drag them."), icon=":material/open_with:")
    return right


def _change(make: Callable[[], Upload]) -> None:
    """Take over another face or other marks, before the page's next run."""
    try:
        keep(make())
        st.session_state[TROUBLES] = []
    except (PhotoError, ValueError) as error:
        st.session_state[TROUBLES] = [str(error)]


def _map_and_pad(models: dict[str, OpenModel], photo: Photo | None) -> OpenModel:
    """The model switch, the map with the face's place, and the sliders that start from it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(models)
        if photo is not None and st.button(_("Go on with this face in Explore"), icon=":material/arrow_forward:"):
            set_point(Point(photo=photo))
            go_to("explore")
    if model.atlas is None:
        st.info(_("This model has no map yet, so it has no sliders here. Make its map with build_atlas.py."))
        return model
    with st.container(key=PHOTO_COLUMNS):
        left, right = st.columns(2, gap="medium")
    with left:
        if photo is None:
            st.markdown(_("**The map of encoded CelebA faces.** A photo that you give gets its place on it."))
            show_map(model, Point(), None)
        else:
            st.markdown(_("**Where it lies on the map.** The ring stands among the faces whose codes are nearest."))
            show_map(model, Point(photo=photo), photo.latents[model.identity])
    with right:
        with st.container(key=PAD_PLACE):
            _pad(model, photo)
        if photo is None:
            st.markdown(_(WHAT_HAPPENS))
    return model


@st.fragment
def _pad(model: OpenModel, photo: Photo | None) -> None:
    """The sliders; before there is a photo they are mounted out of sight, so that its face appears sooner."""
    if photo is None:
        assert model.posterior is not None
        st.container()  # where `pad` has its head
        page = PadOnPage(banks=model.banks, shown=FEW)
        pad_ahead(pad_input(model, Point(), model.posterior.mean, "pad", Arrival(), page))
    else:
        title = _("**{name}**, decoded by the {model}").format(name=photo.name, model=model.title)
        pad(model, Point(photo=photo), photo.latents[model.identity], page=PadOnPage(title, shown=FEW))


def _compare(model: OpenModel, upload: Upload, rest: list[Upload]) -> None:
    """Two people side by side, and a scrubber from one to the other."""
    st.header(_("Two people"))
    names = {other.key: other.name for other in rest}
    chosen = st.selectbox(
        _("Compare with"), list(names)[::-1], format_func=names.__getitem__, key="compare with", width=320
    )
    other = next(one for one in rest if one.key == chosen)
    assert upload.photo is not None
    assert other.photo is not None
    left, right = st.columns(2, gap="medium")
    with left:
        show(row([figure for one in (upload.photo, other.photo) for figure in _seen_and_rebuilt(model, one)], side=150))
        a, b = upload.photo.latents[model.identity], other.photo.latents[model.identity]
        typical = ""
        if model.atlas is not None:  # for independent points, E |a - b|^2 is twice the summed variance
            spread = float(model.atlas.mu.astype(np.float32).var(0).sum())
            typical = _("; two CelebA faces picked at random are about {distance:.1f} apart").format(
                distance=np.sqrt(2 * spread)
            )
        st.caption(
            _(
                "The two codes are {distance:.1f} apart{typical}. Drag the slider: the face beside it is "
                "decoded from the straight line between the two codes."
            ).format(distance=np.linalg.norm(a - b), typical=typical)
        )
    with right:
        _morph(model, upload.photo, other.photo)


def _seen_and_rebuilt(model: OpenModel, photo: Photo) -> list[Figure]:
    judgement = photo.once(("judgement", model.drawing), lambda: judge(model, photo))
    return [
        Figure(photo.crop(model.config.view), photo.name),
        Figure(judgement.picture, _("{name}, rebuilt by the {model}").format(name=photo.name, model=model.title)),
    ]


@st.fragment
def _morph(model: OpenModel, one: Photo, other: Photo) -> None:
    z = one.latents[model.identity]
    bank = morph_bank(z, {_("Towards {name}").format(name=other.name): other.latents[model.identity]})
    # A topic of its own: the map's ring stays with the sliders above.
    decoding = replace(pad_model(as_chosen(model)), name=f"{model.name} two people")
    point = PadPoint(f"{model.identity[:8]} {one.key} {other.key}", z)
    follow_vividness(latent_pad(PadInput("two people", decoding, point, PadSliders([bank]))))
