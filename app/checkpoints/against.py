"""Two checkpoints that encoded the same faces: their maps, the neighbourhoods that both have, and their errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from latent.neighbourhoods import Neighbourhoods, compare_atlases
from latent.two_maps import laid_on
from models.checkpoint_files import CheckpointFiles
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from models.data.celeba import PARTITIONS

ASKED = 1000  # faces whose neighbourhoods are compared
SINGLES, AT_ONCE = 100, 25  # faces whose pictures are compared, where they are here
TEST = PARTITIONS.index("test")


@dataclass(frozen=True, eq=False)
class SingleFaces:
    """Errors of the same faces in two models.

    Attributes:
        image: int32 [F], by number.
        errors: float64 [F, 2], of a pixel, root mean square, of 255, in the first model and in the second.
    """

    image: NDArray[np.int32]
    errors: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Against:
    """What two models say of the N faces that both have encoded.

    Attributes:
        first, second: float32 [N, 2], where they lie on each map, in one frame within [0, 1].
        asked: int64 [K], which of them were asked for their neighbours.
        shared: what came of it, for these K in this order.
        singles: errors of single faces; None where the viewer does not have the pictures.
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    asked: NDArray[np.int64]
    shared: Neighbourhoods
    singles: SingleFaces | None = None


def faces_in_common(first: OpenModel, second: OpenModel) -> int:
    """How many pictures both have encoded."""
    if first.atlas is None or second.atlas is None:
        return 0
    return len(np.intersect1d(first.atlas.image, second.atlas.image))


def compare(first: OpenModel, second: OpenModel, progress: Callable[[float], None]) -> Against:
    """Lay the maps of two models, whose atlases have pictures in common, on each other and count shared neighbours.

    Args:
        first, second: the models.
        progress: told the share that is done, 0 to 1; what it raises ends the work.
    """
    a, b = first.atlas, second.atlas
    assert a is not None
    assert b is not None
    both, rows_a, rows_b = np.intersect1d(a.image, b.image, return_indices=True)
    shared = compare_atlases(a, b, ASKED, without=JUDGING, progress=lambda share: progress(share / 2))
    singles = _single_faces(first, second, shared.image, lambda share: progress((1 + share) / 2))
    return Against(*laid_on(a.xy[rows_a], b.xy[rows_b]), np.searchsorted(both, shared.image), shared, singles)


def _single_faces(
    first: OpenModel, second: OpenModel, image: NDArray[np.int32], progress: Callable[[float], None]
) -> SingleFaces | None:
    """Errors of some of these faces, the held-out ones first, where the viewer has all their pictures."""
    assert first.atlas is not None
    rows = [first.atlas.row_of(int(one)) for one in image]
    held_out = np.array([row is not None and first.atlas.partition[row] == TEST for row in rows])
    chosen = image[np.argsort(~held_out, kind="stable")][:SINGLES]
    found = []
    for start in range(0, len(chosen), AT_ONCE):
        progress(start / len(chosen))
        pair = [_errors(model, chosen[start : start + AT_ONCE]) for model in (first, second)]
        if any(errors is None for errors in pair):
            return None
        found.append(np.stack(pair, axis=1))  # type: ignore[arg-type]  # none of them is None
    return SingleFaces(chosen, np.concatenate(found))


def _errors(model: OpenModel, image: NDArray[np.int32]) -> NDArray[np.float64] | None:
    """How far faces come back from their pictures, float64 [N]; None where a picture is not here."""
    assert model.atlas is not None
    rows = [row for one in image if (row := model.atlas.row_of(int(one))) is not None]
    pictures = originals(model, rows)
    if pictures is None:
        return None
    back = decode(model, model.atlas.mu[rows].astype(np.float32)).astype(np.float64)
    return np.sqrt(np.square(back - pictures).mean((1, 2, 3)))


def measured_errors(files: CheckpointFiles) -> dict[str, float]:
    """The error of a pixel of 255 (root mean square) among test faces with an attribute, by its name; empty where
    evaluate.py has not measured these weights.
    """
    groups = measured(files).get("groups")
    if not isinstance(groups, Mapping):
        return {}
    found = {name: _error(groups.get(plain_name(name))) for name in ATTRIBUTES if name not in JUDGING}
    return {name: error for name, error in found.items() if error is not None}


def _error(group: Any) -> float | None:
    decibels = group.get("psnr_db") if isinstance(group, Mapping) else None
    return float(255 * 10 ** (-decibels / 20)) if isinstance(decibels, int | float) else None
