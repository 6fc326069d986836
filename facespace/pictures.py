"""Pictures as people have them, cut out as a network sees them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from faces import align_face, upright
from faces.photo import read_photo
from models.config import Crop
from models.data.pictures import find_pictures, to_align
from models.images import crop_aligned

Picture: TypeAlias = str | os.PathLike[str] | Image.Image
"""A file, or a Pillow image."""


def crop(picture: Picture, view: tuple[int, Crop], align: bool) -> NDArray[np.uint8]:
    """A picture as a network sees it: uint8 [S, S, 3].

    Args:
        picture: the face, cut out as CelebA's are, or a photo with a face in it.
        view: the network's image size and crop.
        align: find the face first.

    Raises:
        faces.NoFaceError, faces.photo.PhotoError, OSError: there is no face, no picture or no file.
    """
    image = upright(picture) if isinstance(picture, Image.Image) else read_photo(Path(picture).read_bytes())
    return crop_aligned(align_face(image) if align else image, *view)


def files_of(folder: str | os.PathLike[str], align: bool) -> list[Path]:
    """The pictures of a folder, in order.

    Args:
        folder: as somebody has it.
        align: they are not cut out yet, so take those that can be.

    Raises:
        models.data.celeba.DataError: there are none, or it is not clear which folder is meant.
    """
    root = Path(folder).expanduser()
    return to_align(root)[0] if align else find_pictures(root).paths
