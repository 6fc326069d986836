"""Everything that is measured of one AE or VAE, in the order in which `evaluate.py` shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evaluation.attributes import held_out_areas
from evaluation.blend import SHARES, along_the_blend
from evaluation.effort import effort
from evaluation.encoding import Encoded, encode
from evaluation.generation import RealFaces, generation_figures, made_figures, samplers, see_real
from evaluation.leakage import CODES, leakage
from evaluation.pca import fit_pca
from evaluation.reach import CODES as REACH_CODES
from evaluation.reach import reach
from evaluation.reconstruction import Reconstructions, reconstruct, reconstruction_figures
from latent.atlas import Atlas
from latent.attribute_axes import attribute_axes
from latent.directions import UNUSED_NATS
from latent.flow import has_prior, load_prior
from latent.map_quality import neighbour_purity, trustworthiness
from latent.probes import parts
from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_checkpoint, load_classifier
from models.classifier import AttributeClassifier
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from models.data.celeba import CelebAFolder
from models.data.dataset import FaceArray
from models.faithful import blended, load_faithful
from models.latent_model import LatentModel
from models.losses import kl_nats
from models.networks import Autoencoder


@dataclass(frozen=True)
class Settings:
    """What decides the figures besides the checkpoint and the pictures.

    Attributes:
        measure: folder of the measuring classifier.
        samples: how many faces to decode from each sampler.
        seed: of PCA, posterior draws, mixture, samples, bootstrap, shuffling and subsets.
    """

    measure: Path
    samples: int = 10_000
    seed: int = 0


def measuring_classifier(checkpoint: CheckpointFiles, measure: CheckpointFiles) -> AttributeClassifier:
    """Open the classifier that measures, unless the checkpoint was trained to please it.

    Raises:
        CheckpointError: it cannot be opened, or stands in the checkpoint's training record.
    """
    classifier = load_classifier(measure)
    if measure.sha256 in json.dumps(checkpoint.training):  # also of its start
        raise CheckpointError(
            f"{checkpoint.folder} was trained against the classifier in {measure.folder}, so that one cannot judge it. "
            "Name another with --measure."
        )
    return classifier


def autoencoder_figures(checkpoint: CheckpointFiles, faces: FaceArray, settings: Settings) -> dict[str, Any]:
    """All figures that need the pictures: reconstruction, information, generation, probes and effort.

    Raises:
        CheckpointError: the checkpoint or the measuring classifier cannot be used.
    """
    measure = open_files(settings.measure)
    network, classifier = load_checkpoint(checkpoint), measuring_classifier(checkpoint, measure)
    train, test = faces.indices("train"), faces.indices("test")
    encoded, held_out = encode(network, faces, train), encode(network, faces, test)
    pca = fit_pca(faces.images, train, network.config.latent_dim, settings.seed)
    labels = None if faces.labels is None else faces.labels[test]
    result = reconstruct(network, classifier, pca, faces, test, held_out.mu)
    del pca
    return {
        **reconstruction_figures(result, labels, settings.seed, faces.attributes),
        "pca_components": network.config.latent_dim,
        "pca_seed": settings.seed,
        **information_figures(held_out),
        "generation": _generation(checkpoint, network, classifier, faces, result, (encoded, held_out), settings),
        "probes": probe_figures(encoded, held_out, faces),
        **effort(network),
        "measure_sha256": measure.sha256,
        "measured_at_pixels": classifier.config.image_size,
        "seed": settings.seed,
    }


def information_figures(held_out: Encoded) -> dict[str, Any]:
    """KL in nats a picture, by dimension, and how many dimensions carry more than 0.01 nats; empty for an AE."""
    if held_out.logvar is None:
        return {}
    by_dimension = kl_nats(torch.from_numpy(held_out.mu), torch.from_numpy(held_out.logvar)).double().mean(0).numpy()
    return {
        "kl_nats": round(float(by_dimension.sum()), 2),
        "active_units": int((by_dimension > UNUSED_NATS).sum()),
        "kl_nats_by_dimension": by_dimension.round(4).tolist(),
    }


def _generation(
    checkpoint: CheckpointFiles,
    network: LatentModel,
    classifier: AttributeClassifier,
    faces: FaceArray,
    result: Reconstructions,
    encoded: tuple[Encoded, Encoded],
    settings: Settings,
) -> dict[str, Any]:
    train = faces.indices("train")
    real = RealFaces.of(see_real(classifier, faces, train, len(result.scores)), result.real)
    chosen = samplers(network, encoded[0], settings.seed)
    if has_prior(checkpoint.folder):
        chosen["learned"] = load_prior(checkpoint.folder, checkpoint.sha256)
    return {
        "reference": f"{len(result.scores)} test pictures",
        "samples": settings.samples,
        **real.floors,
        "reconstructions": made_figures(real, result.made),
        **generation_figures(network, classifier, real, encoded, chosen, settings.samples, settings.seed),
    }


def probe_figures(encoded: Encoded, held_out: Encoded, faces: FaceArray) -> dict[str, Any] | None:
    """Held-out AUC of a linear probe for each attribute, against CelebA's own labels; None without them."""
    if faces.labels is None:
        return None
    train, test = faces.indices("train"), faces.indices("test")
    auc = held_out_areas(encoded.mu, faces.labels[train], held_out.mu, faces.labels[test])
    known = auc[~np.isnan(auc)]
    return {
        "mean_auc": round(float(known.mean()), 4) if len(known) else None,
        "auc": {
            plain_name(attribute): None if np.isnan(value) else round(float(value), 4)
            for attribute, value in zip(faces.attributes, auc, strict=True)
        },
    }


def map_figures(atlas: Atlas, folder: CelebAFolder, seed: int) -> dict[str, Any]:
    """Trustworthiness of a map, and the purity of its neighbours by CelebA's own labels, where there are any."""
    figures: dict[str, Any] = {"trustworthiness": round(trustworthiness(atlas.mu, atlas.xy, seed), 4)}
    labels = folder.labels_of(atlas.image)
    if labels is None or (labels >= 0).all(1).sum() < 2:
        return figures
    purity = neighbour_purity(atlas.xy, labels, seed)
    shares = {"neighbour_purity": purity.share, "shuffled_purity": purity.shuffled}
    for name, values in shares.items():
        figures[name] = round(float(np.nanmean(values)), 4)
        figures[f"{name}_by_attribute"] = {
            plain_name(attribute): None if np.isnan(value) else round(float(value), 4)
            for attribute, value in zip(folder.attributes, values, strict=True)
        }
    return figures


def reach_figures(checkpoint: CheckpointFiles, atlas: Atlas, settings: Settings) -> dict[str, Any]:
    """The content of `reach.json`: directions and held-out codes as the app has them; no pictures are needed.

    Raises:
        CheckpointError: the checkpoint or the measuring classifier cannot be used.
    """
    measure = open_files(settings.measure)
    network, classifier = load_checkpoint(checkpoint), measuring_classifier(checkpoint, measure)
    _, held_out = parts(atlas.partition)
    rows = np.sort(np.random.default_rng(settings.seed).permutation(held_out)[:REACH_CODES])
    codes = atlas.mu[rows].astype(np.float32)
    axes = {name: axis for name, axis in attribute_axes(atlas).items() if name not in JUDGING}  # they get no sliders
    return {
        "checkpoint_sha256": checkpoint.sha256,
        "measure_sha256": measure.sha256,
        "codes": len(rows),
        "seed": settings.seed,
        "by_attribute": reach(network, classifier, axes, ATTRIBUTES, codes),
    }


def blend_figures(checkpoint: CheckpointFiles, faces: FaceArray, settings: Settings) -> dict[str, Any]:
    """The content of `blend.json`: rebuilt test faces between a checkpoint's faithful and its own, vivid decoder.

    Raises:
        CheckpointError: it has no faithful decoder, or it or the measuring classifier cannot be used.
    """
    if not checkpoint.faithful_sha256:
        raise CheckpointError(
            f"{checkpoint.folder} has no faithful decoder to blend with. Keep one with python -m models.faithful."
        )
    measure = open_files(settings.measure)
    network, classifier = load_checkpoint(checkpoint), measuring_classifier(checkpoint, measure)
    assert isinstance(network, Autoencoder)
    faithful = load_faithful(checkpoint, network)
    train, test = faces.indices("train"), faces.indices("test")
    real = RealFaces.of(*(see_real(classifier, faces, rows, most_cut=0) for rows in (train, test)))
    blends: dict[float, LatentModel] = {share: blended(network, faithful, share) for share in SHARES}
    return {
        "checkpoint_sha256": checkpoint.sha256,
        "faithful_sha256": checkpoint.faithful_sha256,
        "measure_sha256": measure.sha256,
        "images": len(test),
        "along": along_the_blend(blends, classifier, real, faces, test, encode(network, faces, test).mu),
    }


def leakage_figures(checkpoint: CheckpointFiles, atlas: Atlas, faces: FaceArray, settings: Settings) -> dict[str, Any]:
    """The content of `leakage.json`: directions as the app has them, moved codes of the test partition.

    Raises:
        CheckpointError: the checkpoint or the measuring classifier cannot be used.
    """
    measure = open_files(settings.measure)
    network, classifier = load_checkpoint(checkpoint), measuring_classifier(checkpoint, measure)
    test = faces.indices("test")
    rows = np.sort(np.random.default_rng(settings.seed).permutation(test)[:CODES])
    codes = encode(network, faces, rows).mu
    # The classifier cannot read attributes of somebody's own list.
    directions = {name: axis.vector for name, axis in attribute_axes(atlas).items() if name in ATTRIBUTES}
    return {
        "checkpoint_sha256": checkpoint.sha256,
        "measure_sha256": measure.sha256,
        "codes": len(rows),
        "seed": settings.seed,
        "coverage": 0.95,
        **leakage(network, classifier, directions, ATTRIBUTES, codes, settings.seed),
    }
