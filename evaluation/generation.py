"""How near decoded samples come to real faces, in what the measuring classifier sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evaluation.frechet import Moments, frechet_distance, moments, precision_and_recall
from evaluation.progress import progress
from evaluation.similarity import look
from evaluation.spectrum import Spectrum, finest_band_ratio, grid_peaks
from latent.samplers import Sampler, fit_gaussian, fit_mixture, posterior_draws, scaled_normal, standard_normal
from models.classifier import AttributeClassifier, pooled
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.latent_model import LatentModel

BATCH = 125
COMPONENTS = 10


@dataclass(frozen=True, eq=False)
class RealFaces:
    """What made faces are compared with.

    Attributes:
        unit: the mean variance of a feature over the training pictures; distances are given in it.
        train: moments of the training pictures' features.
        test: float32 [M, F], features of the test pictures.
        spectrum: mean power [S, S] of the test pictures.
    """

    unit: float
    train: Moments
    test: NDArray[np.float32]
    spectrum: NDArray[np.float64]

    def frechet(self, features: NDArray[np.float32]) -> float:
        """Distance of features [N, F] to the test pictures, in units of the mean variance of a feature."""
        return frechet_distance(moments(self.test), moments(features)) / self.unit

    @property
    def floor(self) -> float:
        """Distance of the training to the test pictures: what perfect samples would get."""
        return frechet_distance(moments(self.test), self.train) / self.unit


@torch.inference_mode()
def real_features(classifier: AttributeClassifier, faces: FaceArray, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Features float32 [R, F] of some pictures."""
    found = []
    with progress(len(rows), "Looking at real pictures", "pictures") as bar:
        for start in range(0, len(rows), BATCH):
            chosen = rows[start : start + BATCH]
            found.append(pooled(look(classifier, to_tensor(faces.images[chosen]))))
            bar.update(len(chosen))
    return torch.cat(found).numpy()


def samplers(
    network: LatentModel, mu: NDArray[np.float32], logvar: NDArray[np.float32] | None, seed: int
) -> dict[str, Sampler]:
    """The three samplers, fitted to one posterior draw of each training picture (an AE's codes as they are).

    Args:
        network: says whether it is a VAE.
        mu, logvar: float32 [T, D], of the training pictures.
        seed: of the draws and of the mixture.
    """
    draws = posterior_draws(mu, logvar, seed)
    # The scale of an AE's code is arbitrary, so that N(0, I) means standardised codes there.
    normal = standard_normal(mu.shape[1]) if network.is_variational else scaled_normal(draws.mean(0), draws.std(0))
    return {"standard_normal": normal, "gaussian": fit_gaussian(draws), "mixture": fit_mixture(draws, COMPONENTS, seed)}


@torch.inference_mode()
def decoded_features(
    network: LatentModel, classifier: AttributeClassifier, z: NDArray[np.float32], name: str
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Features float32 [N, F] and mean power [S, S] of decoded points [N, D]."""
    spectrum = Spectrum(network.config.image_size)
    found = []
    with progress(len(z), f"Decoding {name}", "samples") as bar:
        for start in range(0, len(z), BATCH):
            y = network.decode(torch.from_numpy(z[start : start + BATCH]))
            spectrum.add(y)
            found.append(pooled(look(classifier, y)))
            bar.update(len(y))
    return torch.cat(found).numpy(), spectrum.power()


def generation_figures(
    network: LatentModel,
    classifier: AttributeClassifier,
    real: RealFaces,
    mu: NDArray[np.float32],
    logvar: NDArray[np.float32] | None,
    count: int,
    seed: int,
) -> dict[str, Any]:
    """Frechet distance, precision, recall and pixel patterns of each sampler.

    Args:
        network: the decoder.
        classifier: the measuring one.
        real: the reference.
        mu, logvar: float32 [T, D], of the training pictures.
        count: samples each; precision and recall take as many of them as there are test pictures.
        seed: of fits and samples.
    """
    figures: dict[str, Any] = {}
    for name, sampler in samplers(network, mu, logvar, seed).items():
        seen, power = decoded_features(network, classifier, sampler.sample(count, seed), name)
        figures[name] = made_figures(real, seen, power)
    return figures


def made_figures(real: RealFaces, seen: NDArray[np.float32], power: NDArray[np.float64]) -> dict[str, Any]:
    """The figures of one set of made pictures: features [N, F] and mean power [S, S]."""
    equal = min(len(seen), len(real.test))
    precision, recall = precision_and_recall(real.test[:equal], seen[:equal])
    peaks = grid_peaks(power, real.spectrum)
    return {
        "frechet": round(real.frechet(seen), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "finest_band": {way: round(value, 4) for way, value in finest_band_ratio(power, real.spectrum).items()},
        "grid_peaks": {period: {way: round(value, 3) for way, value in ways.items()} for period, ways in peaks.items()},
    }
