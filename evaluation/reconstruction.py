"""How well held-out faces come back, beside PCA, for everyone and for groups of faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from evaluation.bootstrap import interval, resampled_means
from evaluation.pca import Pca
from evaluation.progress import progress
from evaluation.seen import Seen, Viewer
from evaluation.similarity import look, perceptual_distance, ssim
from models.classifier import AttributeClassifier
from models.data.attributes import ATTRIBUTES, plain_name
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.latent_model import LatentModel
from models.quality import psnr

BATCH = 125
SMALLEST_GROUP = 20
TENTH = 10  # per cent, for "the darkest tenth"
COLUMNS = ("mse", "ssim", "perceptual", "pca_mse", "pca_ssim", "pca_perceptual")


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """What came back of M held-out pictures.

    Attributes:
        scores: float64 [M, 6], in the order of `COLUMNS`: mean squared error in the [0, 1] range, SSIM and perceptual
            distance of the model's reconstruction, then of PCA's.
        brightness: float32 [M], the mean of a picture, in [0, 1].
        detail: float32 [M], the root mean square difference of neighbouring pixels' brightness.
        made, real: what the measuring classifier sees in the model's reconstructions, and in the pictures themselves.
    """

    scores: NDArray[np.float64]
    brightness: NDArray[np.float32]
    detail: NDArray[np.float32]
    made: Seen
    real: Seen


@torch.inference_mode()
def reconstruct(
    network: LatentModel,
    classifier: AttributeClassifier,
    pca: Pca,
    faces: FaceArray,
    rows: NDArray[np.int64],
    mu: NDArray[np.float32],
) -> Reconstructions:
    """Decode the codes `mu` [M, D] of the pictures `rows` [M] and compare, a batch in memory at a time."""
    made, real = (Viewer(classifier, network.config.image_size, len(rows)) for _ in range(2))
    scores, pictures = [], []
    with progress(len(rows), "Comparing reconstructions", "pictures") as bar:
        for start in range(0, len(rows), BATCH):
            images = faces.images[rows[start : start + BATCH]]
            x = to_tensor(images)
            y = network.decode(torch.from_numpy(mu[start : start + BATCH]))
            linear = pca.reconstruct(images)
            seen, seen_y, seen_linear = (look(classifier, p) for p in (x, y, linear))
            columns = [*_compare(x, y, seen, seen_y), *_compare(x, linear, seen, seen_linear)]
            scores.append(torch.stack(columns, 1).double())
            pictures.append(_brightness_and_detail(x))
            made.add(y, seen_y)
            real.add(x, seen)
            bar.update(len(images))
    brightness, detail = torch.cat(pictures, dim=1).numpy()
    return Reconstructions(torch.cat(scores).numpy(), brightness, detail, made.seen(), real.seen())


def _compare(x: Tensor, y: Tensor, seen: list[Tensor], seen_y: list[Tensor]) -> list[Tensor]:
    return [(x - y).square().flatten(1).mean(1), ssim(x, y), perceptual_distance(seen, seen_y)]


def _brightness_and_detail(x: Tensor) -> Tensor:
    grey = x.mean(1)
    across, down = grey.diff(dim=2).square().flatten(1).mean(1), grey.diff(dim=1).square().flatten(1).mean(1)
    return torch.stack([grey.flatten(1).mean(1), (across + down).div(2).sqrt()])


def reconstruction_figures(
    result: Reconstructions, labels: NDArray[np.int8] | None, seed: int, attributes: Sequence[str] = ATTRIBUTES
) -> dict[str, Any]:
    """The figures of `metrics.json`: overall, percentiles of single pictures, and by group.

    Args:
        result: of M pictures.
        labels: int8 [M, A], 1 present, or None.
        seed: of the bootstrap.
        attributes: the names of the A attributes.
    """
    everyone = _group_figures(result.scores, seed)
    errors = np.maximum(result.scores[:, 0], 1e-12)
    # The percentiles of the PSNR of single pictures: their mean is above the PSNR of the mean squared error.
    percentiles = np.percentile(-10 * np.log10(errors), np.arange(101))
    return {
        **everyone,
        "psnr_percentiles": percentiles.round(3).tolist(),
        "groups": {
            name: _group_figures(result.scores[members], seed)
            for name, members in groups(result, labels, attributes).items()
            if members.sum() >= SMALLEST_GROUP
        },
        "bootstrap": {"seed": seed, "coverage": 0.95, "unit": "picture"},
    }


def groups(
    result: Reconstructions, labels: NDArray[np.int8] | None, attributes: Sequence[str] = ATTRIBUTES
) -> dict[str, NDArray[np.bool_]]:
    """Faces that have each attribute by the list, and the darkest, brightest, smoothest and busiest tenth."""
    found = {}
    for name, values in (("Darkest tenth", result.brightness), ("Least detailed tenth", result.detail)):
        found[name] = values <= np.percentile(values, TENTH)
    for name, values in (("Brightest tenth", result.brightness), ("Most detailed tenth", result.detail)):
        found[name] = values >= np.percentile(values, 100 - TENTH)
    if labels is not None:
        found |= {plain_name(attribute): labels[:, i] > 0 for i, attribute in enumerate(attributes)}
    return found


def _group_figures(scores: NDArray[np.float64], seed: int) -> dict[str, Any]:
    """Means with 95 % intervals; the gain over PCA as pairs, since both fail on the same hard pictures."""
    mean, draws = scores.mean(0), resampled_means(scores, seed)
    decibels, decibel_draws = [psnr(mean[0]), psnr(mean[3])], -10 * np.log10(np.maximum(draws[:, [0, 3]], 1e-12))
    gains = decibel_draws[:, 0] - decibel_draws[:, 1]
    figures: dict[str, Any] = {
        "images": len(scores),
        "psnr_db": round(decibels[0], 3),
        "psnr_db_interval": _rounded(interval(decibel_draws[:, 0]), 3),
        "pca_psnr_db": round(decibels[1], 3),
        "gain_db": round(decibels[0] - decibels[1], 3),
        "gain_db_interval": _rounded(interval(gains), 3),
    }
    for name in ("ssim", "perceptual"):
        mine, pcas = COLUMNS.index(name), COLUMNS.index(f"pca_{name}")
        figures[name] = round(mean[mine], 4)
        figures[f"{name}_interval"] = _rounded(interval(draws[:, mine]), 4)
        figures[f"pca_{name}"] = round(mean[pcas], 4)
    return figures


def _rounded(values: tuple[float, float], digits: int) -> list[float]:
    return [round(value, digits) for value in values]
