"""How near decoded samples come to real faces, in what the measuring classifier sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evaluation.encoding import Encoded
from evaluation.frechet import Moments, frechet_distance, moments, precision_and_recall
from evaluation.nearest import nearest_distances
from evaluation.progress import progress
from evaluation.seen import Seen, Viewer
from evaluation.spectrum import finest_band_ratio, grid_peaks
from latent.samplers import (
    Sampler,
    fit_gaussian,
    fit_mixture,
    jitter,
    posterior_draws,
    scaled_normal,
    standard_normal,
)
from models.classifier import AttributeClassifier
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.latent_model import LatentModel

BATCH = 125
COMPONENTS = 10
CODE_JITTER = 0.3  # of a dimension's standard deviation, as in the app
NEAREST_OF = 3000  # samples whose nearest training code is looked for


@dataclass(frozen=True, eq=False)
class Reference:
    """Features of real pictures that made ones are compared with.

    Attributes:
        unit: the mean variance of a feature over the training pictures; distances are given in it.
        train: moments of the training pictures' features.
        test: float32 [M, F], features of the test pictures.
    """

    unit: float
    train: Moments
    test: NDArray[np.float32]

    @staticmethod
    def of(train: NDArray[np.float32], test: NDArray[np.float32]) -> Reference:
        """The reference of features [T, F] and [M, F]."""
        return Reference(float(train.var(0).mean()), moments(train), test)

    def frechet(self, features: NDArray[np.float32]) -> float:
        """Distance of features [N, F] to the test pictures, in units of the mean variance of a feature."""
        return frechet_distance(moments(self.test), moments(features)) / self.unit

    @property
    def floor(self) -> float:
        """Distance of the training to the test pictures: what perfect samples would get."""
        return frechet_distance(moments(self.test), self.train) / self.unit


@dataclass(frozen=True, eq=False)
class RealFaces:
    """What made faces are compared with.

    Attributes:
        whole: features of whole pictures, shrunk to the classifier's size.
        windows: features of windows of the pictures as they are; None where these are no larger.
        spectrum: mean power [S, S] of the test pictures.
    """

    whole: Reference
    windows: Reference | None
    spectrum: NDArray[np.float64]

    @staticmethod
    def of(train: Seen, test: Seen) -> RealFaces:
        """What was seen in the training and the test pictures."""
        cut = None
        if train.windows is not None and test.windows is not None:
            cut = Reference.of(train.windows, test.windows)
        return RealFaces(Reference.of(train.features, test.features), cut, test.power)

    @property
    def floors(self) -> dict[str, float]:
        """What perfect samples would get, by the figure's name."""
        floors = {"floor": round(self.whole.floor, 4)}
        return floors if self.windows is None else {**floors, "full_size_floor": round(self.windows.floor, 4)}


@torch.inference_mode()
def see_real(classifier: AttributeClassifier, faces: FaceArray, rows: NDArray[np.int64], most_cut: int) -> Seen:
    """What is seen in some pictures; windows are cut from `most_cut` of them."""
    viewer = Viewer(classifier, faces.images.shape[1], most_cut)
    with progress(len(rows), "Looking at real pictures", "pictures") as bar:
        for start in range(0, len(rows), BATCH):
            chosen = rows[start : start + BATCH]
            viewer.add(to_tensor(faces.images[chosen]))
            bar.update(len(chosen))
    return viewer.seen()


@torch.inference_mode()
def see_decoded(
    network: LatentModel, classifier: AttributeClassifier, z: NDArray[np.float32], name: str, most_cut: int
) -> Seen:
    """What is seen in decoded points [N, D]."""
    viewer = Viewer(classifier, network.config.image_size, most_cut)
    with progress(len(z), f"Decoding {name}", "samples") as bar:
        for start in range(0, len(z), BATCH):
            y = network.decode(torch.from_numpy(z[start : start + BATCH]))
            viewer.add(y)
            bar.update(len(y))
    return viewer.seen()


def samplers(network: LatentModel, train: Encoded, seed: int) -> dict[str, Sampler]:
    """Every sampler that the app offers, fitted to one posterior draw of each training picture (an AE's codes as is).

    "standard_normal" is the fair variant: a VAE's prior, and N(0, I) stretched to the codes of an AE, whose scale is
    arbitrary. The other one of the two is "scaled_normal" in a VAE and "raw_normal" in an AE. "jitter" moves training
    faces here, where the app moves held-out ones, since these are what samples are compared with.

    Args:
        network: says whether it is a VAE.
        train: T training pictures.
        seed: of the draws and of the mixture.
    """
    draws = posterior_draws(train.mu, train.logvar, seed)
    raw, scaled = standard_normal(draws.shape[1]), scaled_normal(draws.mean(0), draws.std(0))
    width = CODE_JITTER * draws.std(0) if train.logvar is None else np.exp(0.5 * train.logvar)
    return {
        "standard_normal": raw if network.is_variational else scaled,
        **({"scaled_normal": scaled} if network.is_variational else {"raw_normal": raw}),
        "gaussian": fit_gaussian(draws),
        "mixture": fit_mixture(draws, COMPONENTS, seed),
        "jitter": jitter(train.mu, width),
    }


def ceiling(train: Encoded, count: int, seed: int) -> NDArray[np.float32]:
    """Posterior draws of training pictures, float32 [count, D]: no sampler that is fitted to them comes nearer."""
    repeats = -(-count // len(train.mu))
    draws = posterior_draws(train.mu, train.logvar, seed, repeats)
    return draws[np.random.default_rng(seed).permutation(len(draws))[:count]]


def generation_figures(
    network: LatentModel,
    classifier: AttributeClassifier,
    real: RealFaces,
    encoded: tuple[Encoded, Encoded],
    chosen: dict[str, Sampler],
    count: int,
    seed: int,
) -> dict[str, Any]:
    """The ceiling, and Frechet distances, precision, recall, patterns and copying of each sampler.

    Args:
        network: the decoder.
        classifier: the measuring one.
        real: the reference.
        encoded: training and test pictures.
        chosen: the samplers by name.
        count: samples each; precision and recall take as many of them as there are test pictures.
        seed: of the samples.
    """
    train, held_out = encoded
    most_cut, scale = len(held_out.mu), posterior_draws(train.mu, train.logvar, seed).std(0)
    best = ceiling(train, count, seed)
    figures = {"ceiling": made_figures(real, see_decoded(network, classifier, best, "posterior draws", most_cut))}
    draws = posterior_draws(held_out.mu, held_out.logvar, seed)[:NEAREST_OF]
    usual = float(np.median(nearest_distances(draws, train.mu, scale)))
    made: dict[str, Any] = {}
    for name, sampler in chosen.items():
        z = sampler.sample(count, seed)
        made[name] = made_figures(real, see_decoded(network, classifier, z, name, most_cut))
        near = float(np.median(nearest_distances(z[:NEAREST_OF], train.mu, scale)))
        made[name]["nearest_code"] = {"median": round(near, 4), "of_held_out": round(near / max(usual, 1e-12), 4)}
    return {**figures, "held_out_nearest_code": round(usual, 4), "samplers": made}


def made_figures(real: RealFaces, seen: Seen) -> dict[str, Any]:
    """The figures of one set of made pictures."""
    equal = min(len(seen.features), len(real.whole.test))
    precision, recall = precision_and_recall(real.whole.test[:equal], seen.features[:equal])
    figures: dict[str, Any] = {
        "frechet": round(real.whole.frechet(seen.features), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }
    if real.windows is not None and seen.windows is not None:
        figures["full_size_frechet"] = round(real.windows.frechet(seen.windows), 4)
    peaks = grid_peaks(seen.power, real.spectrum)
    return {
        **figures,
        "finest_band": {way: round(value, 4) for way, value in finest_band_ratio(seen.power, real.spectrum).items()},
        "grid_peaks": {period: {way: round(value, 3) for way, value in ways.items()} for period, ways in peaks.items()},
    }
