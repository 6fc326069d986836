"""What else changes when a face is moved along one attribute's direction: the leakage matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import COVERAGE, resampled_means
from evaluation.progress import progress
from models.classifier import AttributeClassifier
from models.latent_model import LatentModel
from models.metrics import read_decoded

CODES = 200


def leakage(
    network: LatentModel,
    classifier: AttributeClassifier,
    directions: dict[str, NDArray[np.float32]],
    attributes: tuple[str, ...],
    codes: NDArray[np.float32],
    seed: int,
) -> dict[str, Any]:
    """Move each of some held-out codes by one unit along each direction and read all attributes again.

    A face that lacks the attribute (by the first reading) is moved towards it; one that has it is moved away and its
    change counted with the opposite sign, so that the figure is always "present" minus "absent".

    Args:
        network: the decoder.
        classifier: the measuring one, A attributes.
        directions: float32 [D] by attribute name, as long as the two groups' means lie apart along it.
        attributes: the A names in the classifier's order.
        codes: float32 [N, D], held-out codes.
        seed: of the bootstrap.

    Returns:
        JSON-ready: "moved" (R names), "read" (A names), and R x A lists "change", "low", "high": the mean change of a
        reading (a probability) and its 95 % interval over the codes.
    """
    before = read_decoded(network, classifier, codes)
    table: dict[str, Any] = {"moved": [], "read": list(attributes), "change": [], "low": [], "high": []}
    with progress(len(directions) * len(codes), "Moving faces", "faces") as bar:
        for attribute, direction in directions.items():
            column = attributes.index(attribute)
            sign = np.where(before[:, column] > 0.5, -1, 1).astype(np.float32)[:, None]
            after = read_decoded(network, classifier, codes + sign * direction)
            change = sign * (after - before)
            low, high = np.percentile(resampled_means(change, seed), COVERAGE, axis=0)
            table["moved"].append(attribute)
            for name, values in (("change", change.mean(0)), ("low", low), ("high", high)):
                table[name].append([round(float(value), 4) for value in values])
            bar.update(len(codes))
    return table
