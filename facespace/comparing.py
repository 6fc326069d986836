"""Two checkpoints that encode the same faces: which neighbourhoods both have, and whose errors are smaller where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from facespace.model import Model
from facespace.pictures import Picture, crop
from latent.map_quality import NEIGHBOURS, neighbours_shared
from models import SHIPPED, load_classifier
from models.config import Crop
from models.data.attributes import ATTRIBUTES, JUDGING
from models.images import as_seen

Value = TypeVar("Value")
ASKED = 2000
FEWEST = 5  # faces with an attribute that a mean is told of


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """What two models agree on about who is near whom, of N faces that both have encoded.

    Attributes:
        image: int32 [N], the faces that were asked, by number.
        kept: float64 [N], of a face's ten nearest in the one model, the share that is among its ten nearest in the
            other, 0 to 1.
        chance: the share that two models without anything in common would keep.
        by_attribute: the mean share among faces with the attribute.
    """

    image: NDArray[np.int32]
    kept: NDArray[np.float64]
    chance: float
    by_attribute: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Errors:
    """How well two models give the same N pictures back.

    Attributes:
        first, second: float64 [N], the root mean square error of a pixel, of 255, each at its model's own size.
        by_attribute: the mean errors (first, second) among pictures in which a classifier sees the attribute.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    by_attribute: Mapping[str, tuple[float, float]]


def compare_neighbourhoods(first: Model, second: Model, *, asked: int = ASKED, seed: int = 0) -> Neighbourhoods:
    """Which neighbourhoods of one model's latent space survive in another's.

    Args:
        first, second: models whose atlases hold the same pictures, or some.
        asked: how many faces, at most.
        seed: chooses them.

    Raises:
        ValueError: their atlases have hardly a picture in common.
        latent.atlas.AtlasError: one has no atlas.
    """
    a, b = first.atlas, second.atlas
    both, rows_a, rows_b = np.intersect1d(a.image, b.image, return_indices=True)
    if len(both) < 2 * NEIGHBOURS:
        raise ValueError(
            f"the maps of {first.files.name} and {second.files.name} have {len(both)} pictures in common; "
            f"at least {2 * NEIGHBOURS} are needed. Build both from one folder of pictures."
        )
    rows = np.sort(np.random.default_rng(seed).permutation(len(both))[:asked])
    kept = neighbours_shared(a.mu[rows_a], b.mu[rows_b], rows)
    present = a.scores[rows_a][rows] > 127
    means = _by_attribute(a.attributes, present, lambda faces: float(kept[faces].mean()))
    return Neighbourhoods(both[rows], kept, NEIGHBOURS / (len(both) - 1), means)


def compare_errors(
    first: Model, second: Model, pictures: Sequence[Picture] | NDArray[np.uint8], *, align: bool = False
) -> Errors:
    """Errors of the same faces in two models.

    Args:
        first, second: the models.
        pictures: files or Pillow images, or faces uint8 [N, S, S, 3].
        align: find the face in each picture first.

    Raises:
        faces.NoFaceError, faces.photo.PhotoError: there is no face, or no picture.
    """
    from models.metrics import attribute_probabilities

    classifier = load_classifier(SHIPPED / "measure")
    seen = _seen(pictures, (classifier.config.image_size, "celeba"), align)
    present = attribute_probabilities(classifier, seen) > 0.5
    one, other = (_errors(model, _seen(pictures, model.files.config.view, align)) for model in (first, second))
    means = _by_attribute(ATTRIBUTES, present, lambda faces: (float(one[faces].mean()), float(other[faces].mean())))
    return Errors(one, other, means)


def _seen(pictures: Sequence[Picture] | NDArray[np.uint8], view: tuple[int, Crop], align: bool) -> NDArray[np.uint8]:
    """Pictures as a network sees them: uint8 [N, S, S, 3]."""
    if isinstance(pictures, np.ndarray):
        return as_seen(pictures, *view)
    return np.stack([crop(picture, view, align) for picture in pictures])


def _errors(model: Model, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Each picture's error, as it comes back: float64 [N]."""
    back = model.decode(model.encode(pictures)).astype(np.float64)
    return np.sqrt(np.square(back - pictures).mean((1, 2, 3)))


def _by_attribute(
    attributes: Sequence[str], present: NDArray[np.bool_], mean: Callable[[NDArray[np.bool_]], Value]
) -> dict[str, Value]:
    """What a mean says of the faces that have an attribute, where there are enough of them."""
    return {
        name: mean(column)
        for name, column in zip(attributes, present.T, strict=True)
        if column.sum() >= FEWEST and name not in JUDGING
    }
