"""What a model cannot do, in plain words, worked out from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.measured import figure
from app.checkpoints.records import Record
from app.drawing.numbers import percent

SMALL_GAIN = 0.5  # dB over PCA
HARD = 1.0  # dB below the mean
BLUR = 0.5  # share of real pictures' finest detail
PATTERN = 2.0  # times as strong as in real pictures
STILL_RISING = 0.03  # dB in the last epoch
COLLAPSED_NATS = 5.0
HARDEST = 3


def limits(record: Record, history: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """Sentences on what its figures say against a checkpoint, the weightiest first.

    Args:
        record: of the checkpoint.
        history: columns of its history.csv, empty where there is none.
    """
    if record.config.kind == "classifier":
        return [*_classifier(record.metrics), *_training(record, history)]
    if not record.metrics:
        return [
            f"Not measured: evaluate.py has not seen it. Run: `python evaluate.py {record.place} --data CELEBA`",
            *_training(record, history),
        ]
    parts = (_reconstruction, _detail, _hardest, _information, _generation)
    return [*(sentence for part in parts for sentence in part(record)), *_training(record, history)]


def _reconstruction(record: Record) -> list[str]:
    gain, low = figure(record.metrics, "gain_db"), record.metrics.get("gain_db_interval", [None])[0]
    components = figure(record.metrics, "pca_components")
    if gain is None or gain >= SMALL_GAIN:
        return []
    of = f"PCA with {components:.0f} components" if components else "PCA"
    if gain < 0:
        return [f"It rebuilds faces less exactly than {of}, which knows straight lines only: {-gain:.2f} dB less PSNR."]
    doubt = " The difference may be chance." if isinstance(low, float | int) and low <= 0 else ""
    return [f"Its lead over {of}, the best that straight lines can do, is small: {gain:.2f} dB PSNR.{doubt}"]


def _detail(record: Record) -> list[str]:
    made = record.metrics.get("generation", {}).get("reconstructions", {})
    sentences = []
    share = [figure(made, f"finest_band.{way}") for way in ("horizontal", "vertical")]
    known = [value for value in share if value is not None]
    if known and max(known) < BLUR:
        sentences.append(
            f"Faces come back blurred: of the finest detail of real pictures (structures of two to three pixels) its "
            f"reconstructions hold {percent(max(known))} at most."
        )
    peaks = {
        (period, way): value
        for period, ways in made.get("grid_peaks", {}).items()
        for way, value in ways.items()
        if isinstance(value, int | float)
    }
    if peaks and max(peaks.values()) >= PATTERN:
        (period, way), value = max(peaks.items(), key=lambda item: item[1])
        name = "checkerboard" if way == "diagonal" else f"{way} stripes"
        side = period.removeprefix("period ")
        sentences.append(
            f"Looked at closely, its pictures have a faint regular pattern ({name}, {side} pixels, {value:.1f} times "
            "the power that smooth surroundings have)."
        )
    return sentences


def _hardest(record: Record) -> list[str]:
    mean = figure(record.metrics, "psnr_db")
    groups = {name: figure(group, "psnr_db") for name, group in record.metrics.get("groups", {}).items()}
    if mean is None:
        return []
    hard = sorted((psnr, name) for name, psnr in groups.items() if psnr is not None and psnr <= mean - HARD)[:HARDEST]
    if not hard:
        return []
    said = ", ".join(f"{name.lower()} {psnr:.1f} dB" for psnr, name in hard)
    return [f"Some faces come out worse than the {mean:.1f} dB of all: {said}."]


def _information(record: Record) -> list[str]:
    if record.config.kind != "vae":
        return [
            "It has no prior: nothing kept its codes near a known distribution, so new faces must be drawn from one "
            "that is fitted afterwards."
        ]
    rate, used = figure(record.metrics, "kl_nats"), figure(record.metrics, "active_units")
    dimensions, sentences = record.config.latent_dim, []
    if rate is not None and rate < COLLAPSED_NATS:
        sentences.append(
            f"The encoder says next to nothing of a face ({rate:.1f} nats): the posterior has collapsed into the prior."
        )
    if used is not None and used < dimensions:
        sentences.append(
            f"{dimensions - used:.0f} of its {dimensions} dimensions carry next to nothing; their sliders change "
            "nothing."
        )
    return sentences


def _generation(record: Record) -> list[str]:
    made, sentences = record.metrics.get("generation", {}), []
    normal, fitted = (figure(made, f"samplers.{name}.frechet") for name in ("standard_normal", "gaussian"))
    if record.config.kind == "vae" and normal is not None and fitted is not None and normal > 1.2 * fitted:
        sentences.append(
            f"Its faces do not fill the prior evenly: draws from N(0, I) lie farther from real faces (Fr\u00e9chet "
            f"distance {normal:.0f}) than draws from a Gaussian fitted to its codes ({fitted:.0f})."
        )
    recalls = [figure(sampler, "recall") for sampler in made.get("samplers", {}).values()]
    known = [value for value in recalls if value is not None]
    if known and max(known) < 0.2:
        sentences.append(
            f"Its samples are alike: of the variety of real faces, as our measuring classifier sees it, the best "
            f"sampler finds {percent(max(known), 1)}."
        )
    return sentences


def _classifier(metrics: Mapping[str, Any]) -> list[str]:
    found = []
    for name, entry in metrics.get("by_attribute", {}).items():
        accuracy, common = figure(entry, "accuracy"), figure(entry, "commoner_answer")
        if accuracy is not None and common is not None:
            found.append((accuracy - common, name.lower(), accuracy))
    if not found:
        return ["Not measured: evaluate.py has not seen these weights."]
    least = sorted(found)[:HARDEST]
    said = ", ".join(f"{name} {percent(accuracy)} ({gain * 100:+.1f} points)" for gain, name, accuracy in least)
    return [
        f"Least ahead of always giving the commoner answer: {said}.",
        "It learned CelebA's labels, which were given by people at a glance; some are opinions.",
    ]


def _training(record: Record, history: Mapping[str, NDArray[np.float64]]) -> list[str]:
    sentences = []
    done, planned = figure(record.files.training, "epochs_done"), figure(record.files.training, "epochs")
    if done is not None and planned is not None and done < planned:
        sentences.append(f"Its training is unfinished: {done:.0f} of {planned:.0f} epochs.")
    quality = history.get("valid_psnr")
    if quality is not None and len(quality) >= 2 and quality[-1] - quality[-2] >= STILL_RISING:
        sentences.append(
            f"It was still improving when training ended ({quality[-1] - quality[-2]:+.2f} dB in the last epoch): "
            "a longer run would rebuild faces more exactly."
        )
    images = figure(record.files.training, "images")
    if images:
        sentences.append(
            f"It knows {images:,.0f} pictures of celebrities, well lit and facing the camera, and nobody else."
        )
    return sentences
