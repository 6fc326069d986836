"""Faces in a photo: where, how sure, and the three points that CelebA's alignment needs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from faces.alignment import ALIGNED_SIZE, TARGETS, Similarity, align, upright, warp
from faces.cascade import halvings, non_overlapping, propose, pyramid, to_planes
from faces.pose import HALF, MIDDLE, Poses, refine, settle

# Longest side of the copy that is searched, the smallest face looked for there, whether its contrast is stretched (it
# shows faces in the dark and before bright walls), and whether it is softened too (against the grain that comes out
# then). A search is made only where those before it find nothing. Of 50 validation pictures with 4 % of their light the
# stretched search misses 13, the softened one 6; with contrast evened out locally, by CLAHE, 23 were missed.
SEARCHES = ((640, 24, False, False), (640, 24, True, False), (640, 24, True, True), (1280, 20, False, False))
SOFTNESS = 1 / 250  # of the longer side
# Before them, a quick one for large faces that stand about upright: where one of them is certain and fills the photo as
# a portrait does (its eyes are so far apart, as a share of the shorter side), the people far behind it are not sought.
QUICK_SEARCH = (320, 32)
PORTRAIT_SHARE = 0.12
# Tuned on 150 pasted validation pictures and 41 resemblances that the search found in their backgrounds: six readings
# of a face disagree by 0.4 to 1.6 pixels, those of a resemblance by 2.5 and more, though its score may be 0.99.
ACCEPTED = 0.95
SURE = 0.98
LARGEST_DISAGREEMENT = 2.0
LARGEST_MISFIT = 0.12
REFINEMENTS = 2
# Where that leaves nothing, a doubtful answer is better than none. One in which all readings put eyes and mouth in the
# same places, though the score stays below, or the likeliest face that fills nearly half of the picture: a profile,
# a helmet, an eye that is hidden. Resemblances are small nearly always.
AGREED_SCORE = 0.85
AGREED_DISAGREEMENT = 1.2
HARD_SCORE = 0.6
HARD_DISAGREEMENT = 6.0
HARD_SHARE = 0.45  # of the picture's shorter side, for the square that the network reads
SMALLEST_EYE_DISTANCE = 19.0  # pixels; below it the crop would be enlarged to twice its size
MOST_FACES = 60
# Quarter turns, halves of a crowd's squares and faces are worked on side by side: torch lets go of Python's lock.
WORKERS = min(4, os.cpu_count() or 1)
# The face in CelebA's frame, from the brows to the chin: what a box round it shows.
OUTLINE = np.array([(46.0, 66.0), (131.0, 66.0), (131.0, 178.0), (46.0, 178.0)])

_pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="faces")


class NoFaceError(ValueError):
    """No usable face; the message says so in plain words and what to do."""


@dataclass(frozen=True, eq=False)
class Face:
    """One face of a photo, in the photo's pixels (0, 0 is the middle of the top left one).

    Attributes:
        box: float32 [4], x0, y0, x1, y1 of the upright rectangle round the face; it may reach beyond the photo.
        points: float32 [3, 2], x and y of the left eye, the right eye (as seen when the face is upright) and the
            middle between the corners of the mouth, without the detector's bias: as CelebA's annotators would
            have set them.
        score: how sure the detector is, 0 to 1.
        doubtful: it was hard to find, so its points may be off by several pixels.
    """

    box: NDArray[np.float32]
    points: NDArray[np.float32]
    score: float
    doubtful: bool = False


def find_faces(picture: Image.Image) -> list[Face]:
    """The faces of a photo at any rotation, the preferred one first: the largest of those found with certainty.

    Args:
        picture: any mode, as it lies in memory (an EXIF orientation is not applied: the points would not fit).

    Raises:
        NoFaceError: there is none, or all are too small.
    """
    picture = picture.convert("RGB")
    if np.ptp(np.asarray(picture), axis=(0, 1)).max() == 0:  # what a camera gives that has not begun
        raise NoFaceError(
            "No face was found: this photo has one colour throughout. If a camera took it, the camera had not begun. "
            "Remove the photo and take it again."
        )
    doubtful: list[Face] = []
    faces = _certain(picture, _search(picture, *QUICK_SEARCH, quarters=1))
    if not any(face.score >= SURE and _eye_distance(face) >= PORTRAIT_SHARE * min(picture.size) for face in faces):
        faces = []
    for longest, smallest, stretched, softened in SEARCHES:
        if faces:
            break
        if longest == SEARCHES[-1][0] and max(picture.size) <= SEARCHES[0][0]:
            break  # there is nothing finer to see
        seen = ImageOps.autocontrast(picture, cutoff=1) if stretched else picture
        seen = seen.filter(ImageFilter.GaussianBlur(max(picture.size) * SOFTNESS)) if softened else seen
        poses = _search(seen, longest, smallest)
        faces = _certain(seen, poses)
        if not faces:
            doubtful += _hard_faces(seen, poses)
    if not faces and doubtful:
        faces = [max(doubtful, key=lambda face: face.score)]
    if not faces:
        raise NoFaceError(
            "No face was found in this photo: a mask, a hat or dim light may hide it. Place the marks on the two eyes "
            "and the mouth by hand, or take a photo in which the face is larger, well lit and turned to the camera."
        )
    faces.sort(key=lambda face: (face.score < SURE, -_eye_distance(face)))
    largest = max(_eye_distance(face) for face in faces)
    if largest < SMALLEST_EYE_DISTANCE:
        raise NoFaceError(
            f"The face is too small: its eyes are {largest:.0f} pixels apart, and {SMALLEST_EYE_DISTANCE:.0f} are "
            "needed. Take a photo from nearer by, or one with more pixels."
        )
    return [face for face in faces if _eye_distance(face) >= SMALLEST_EYE_DISTANCE]


def _certain(picture: Image.Image, poses: Poses) -> list[Face]:
    """The faces among some poses that a closer look confirms."""
    likely = _distinct(poses[(poses.scores >= ACCEPTED) & (poses.misfits <= LARGEST_MISFIT)])
    likeliest = np.argsort(-likely.scores)[:MOST_FACES]
    looked_at = _pool.map(partial(_verify, picture), likely.turns[likeliest], likely.middles[likeliest])
    return _one_each([face for face in looked_at if face])


def _eye_distance(face: Face) -> float:
    return float(np.linalg.norm(face.points[1] - face.points[0]))


def _search(picture: Image.Image, longest: int, smallest: float, *, quarters: int = 4) -> Poses:
    """Poses of likely faces, in the picture's own pixels, found on a copy whose longer side is at most `longest`.

    Faces are looked for with the picture as it is and turned by one to three quarters, so many as `quarters` says.
    """
    shrink = max(1.0, max(picture.size) / longest)
    size = (max(1, round(picture.width / shrink)), max(1, round(picture.height / shrink)))
    copy = picture if shrink == 1 else picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)
    planes = to_planes(copy)
    levels = halvings(planes)
    layers = pyramid(levels, smallest)
    squares, scores = zip(*_pool.map(partial(_turned_back, levels, layers), range(quarters)), strict=True)
    kept = non_overlapping(np.concatenate(squares), np.concatenate(scores))
    shares = np.array_split(np.concatenate(squares)[kept], WORKERS)
    poses = Poses.join(list(_pool.map(partial(settle, levels), shares)))
    middles = (poses.middles + (0.5 + 0.5j)) * shrink - (0.5 + 0.5j)
    return Poses(poses.turns * shrink, middles, poses.scores, poses.misfits)


def _turned_back(
    levels: list[torch.Tensor], layers: list[torch.Tensor], quarter: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Proposals of the picture turned by quarters against the clock, brought back into the unturned one."""
    height, width = levels[0].shape[-2:]
    turned, turned_layers = ([torch.rot90(one, quarter, (2, 3)) for one in some] for some in (levels, layers))
    boxes, scores = propose(turned, turned_layers)
    half = (boxes[:, 2] - boxes[:, 0]) / 2
    middle = ((boxes[:, :2] + boxes[:, 2:]) / 2) @ np.array([1, 1j])
    middle = 1j**quarter * middle + (0, width, width + 1j * height, 1j * height)[quarter]
    return np.stack([middle.real - half, middle.imag - half, middle.real + half, middle.imag + half], axis=1), scores


def _distinct(poses: Poses) -> Poses:
    """The better one of poses that have come to rest in almost the same square."""
    kept: list[int] = []
    for i in np.argsort(poses.misfits - poses.scores):
        size = abs(poses.turns[i])
        rivals = (j for j in kept if 1 / 1.4 < abs(poses.turns[j]) / size < 1.4)
        if all(abs(poses.middles[i] - poses.middles[j]) > 0.4 * size for j in rivals):
            kept.append(int(i))
    return poses[np.array(kept, np.int64)]


def _one_each(faces: list[Face]) -> list[Face]:
    """Of faces that lie within one another, the surest; such an overlap is one face seen twice."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        middle = face.points.mean(axis=0)
        distances = [np.linalg.norm(middle - other.points.mean(axis=0)) for other in kept]
        reaches = [max(_eye_distance(face), _eye_distance(other)) for other in kept]
        if all(distance > 0.8 * reach for distance, reach in zip(distances, reaches, strict=True)):
            kept.append(face)
    return kept


def _hard_faces(picture: Image.Image, poses: Poses) -> list[Face]:
    """Faces for which a closer look speaks, though not for certain: all readings agree, or the face is large."""
    likely = poses[poses.scores >= HARD_SCORE]
    found = []
    for i in np.argsort(-likely.scores)[:MOST_FACES]:
        where = (picture, likely.turns[i], likely.middles[i])
        face = _verify(*where, AGREED_SCORE, AGREED_DISAGREEMENT)
        if not face and 2 * abs(likely.turns[i]) >= HARD_SHARE * min(picture.size):
            face = _verify(*where, HARD_SCORE, HARD_DISAGREEMENT)
        if face:
            found.append(replace(face, doubtful=True))
    return found


def _verify(
    picture: Image.Image,
    turn: complex,
    middle: complex,
    least_score: float = ACCEPTED,
    most_disagreement: float = LARGEST_DISAGREEMENT,
) -> Face | None:
    """Read a likely face again at full resolution, in CelebA's frame; None if it turns out to be no face."""
    to_frame = Similarity(HALF / complex(turn), MIDDLE - HALF * complex(middle) / complex(turn))
    for _ in range(REFINEMENTS):
        correction, score, disagreement = refine(warp(picture, to_frame, ALIGNED_SIZE, finest=1))
        if score < least_score / 2:
            return None
        to_frame = correction.after(to_frame)
    if score < least_score or disagreement > most_disagreement:
        return None
    back = to_frame.inverse()
    corners = back(OUTLINE)
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    return Face(box.astype(np.float32), back(TARGETS).astype(np.float32), min(1.0, score))


def align_face(picture: Image.Image) -> Image.Image:
    """The preferred face of a photo in CelebA's frame.

    Args:
        picture: any mode; it is turned as its EXIF orientation says.

    Returns:
        RGB, 178 x 218.

    Raises:
        NoFaceError: no face was found, or it is too small.
    """
    picture = upright(picture)
    return align(picture, find_faces(picture)[0].points)
