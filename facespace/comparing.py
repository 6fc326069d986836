"""Two checkpoints that encode the same faces: which neighbourhoods both have, and whose errors are smaller where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from facespace.model import Model
from facespace.pictures import Picture, crop
from latent.neighbourhoods import FEWEST, Neighbourhoods, compare_atlases
from models import SHIPPED, load_classifier
from models.config import Crop
from models.data.attributes import ATTRIBUTES, JUDGING
from models.images import as_seen

Value = TypeVar("Value")
ASKED = 2000


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
    return compare_atlases(first.atlas, second.atlas, asked, seed=seed, without=JUDGING)


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
