"""The shipped portrait lies in CelebA's frame where the detector would put it, which is not asked each time."""

import numpy as np
from PIL import Image

from app.checkpoints.portrait import EYES_AND_MOUTH, aligned_portrait
from app.paths import PORTRAIT
from faces import align_face


def test_the_kept_places_are_those_that_the_detector_finds():
    with Image.open(PORTRAIT) as picture:
        found = np.asarray(align_face(picture.convert("RGB"))).astype(float)
    assert np.abs(found - np.asarray(aligned_portrait())).mean() < 1
    assert np.shape(EYES_AND_MOUTH) == (3, 2)
