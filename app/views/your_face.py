"""Your face: a photo, what each model makes of it, where it lies on the map, and sliders that start from it."""

from __future__ import annotations

import io
import warnings

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from app.cache import OpenModel
from app.controls import choose_model, decode, open_all, pad, portrait, show_problems
from app.state import Photo, Point, go_to, set_point
from app.views.explore import show_map
from models.images import crop_aligned, to_tensor
from models.metrics import psnr

MAX_PIXELS = 50_000_000
PHOTO = "photo"


class PhotoError(ValueError):
    """An upload is not a usable picture; the message says why and what to do."""


def render() -> None:
    """Draw the page."""
    st.title("Your face")
    models, problems = open_all()
    show_problems(problems)
    if not models:
        st.error("There is no checkpoint to encode with. Put one into the folder checkpoints or train one.")
        return
    st.caption(
        "Give a photo of one face, upright and looking at the camera. The middle of the picture is cut out as the "
        "models saw their training faces. Your photo stays in this computer's memory and is not kept."
    )
    photo = _choose_photo(models)
    if photo is None:
        return
    _reconstructions(models, photo)
    model = choose_model({name: model for name, model in models.items() if name in photo.latents})
    if model.atlas is None:
        st.info("This model has no map yet, so it has no sliders here. Make its map with build_atlas.py.")
        return
    point = Point(photo=photo)
    z = photo.latents[model.name]
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Where it lies on the map.** The marker stands among the faces whose latents are nearest.")
        show_map(model, point, z)
    with right:
        _pad(model, point, z)
        if st.button("Go on with this face in Explore", icon=":material/arrow_forward:"):
            set_point(point)
            go_to("explore")


@st.fragment
def _pad(model: OpenModel, point: Point, z: NDArray[np.float32]) -> None:
    pad(model, point, z)


def _choose_photo(models: dict[str, OpenModel]) -> Photo | None:
    """The upload box and the portrait; the photo stays current on other pages."""
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    upload = left.file_uploader("Photo", type=["jpg", "jpeg", "png", "webp"], key="upload")
    take_portrait = right.button("Try it with a portrait", icon=":material/face:", help="Eileen Collins, NASA")
    if take_portrait:
        st.session_state[PHOTO] = (None, encode_photo(models, "NASA portrait", portrait().read_bytes()))
    elif upload is not None and st.session_state.get(PHOTO, (None,))[0] != upload.file_id:
        try:
            st.session_state[PHOTO] = (upload.file_id, encode_photo(models, upload.name, upload.getvalue()))
        except PhotoError as error:
            st.error(f"{upload.name}: {error}", icon=":material/broken_image:")
    if PHOTO not in st.session_state:
        return None
    photo: Photo = st.session_state[PHOTO][1]
    return photo


def _reconstructions(models: dict[str, OpenModel], photo: Photo) -> None:
    """The crop and what each model makes of it, side by side."""
    shown = [models[name] for name in photo.latents if name in models]
    with st.container(horizontal=True, gap="small"):
        first = shown[0].config.image_size
        st.image(photo.crops[first], caption="What the models see", width=168)
        for model in shown:
            picture = decode(model, photo.latents[model.name][None])[0]
            crop = photo.crops[model.config.image_size]
            quality = psnr(float(np.square(picture.astype(np.float32) - crop).mean()) / 255**2)
            st.image(picture, caption=f"{model.title}: {quality:.1f} dB PSNR", width=168)
    st.caption("PSNR measures how close the rebuilt picture is to the one above, pixel by pixel; more is closer.")


def read_photo(data: bytes) -> Image.Image:
    """Decode an upload, turned upright as its EXIF says.

    Raises:
        PhotoError: not a picture, damaged, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > MAX_PIXELS:
                raise PhotoError("the picture has more than 50 million pixels. Make it smaller and try again.")
            picture.load()
            return ImageOps.exif_transpose(picture).convert("RGB")
    except PhotoError:
        raise
    except UnidentifiedImageError as error:
        raise PhotoError("this is not a picture that can be read. Give a JPEG, PNG or WebP file.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError("the picture has more than 50 million pixels. Make it smaller and try again.") from error
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError) as error:
        raise PhotoError("the file is damaged or cut short. Save or send it again.") from error


@torch.inference_mode()
def encode_photo(models: dict[str, OpenModel], name: str, data: bytes) -> Photo:
    """Crop a photo and encode it with every model.

    Raises:
        PhotoError: as `read_photo`.
    """
    picture = read_photo(data)
    sizes = {model.config.image_size for model in models.values()}
    crops = {size: crop_aligned(picture, size) for size in sizes}
    latents, logvars = {}, {}
    for model_name, model in models.items():
        mu, logvar = model.network.posterior(to_tensor(crops[model.config.image_size][None]))
        latents[model_name] = mu[0].numpy()
        if logvar is not None:
            logvars[model_name] = logvar[0].numpy()
    return Photo(name, crops, latents, logvars)
