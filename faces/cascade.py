"""The three networks of MTCNN, run our way: proposals over a picture, then readings at any place, size and rotation.

The weights are those of the `facenet-pytorch` wheel (MIT). Its own `detect_face` fixes the rotation, resizes each crop
in a Python loop and fails on pictures smaller than 12 pixels; here crops are sampled in one batch, and may be turned.
Source: Zhang et al., Joint Face Detection and Alignment Using Multi-task Cascaded Convolutional Networks, 2016.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torchvision.ops import nms, roi_align

CELL = 12  # side of the square that the first network judges
PYRAMID_STEP = 0.709
PROPOSAL_SCORE = 0.6
REFINED_SCORE = 0.6
MOST_PROPOSALS = 1000
SMALL_CROP = 24  # side of what the second network reads
CROP = 48  # side of what the third network reads
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Readings:
    """What the third network says of N turned squares.

    Attributes:
        scores: float64 [N], 0 to 1.
        points: complex128 [N, 3], left eye, right eye, middle of the mouth corners, in the square's own coordinates.
        features: float32 [N, 256], the network's last hidden layer.
    """

    scores: NDArray[np.float64]
    points: NDArray[np.complex128]
    features: NDArray[np.float32]


@cache
def _load() -> tuple[Any, Any, Any]:
    from facenet_pytorch.models.mtcnn import ONet, PNet, RNet  # late: the package takes a while to import

    # Channels last: twice (third network) to thrice (second) as fast on a processor.
    first, second, third = (kind().eval().to(memory_format=torch.channels_last) for kind in (PNet, RNet, ONet))
    return first, second, third


def networks() -> tuple[Any, Any, Any]:
    """The three networks (torch modules of an untyped package), read from the wheel once, from any thread."""
    with _lock:
        return _load()


def to_planes(picture: Image.Image) -> Tensor:
    """An RGB picture as float32 [1, 3, H, W] in the networks' range, -1 to 1."""
    pixels = torch.from_numpy(np.array(picture.convert("RGB")))
    planes = pixels.permute(2, 0, 1)[None].float().sub_(127.5).div_(128)
    return planes.contiguous(memory_format=torch.channels_last)


def pyramid(levels: list[Tensor], smallest: float) -> list[Tensor]:
    """The sizes of a picture at which the first network's square of 12 pixels just holds a face.

    Args:
        levels: what `halvings` made of the picture; a small layer is made of a halved picture, which is quicker.
        smallest: side in pixels of the smallest face to look for, at least 12.
    """
    height, width = levels[0].shape[-2:]
    scale = CELL / smallest
    layers = []
    while min(height, width) * scale >= CELL:
        size = (round(height * scale), round(width * scale))
        source = next(level for level in reversed(levels) if level is levels[0] or level.shape[2] >= 2 * size[0])
        layers.append(F.interpolate(source, size, mode="area"))
        scale *= PYRAMID_STEP
    return layers


@torch.inference_mode()
def propose(levels: list[Tensor], layers: list[Tensor]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Squares of a picture that may hold an upright face.

    Args:
        levels: what `halvings` made of the picture.
        layers: its `pyramid`.

    Returns:
        float64 [K, 4], x0, y0, x1, y1 (edges, not centres, of pixels), and their scores [K].
    """
    first, second, _ = networks()
    boxes, scores = _scan(levels[0], layers, first)
    if len(boxes):
        shift, verdict = second(_small_crops(levels, boxes))
        keep = verdict[:, 1] > REFINED_SCORE
        boxes, scores = _square(_regress(boxes[keep], shift[keep])), verdict[keep, 1]
        keep = nms(boxes, scores, 0.7)
        boxes, scores = boxes[keep], scores[keep]
    return boxes.double().numpy(), scores.double().numpy()


def _small_crops(levels: list[Tensor], boxes: Tensor) -> Tensor:
    """What the second network reads of squares float32 [K, 4]: [K, 3, 24, 24].

    Large squares come from a picture that is halved already: to average all their pixels would take most of the time.
    """
    sides = (boxes[:, 2] - boxes[:, 0]).clamp_min(1)
    depth = (sides / (2 * SMALL_CROP)).log2().floor().clamp(0, len(levels) - 1).long()
    crops = torch.empty(len(boxes), 3, SMALL_CROP, SMALL_CROP).contiguous(memory_format=torch.channels_last)
    for level in depth.unique().tolist():
        here = depth == level
        scale = levels[level].shape[3] / levels[0].shape[3]
        crops[here] = roi_align(levels[level], [boxes[here]], SMALL_CROP, spatial_scale=scale, aligned=True)
    return crops


def _scan(planes: Tensor, layers: list[Tensor], first: nn.Module) -> tuple[Tensor, Tensor]:
    """The first network over a pyramid of the picture: squares float32 [K, 4] and scores [K]."""
    found, scores = [torch.empty(0, 4)], [torch.empty(0)]
    for layer in layers:
        shift, verdict = first(layer.contiguous(memory_format=torch.channels_last))
        likely = verdict[0, 1]
        row, column = torch.nonzero(likely >= PROPOSAL_SCORE, as_tuple=True)
        corner = torch.stack([column, row], dim=1) * 2.0  # the network's stride is 2
        stretch = torch.tensor([planes.shape[3] / layer.shape[3], planes.shape[2] / layer.shape[2]])
        boxes = torch.cat([corner * stretch, (corner + CELL) * stretch], dim=1)
        score = likely[row, column]
        keep = nms(boxes, score, 0.5)
        found.append(_regress(boxes[keep], shift[0, :, row[keep], column[keep]].T))
        scores.append(score[keep])
    boxes, score = torch.cat(found), torch.cat(scores)
    keep = nms(boxes, score, 0.7)[:MOST_PROPOSALS]
    return _square(boxes[keep]), score[keep]


def _regress(boxes: Tensor, shift: Tensor) -> Tensor:
    """Move each box's edges by shares of its side."""
    side = (boxes[:, 2:] - boxes[:, :2]).repeat(1, 2)
    return boxes + shift * side


def _square(boxes: Tensor) -> Tensor:
    """The square round each box's middle with its longer side."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).amax(dim=1, keepdim=True) / 2
    return torch.cat([middle - half, middle + half], dim=1)


def non_overlapping(boxes: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions of the best boxes [K, 4], without those that share half their area with a better one."""
    return nms(torch.from_numpy(boxes), torch.from_numpy(scores), 0.5).numpy()


def halvings(planes: Tensor) -> list[Tensor]:
    """The picture and its halves, quarters and so on, down to the networks' crop, for reading without aliasing."""
    levels = [planes]
    while min(levels[-1].shape[-2:]) >= 2 * CROP:
        height, width = levels[-1].shape[-2:]
        levels.append(F.interpolate(levels[-1], (height // 2, width // 2), mode="area"))  # covers odd sides exactly
    return levels


def sample(levels: list[Tensor], turns: NDArray[np.complex128], middles: NDArray[np.complex128], side: int) -> Tensor:
    """Cut N turned squares out of a picture.

    A square's own coordinates run from -1 to 1 each way; `turn * z + middle` brings them into the picture (0, 0 is
    the centre of its top left pixel), so |turn| is half the square's side.

    Args:
        levels: what `halvings` made of the picture.
        turns, middles: complex128 [N].
        side: of the result.

    Returns:
        float32 [N, 3, side, side], -1 to 1; 0 outside the picture.
    """
    wanted = np.log2(np.maximum(np.abs(turns) * 2 / side, 1)).round().astype(int)
    depth = np.minimum(wanted, len(levels) - 1)
    crops = torch.empty(len(turns), 3, side, side).contiguous(memory_format=torch.channels_last)
    height, width = levels[0].shape[-2:]
    scale = np.array([[2 / width], [2 / height]])
    for level in np.unique(depth):
        here = np.flatnonzero(depth == level)
        turn, middle = turns[here], middles[here] + (0.5 + 0.5j)
        rows = [turn.real, -turn.imag, middle.real, turn.imag, turn.real, middle.imag]
        theta = np.stack(rows, axis=1).reshape(-1, 2, 3) * scale - np.array([[0, 0, 1], [0, 0, 1]])
        grid = F.affine_grid(torch.from_numpy(theta).float(), [len(here), 3, side, side], align_corners=False)
        planes = levels[level].expand(len(here), -1, -1, -1)
        crops[torch.from_numpy(here)] = F.grid_sample(planes, grid, align_corners=False)
    return crops


@torch.inference_mode()
def glance(crops: Tensor) -> NDArray[np.float64]:
    """The second network's scores [N], 0 to 1, of upright crops, float32 [N, 3, 24, 24], -1 to 1."""
    second = networks()[1]
    scores = [second(batch)[1][:, 1] for batch in crops.split(512)]
    return torch.cat(scores).double().numpy() if scores else np.empty(0)


@torch.inference_mode()
def look(crops: Tensor) -> Readings:
    """The third network on upright crops, float32 [N, 3, 48, 48], -1 to 1."""
    third = networks()[2]
    scores, points, features = [], [], []
    for batch in crops.split(128):
        x = third.pool1(third.prelu1(third.conv1(batch)))
        x = third.pool2(third.prelu2(third.conv2(x)))
        x = third.pool3(third.prelu3(third.conv3(x)))
        x = third.prelu4(third.conv4(x)).permute(0, 3, 2, 1).flatten(1)
        hidden = third.prelu5(third.dense5(x))
        scores.append(third.softmax6_1(third.dense6_1(hidden))[:, 1])
        points.append(third.dense6_3(hidden))
        features.append(hidden)
    if not scores:
        return Readings(np.empty(0), np.empty((0, 3), np.complex128), np.empty((0, 256), np.float32))
    xy = torch.cat(points).double().numpy() * 2 - 1  # five x, then five y, as shares of the side
    z = xy[:, :5] + 1j * xy[:, 5:]
    three = np.stack([z[:, 0], z[:, 1], z[:, 3:].mean(axis=1)], axis=1)
    return Readings(torch.cat(scores).double().numpy(), three, torch.cat(features).numpy())
