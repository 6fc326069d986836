"""The one place where pictures change form: files, the CelebA crop, uint8 arrays and torch tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models.config import Crop

if TYPE_CHECKING:  # torch takes two seconds to import, and a crop needs none of it
    from torch import Tensor

ALIGNED_SIZE = (178, 218)  # width, height of CelebA's aligned pictures
CROP_SIDE = 148  # the centred square that holds the face


def crop_aligned(picture: Image.Image, image_size: int, crop: Crop = "celeba") -> NDArray[np.uint8]:
    """The shared CelebA crop: the centred 148 x 148 square, resized by Pillow's Lanczos and by nothing else.

    A picture that is not 178 x 218 gives its centred square with the same share of the width (148 / 178).

    Args:
        picture: any mode; it is converted to RGB.
        image_size: side of the result in pixels.
        crop: "celeba", or "square" for the centred square of the full width, which some networks from elsewhere see.

    Returns:
        uint8 [image_size, image_size, 3], RGB.
    """
    picture = picture.convert("RGB")
    width, height = picture.size
    share = CROP_SIDE / ALIGNED_SIZE[0] if crop == "celeba" else 1
    side = max(1, round(min(width, height) * share))
    left, top = (width - side) // 2, (height - side) // 2
    square = picture.crop((left, top, left + side, top + side))
    return np.array(square.resize((image_size, image_size), Image.Resampling.LANCZOS))


def crop_beside(picture: Image.Image, image_size: int, shift: tuple[float, float], zoom: float) -> NDArray[np.uint8]:
    """Not quite the shared CelebA crop, for training: its square moved and of another size, the same filter.

    Args:
        picture: one of CelebA's aligned pictures; another size counts as one of 178 pixels' width.
        image_size: side of the result in pixels.
        shift: of the square's middle to the right and down, in pixels of the 178.
        zoom: size of the square as a share of the shared crop's. A square that would reach over the edge is made
            smaller.

    Returns:
        uint8 [image_size, image_size, 3], RGB.
    """
    picture = picture.convert("RGB")
    width, height = picture.size
    unit = width / ALIGNED_SIZE[0]
    x, y = width / 2 + shift[0] * unit, height / 2 + shift[1] * unit
    half = min(zoom * CROP_SIDE * unit / 2, x, y, width - x, height - y)
    box = (x - half, y - half, x + half, y + half)
    return np.array(picture.resize((image_size, image_size), Image.Resampling.LANCZOS, box=box))


def as_seen(faces: NDArray[np.uint8], image_size: int, crop: Crop = "celeba") -> NDArray[np.uint8]:
    """Faces that are cut out already, such as decoded ones, as a network sees them that wants another size or crop.

    What a wider crop would show besides is not there: the edges are repeated.

    Args:
        faces: uint8 [N, S, S, 3], the "celeba" crop.
        image_size, crop: as in `crop_aligned`.

    Returns:
        uint8 [N, image_size, image_size, 3].
    """
    if crop == "square":
        edge = round(faces.shape[1] * (ALIGNED_SIZE[0] / CROP_SIDE - 1) / 2)
        faces = np.pad(faces, ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode="edge")
    if faces.shape[1] == image_size:
        return faces
    size = (image_size, image_size)
    return np.stack([np.asarray(Image.fromarray(face).resize(size, Image.Resampling.LANCZOS)) for face in faces])


def to_tensor(images: NDArray[np.uint8] | Tensor) -> Tensor:
    """uint8 [N, S, S, 3] to float32 [N, 3, S, S] in [0, 1], channels-last in memory as it already lies."""
    import torch

    batch = images if isinstance(images, torch.Tensor) else torch.from_numpy(np.ascontiguousarray(images))
    return batch.permute(0, 3, 1, 2).float().div_(255)


def to_uint8(pictures: Tensor) -> NDArray[np.uint8]:
    """float32 [N, 3, S, S] in [0, 1] to uint8 [N, S, S, 3], rounded to the nearest value."""
    import torch

    scaled = pictures.detach().clamp(0, 1).mul(255).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).cpu().contiguous().numpy()


def open_picture(path: Path) -> Image.Image:
    """A picture file, decoded and turned as its EXIF block says.

    Raises:
        OSError: it cannot be read, whatever is wrong with it.
    """
    try:
        with Image.open(path) as picture:
            picture.load()
            return ImageOps.exif_transpose(picture)
    except Exception as error:  # damaged files raise whatever their bytes happen to provoke
        raise OSError(f"{path} cannot be read as a picture") from error


def read_crop(path: Path, image_size: int, crop: Crop = "celeba") -> NDArray[np.uint8] | None:
    """The shared crop of a file: uint8 [image_size, image_size, 3]; None where it cannot be read."""
    try:
        return crop_aligned(open_picture(path), image_size, crop)
    except OSError:
        return None


def read_crops(
    paths: Sequence[Path], image_size: int, crop: Crop = "celeba", *, workers: int = 2, batch_size: int = 256
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8], list[Path]]]:
    """Stream the shared crop of many files, in order, in bounded memory.

    Yields:
        For each batch: the positions in `paths` that could be read [B], their crops
        uint8 [B, S, S, 3], and the files of the batch that could not be read.
    """

    def read(path: Path) -> NDArray[np.uint8] | None:
        return read_crop(path, image_size, crop)

    # Pillow releases the interpreter lock while it decodes and resizes, so threads are enough.
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(paths), batch_size):
            chunk = paths[start : start + batch_size]
            crops = list(pool.map(read, chunk))
            good = np.array([start + i for i, crop in enumerate(crops) if crop is not None], dtype=np.int64)
            stacked = [crop for crop in crops if crop is not None]
            unreadable = [path for path, crop in zip(chunk, crops, strict=True) if crop is None]
            empty = np.empty((0, image_size, image_size, 3), np.uint8)
            yield good, np.stack(stacked) if stacked else empty, unreadable
