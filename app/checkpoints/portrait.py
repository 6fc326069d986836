"""The shipped portrait, as the models see a face."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from app.paths import PORTRAIT
from app.texts import N_, Later
from models.config import Crop
from models.images import crop_aligned


@st.cache_resource(show_spinner=Later(N_("Finding the face in the portrait …")), max_entries=1)
def aligned_portrait() -> Image.Image:
    """The shipped portrait in CelebA's frame, 178 x 218."""
    from faces import align_face

    with Image.open(PORTRAIT) as picture:
        return align_face(picture.convert("RGB"))


def portrait_crop(view: tuple[int, Crop]) -> NDArray[np.uint8]:
    """The shipped portrait, aligned and cropped as a model sees it: uint8 [S, S, 3]."""
    return crop_aligned(aligned_portrait(), *view)
