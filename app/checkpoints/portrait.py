"""The shipped portrait, as the models see a face."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from app.paths import PORTRAIT
from faces import align
from models.config import Crop
from models.images import crop_aligned

# Where the detector finds its eyes and its mouth, in its pixels (a test holds them to it). The lesson begins with this
# face, and the detector takes seconds to load.
EYES_AND_MOUTH = ((142.108, 220.253), (210.772, 221.407), (175.053, 296.859))


@st.cache_resource(show_spinner=False, max_entries=1)
def aligned_portrait() -> Image.Image:
    """The shipped portrait in CelebA's frame, 178 x 218."""
    with Image.open(PORTRAIT) as picture:
        return align(picture.convert("RGB"), EYES_AND_MOUTH)


def portrait_crop(view: tuple[int, Crop]) -> NDArray[np.uint8]:
    """The shipped portrait, aligned and cropped as a model sees it: uint8 [S, S, 3]."""
    return crop_aligned(aligned_portrait(), *view)
