"""CelebA's own alignment: the similarity transform of three points, and the warp into the 178 x 218 frame.

A point in the plane is one complex number here, x + iy, so that a similarity transform is `scale_turn * z + shift`.
Coordinates count from 0 and name the centre of a pixel: (0, 0) is the middle of the top left pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageOps

ALIGNED_SIZE = (178, 218)  # width, height of CelebA's aligned pictures

# Left eye, right eye, middle of the mouth corners (as seen in the picture); the nose is not used.
# Source: align_face_celeba.m by the data set's first author (Ziwei Liu).
TARGETS: NDArray[np.float32] = np.array([(69.745, 111.0), (107.237, 111.0), (88.432, 152.514)], np.float32)


@dataclass(frozen=True)
class Similarity:
    """The map z -> turn * z + shift of the plane: |turn| is the scale, its angle the rotation (clockwise on screen)."""

    turn: complex
    shift: complex

    def __call__(self, points: ArrayLike) -> NDArray[np.float64]:
        """Map points [..., 2] to points [..., 2]."""
        xy = np.asarray(points, np.float64)
        moved = self.turn * (xy[..., 0] + 1j * xy[..., 1]) + self.shift
        return np.stack([moved.real, moved.imag], axis=-1)

    def inverse(self) -> Similarity:
        """The map back."""
        return Similarity(1 / self.turn, -self.shift / self.turn)

    def after(self, first: Similarity) -> Similarity:
        """The map that does `first` and then this one."""
        return Similarity(self.turn * first.turn, self.turn * first.shift + self.shift)


def fit_similarity(source: ArrayLike, target: ArrayLike) -> Similarity:
    """The similarity transform (rotation, one scale, shift, no mirroring) that takes `source` nearest to `target`.

    Args:
        source: points [N, 2], N at least 2.
        target: as many points [N, 2].

    Raises:
        ValueError: the source points all lie in one place, or are not finite.

    Source: the least-squares estimate of Umeyama, PAMI 13(4), 1991, which in the complex plane is a quotient.
    """
    z, w = (np.asarray(points, np.float64) @ np.array([1, 1j]) for points in (source, target))
    centred = z - z.mean()
    spread = float(np.sum(np.abs(centred) ** 2))
    turn = np.vdot(centred, w - w.mean()) / spread if spread > 0 else complex("nan")
    if not np.isfinite(turn) or turn == 0:
        raise ValueError("The two eyes and the mouth must be three different places. Move the marks apart.")
    return Similarity(complex(turn), complex(w.mean() - turn * z.mean()))


def align(picture: Image.Image, points: ArrayLike) -> Image.Image:
    """Warp a face into the frame of CelebA's aligned pictures.

    The full picture is read. Places outside it repeat its nearest edge, and a face larger than the frame is averaged,
    not sampled, on its way down.

    Args:
        picture: any mode; it is converted to RGB.
        points: [3, 2], x and y of the left eye, the right eye (as seen when the face is upright) and the middle between
            the corners of the mouth, in the picture's pixels. Eyes given the other way round are exchanged.

    Returns:
        RGB, 178 x 218.

    Raises:
        ValueError: the points coincide or are not three finite pairs.
    """
    xy = np.asarray(points, np.float64)
    if xy.shape != (3, 2) or not np.isfinite(xy).all():
        raise ValueError(f"Expected the places of two eyes and the mouth, three pairs of numbers; got {xy.tolist()}.")
    eyes, mouth = xy[1] - xy[0], xy[2] - xy[0]
    if eyes[0] * mouth[1] - eyes[1] * mouth[0] < 0:  # the mouth would lie above the eyes
        xy = xy[[1, 0, 2]]
    return warp(picture, fit_similarity(xy, TARGETS), ALIGNED_SIZE)


def warp(picture: Image.Image, to_frame: Similarity, size: tuple[int, int], *, finest: int = 2) -> Image.Image:
    """The part of a picture that a similarity transform brings into a frame.

    Args:
        picture: any mode.
        to_frame: from the picture into the frame.
        size: width and height of the frame.
        finest: by how much more finely than the frame a finer picture is sampled, at most; then it is averaged.

    Returns:
        RGB of that size.
    """
    back = to_frame.inverse()
    shrink = abs(back.turn)  # pixels of the picture for one of the frame
    # At the picture's resolution up to `finest` times the frame's; a picture finer still is averaged over blocks first.
    steps = max(1, min(finest, math.ceil(shrink - 1e-6)))
    block = max(1, math.ceil(shrink / steps - 1e-6))
    fine = (size[0] * steps, size[1] * steps)
    corners = back(np.array([(-0.5, -0.5), (size[0], -0.5), (-0.5, size[1]), (size[0], size[1])]))
    region, left, top = _region(picture, corners, block)
    # Pillow counts from the corners of pixels, we from their centres: hence the halves.
    turn = back.turn / steps / block
    shift = (back(np.array((-0.5, -0.5))) + 0.5 - (left, top)) / block
    coefficients = (turn.real, -turn.imag, shift[0], turn.imag, turn.real, shift[1])
    warped = region.transform(fine, Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC)
    return warped if steps == 1 else warped.resize(size, Image.Resampling.LANCZOS)


def _region(picture: Image.Image, corners: NDArray[np.float64], block: int) -> tuple[Image.Image, int, int]:
    """The surroundings of some points, averaged over blocks, with the picture's edges repeated outwards.

    Returns:
        The region in RGB, and the place of its left and top edge in the picture (they may lie outside it).
    """
    margin = 3 * block  # what bicubic interpolation reads around a point
    x0, y0 = np.floor(corners.min(axis=0) - margin).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0) + margin).astype(int)
    left, top = max(0, min(x0, picture.width - block)), max(0, min(y0, picture.height - block))
    right, bottom = min(picture.width, max(x1, block)), min(picture.height, max(y1, block))
    pixels = picture.crop((left, top, right, bottom)).convert("RGB")
    if block > 1:
        pixels = pixels.reduce(block)
    before = (-((x0 - left) // block), -((y0 - top) // block))
    after = (
        math.ceil((x1 - x0) / block) - pixels.width - before[0],
        math.ceil((y1 - y0) / block) - pixels.height - before[1],
    )
    rows = np.clip(np.arange(-before[1], pixels.height + after[1]), 0, pixels.height - 1)
    columns = np.clip(np.arange(-before[0], pixels.width + after[0]), 0, pixels.width - 1)
    padded = np.asarray(pixels)[rows[:, None], columns[None]]
    return Image.fromarray(padded), left - before[0] * block, top - before[1] * block


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says; as it is where it says nothing or cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # a damaged EXIF block raises whatever its bytes happen to provoke
        return picture
