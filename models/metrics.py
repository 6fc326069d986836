"""Figures of merit on held-out pictures. Nothing here draws noise: encoding takes the posterior mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.calibration import expected_calibration_error
from models.classifier import AttributeClassifier, fit_size
from models.images import to_tensor
from models.latent_model import LatentModel
from models.losses import kl_nats
from models.quality import psnr

UNUSED_NATS = 0.01
"""A dimension whose KL is at most this carries next to nothing."""


@dataclass(frozen=True)
class Reconstruction:
    """How well pictures come back.

    Attributes:
        mse: mean squared error over all pictures, pixels and channels, in the [0, 1] range.
        kl_by_dimension: float64 [D], mean nats an image (zeros for an AE, which has no KL).
    """

    mse: float
    kl_by_dimension: NDArray[np.float64]

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio of the mean squared error, in decibels."""
        return psnr(self.mse)

    @property
    def kl(self) -> float:
        """Total KL in nats an image."""
        return float(self.kl_by_dimension.sum())


@torch.inference_mode()
def measure_reconstruction(network: LatentModel, images: NDArray[np.uint8], batch_size: int = 250) -> Reconstruction:
    """Encode and decode uint8 [M, S, S, 3] through the code or the posterior mean; the network must be in eval mode."""
    error, kl = 0.0, np.zeros(network.config.latent_dim)
    device = network.device
    for start in range(0, len(images), batch_size):
        x = to_tensor(images[start : start + batch_size]).to(device)
        mu, logvar = network.posterior(x)
        error += float((network.decode(mu) - x).square().flatten(1).sum(1).cpu().double().sum())  # no float64 on Apple
        if logvar is not None:
            kl += kl_nats(mu, logvar).cpu().double().sum(0).numpy()
    return Reconstruction(error / images.size, kl / len(images))


@torch.inference_mode()
def attribute_logits(classifier: AttributeClassifier, images: NDArray[np.uint8], batch_size: int = 250) -> Tensor:
    """Log odds of each attribute for uint8 [M, S, S, 3]: float32 [M, 40], on the CPU."""
    device = next(classifier.parameters()).device
    batches = range(0, len(images), batch_size)
    logits = [classifier(to_tensor(images[start : start + batch_size]).to(device)).cpu() for start in batches]
    return torch.cat(logits)


def attribute_probabilities(
    classifier: AttributeClassifier, images: NDArray[np.uint8], batch_size: int = 250
) -> NDArray[np.float32]:
    """Probability of each attribute for uint8 [M, S, S, 3]: float32 [M, 40] in [0, 1]."""
    return attribute_logits(classifier, images, batch_size).sigmoid().numpy()


@torch.inference_mode()
def read_decoded(
    network: LatentModel, classifier: AttributeClassifier, z: NDArray[np.floating], batch_size: int = 100
) -> NDArray[np.float32]:
    """Probability of each attribute that a classifier sees in decoded points [N, D]: float32 [N, 40] in [0, 1]."""
    points = torch.from_numpy(np.asarray(z, np.float32))
    pictures = (network.decode(batch) for batch in points.split(batch_size))
    return torch.cat([classifier(fit_size(classifier, picture)) for picture in pictures]).sigmoid().numpy()


def attribute_figures(
    probabilities: NDArray[np.float32], labels: NDArray[np.int8], train_labels: NDArray[np.int8]
) -> dict[str, list[float]]:
    """Accuracy, area under the ROC curve, calibration error, and how often the training set's commoner answer is right.

    Args:
        probabilities: [M, A] in [0, 1].
        labels: [M, A], 0 or 1, for the same pictures.
        train_labels: [T, A], 0 or 1, which decide what the commoner answer is.

    Returns:
        "accuracy", "auc", "calibration_error" (15 bins) and "commoner_answer", each a list of A shares in [0, 1].
    """
    from sklearn.metrics import roc_auc_score  # late: a second that the app should not pay

    commoner = train_labels.mean(0) > 0.5
    return {
        "accuracy": ((probabilities > 0.5) == labels).mean(0).tolist(),
        "auc": [
            float(roc_auc_score(labels[:, a], probabilities[:, a])) if 0 < labels[:, a].mean() < 1 else math.nan
            for a in range(labels.shape[1])
        ],
        "calibration_error": [
            expected_calibration_error(probabilities[:, a], labels[:, a]) for a in range(labels.shape[1])
        ],
        "commoner_answer": (labels == commoner).mean(0).tolist(),
    }
