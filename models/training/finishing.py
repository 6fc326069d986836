"""From the network that was trained to the one that is kept: made ordinary, calibrated or refined, with its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.calibration import fit_platt
from models.classifier import AttributeClassifier, fold_calibration
from models.config import ModelConfig
from models.data.dataset import FaceArray
from models.metrics import attribute_logits
from models.networks import Autoencoder
from models.training.hardware import machine
from models.training.plan import Plan
from models.training.refinement import with_refinement
from models.training.resize_convolution import plain
from models.training.state import Progress

CALIBRATION = "Platt slope and intercept of each attribute, fitted on the validation part, folded into the last layer"


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures of a run: all faces, and which of them [T] are trained on and [V] it is validated with."""

    faces: FaceArray
    train: NDArray[np.int64]
    valid: NDArray[np.int64]


def kept_network(
    network: Autoencoder | AttributeClassifier, config: ModelConfig, finished: Plan | None, pictures: Pictures
) -> Autoencoder | AttributeClassifier:
    """A copy of `network` as a checkpoint keeps it; `network` stays as it is.

    Args:
        network: as it is trained.
        config: of the copy.
        finished: the plan of a run whose last epoch is over: a classifier is calibrated then, and an AE's codes are
            corrected where the plan says so. None before that.
        pictures: for the calibration and the correction.
    """
    copy = plain(network, config).eval()
    if finished is None:
        return copy
    if isinstance(copy, AttributeClassifier):
        calibrate(copy, pictures)
    elif finished.config.refinement_steps:
        copy = with_refinement(copy, pictures.faces.images, pictures.train, finished.config.refinement_steps)
    return copy


def calibrate(classifier: AttributeClassifier, pictures: Pictures) -> None:
    """Make the probabilities come true on the validation pictures; without any, they stay as they are."""
    labels = pictures.faces.labels
    if labels is None or not len(pictures.valid):
        return
    logits = attribute_logits(classifier, pictures.faces.images[pictures.valid])
    slope, intercept = fit_platt(logits, torch.from_numpy(labels[pictures.valid]))
    device = classifier.head.weight.device
    fold_calibration(classifier, slope.to(device), intercept.to(device))


def staying_beside(plan: Plan) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """What stands beside the start's weights and belongs to the run's, too: its mapping, where the network has one, and
    its faithful decoder, where the norms that it is blended with stay."""
    if plan.start is None:
        return {}
    grown = plan.config.last_kernel != plan.start.network.config.last_kernel
    belongs = {"mapping": plan.config.mapping_width > 0, "faithful": plan.options.freeze_norms and not grown}
    return {name: kept for name, kept in plan.start.beside.items() if belongs[name]}


def training_record(plan: Plan, progress: Progress, pictures: Pictures, processes: int) -> dict[str, Any]:
    """What `config.json` says of how a checkpoint was made."""
    finished = progress.epoch == plan.options.epochs
    record = {
        **plan.decided(),
        "epochs_done": progress.epoch,
        "images": len(pictures.train),
        "processes": processes,
        "seconds": round(sum(row["seconds"] for row in progress.history)),
        "machine": machine(),
        "torch": torch.__version__,
    }
    if plan.config.kind == "classifier" and finished and len(pictures.valid):
        record["calibration"] = CALIBRATION
    if progress.rescheduled:
        record["rescheduled"] = progress.rescheduled
    if plan.config.mapping_width:
        record["mapping_width"] = plan.config.mapping_width  # it had one already, which another may replace later
    if plan.start is not None:
        record["start"] = plan.start.record
    return record
