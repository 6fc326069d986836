"""What a model cannot do, in plain words, worked out from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.measured import figure
from app.checkpoints.records import Record
from app.drawing.numbers import percent
from app.texts import N_, _, numeral
from app.texts.attributes import attribute_word
from models.data.attributes import ATTRIBUTES, plain_name

SMALL_GAIN = 0.5  # dB over PCA
HARD = 1.0  # dB below the mean
BLUR = 0.5  # share of real pictures' finest detail
PATTERN = 2.0  # times as strong as in real pictures
STILL_RISING = 0.03  # dB in the last epoch
COLLAPSED_NATS = 5.0
HARDEST = 3
NAMED = {plain_name(attribute): attribute for attribute in ATTRIBUTES}
PATTERNS = {
    "diagonal": N_("checkerboard"),
    "horizontal": N_("horizontal stripes"),
    "vertical": N_("vertical stripes"),
}


TENTHS = {
    "Darkest tenth": N_("the darkest tenth"),
    "Brightest tenth": N_("the brightest tenth"),
    "Least detailed tenth": N_("the least detailed tenth"),
    "Most detailed tenth": N_("the most detailed tenth"),
}
"""What evaluation/reconstruction.py calls groups of pictures that no attribute names."""


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
            _("Not measured: evaluate.py has not seen it. Run: `python evaluate.py {place} --data CELEBA`").format(
                place=record.place
            ),
            *_training(record, history),
        ]
    parts = (_reconstruction, _detail, _hardest, _information, _generation)
    return [*(sentence for part in parts for sentence in part(record)), *_training(record, history)]


def _reconstruction(record: Record) -> list[str]:
    gain, low = figure(record.metrics, "gain_db"), record.metrics.get("gain_db_interval", [None])[0]
    components = figure(record.metrics, "pca_components")
    if gain is None or gain >= SMALL_GAIN:
        return []
    pca = _("PCA with {count:.0f} components").format(count=components) if components else _("PCA")
    if gain < 0:
        words = _(
            "It rebuilds faces less exactly than {pca}, which knows straight lines only: {loss:.2f} dB less PSNR."
        )
        return [words.format(pca=pca, loss=-gain)]
    words = _("Its lead over {pca}, the best that straight lines can do, is small: {gain:.2f} dB PSNR.")
    doubt = " " + _("The difference may be chance.") if isinstance(low, float | int) and low <= 0 else ""
    return [words.format(pca=pca, gain=gain) + doubt]


def _detail(record: Record) -> list[str]:
    made = record.metrics.get("generation", {}).get("reconstructions", {})
    sentences = []
    share = [figure(made, f"finest_band.{way}") for way in ("horizontal", "vertical")]
    known = [value for value in share if value is not None]
    if known and max(known) < BLUR:
        words = _(
            "Faces come back blurred: of the finest detail of real pictures (structures of two to three pixels) its "
            "reconstructions hold {share} at most."
        )
        sentences.append(words.format(share=percent(max(known))))
    peaks = {
        (period, way): value
        for period, ways in made.get("grid_peaks", {}).items()
        for way, value in ways.items()
        if isinstance(value, int | float)
    }
    if peaks and max(peaks.values()) >= PATTERN:
        (period, way), value = max(peaks.items(), key=lambda item: item[1])
        words = _(
            "Looked at closely, its pictures have a faint regular pattern ({pattern}, {side} pixels, {times:.1f} times "
            "the power that smooth surroundings have)."
        )
        side = period.removeprefix("period ")
        sentences.append(words.format(pattern=_(PATTERNS.get(way, way)), side=side, times=value))
    return sentences


def _hardest(record: Record) -> list[str]:
    mean = figure(record.metrics, "psnr_db")
    groups = {name: figure(group, "psnr_db") for name, group in record.metrics.get("groups", {}).items()}
    if mean is None:
        return []
    hard = sorted((psnr, name) for name, psnr in groups.items() if psnr is not None and psnr <= mean - HARD)[:HARDEST]
    if not hard:
        return []
    said = ", ".join(f"{_word(name)} {numeral(psnr, '.1f')}\N{NO-BREAK SPACE}dB" for psnr, name in hard)
    return [_("Some faces come out worse than the {mean:.1f} dB of all: {groups}.").format(mean=mean, groups=said)]


def _word(name: str) -> str:
    """A group by its plain name, which is what figures go by, as one says it within a sentence."""
    if name in TENTHS:
        return _(TENTHS[name])
    return attribute_word(NAMED[name]) if name in NAMED else name.lower()


def _information(record: Record) -> list[str]:
    if record.config.kind != "vae":
        words = _(
            "It has no prior: nothing kept its codes near a known distribution, so new faces must be drawn from one "
            "that is fitted afterwards."
        )
        return [words]
    rate, used = figure(record.metrics, "kl_nats"), figure(record.metrics, "active_units")
    dimensions, sentences = record.config.latent_dim, []
    if rate is not None and rate < COLLAPSED_NATS:
        words = _(
            "The encoder says next to nothing of a face ({rate:.1f} nats): the posterior has collapsed into the prior."
        )
        sentences.append(words.format(rate=rate))
    if used is not None and used < dimensions:
        words = _("Dimensions that carry next to nothing, so that a slider changes nothing: {idle:.0f} of {count}.")
        sentences.append(words.format(idle=dimensions - used, count=dimensions))
    return sentences


def _generation(record: Record) -> list[str]:
    made, sentences = record.metrics.get("generation", {}), []
    normal, fitted = (figure(made, f"samplers.{name}.frechet") for name in ("standard_normal", "gaussian"))
    if record.config.kind == "vae" and normal is not None and fitted is not None and normal > 1.2 * fitted:
        words = _(
            "Its faces do not fill the prior evenly: draws from N(0, I) lie farther from real faces (Fr\u00e9chet "
            "distance {normal:.0f}) than draws from a Gaussian fitted to its codes ({fitted:.0f})."
        )
        sentences.append(words.format(normal=normal, fitted=fitted))
    recalls = [figure(sampler, "recall") for sampler in made.get("samplers", {}).values()]
    known = [value for value in recalls if value is not None]
    if known and max(known) < 0.2:
        words = _(
            "Its samples are alike: of the variety of real faces, as our measuring classifier sees it, the best "
            "sampler finds {share}."
        )
        sentences.append(words.format(share=percent(max(known), 1)))
    return sentences


def _classifier(metrics: Mapping[str, Any]) -> list[str]:
    found = []
    for name, entry in metrics.get("by_attribute", {}).items():
        accuracy, common = figure(entry, "accuracy"), figure(entry, "commoner_answer")
        if accuracy is not None and common is not None:
            found.append((accuracy - common, name, accuracy))
    if not found:
        return [_("Not measured: evaluate.py has not seen these weights.")]
    least = sorted(found)[:HARDEST]
    each = _("{attribute} {accuracy} ({gain:+.1f} points)")
    said = ", ".join(
        each.format(attribute=_word(name), accuracy=percent(accuracy), gain=gain * 100)
        for gain, name, accuracy in least
    )
    return [
        _("Least ahead of always giving the commoner answer: {attributes}.").format(attributes=said),
        _("It learned CelebA's labels, which were given by people at a glance; some are opinions."),
    ]


def _training(record: Record, history: Mapping[str, NDArray[np.float64]]) -> list[str]:
    sentences = []
    done, planned = figure(record.files.training, "epochs_done"), figure(record.files.training, "epochs")
    if done is not None and planned is not None and done < planned:
        words = _("Its training is unfinished: {done:.0f} of {planned:.0f} epochs.")
        sentences.append(words.format(done=done, planned=planned))
    quality = history.get("valid_psnr")
    if quality is not None and len(quality) >= 2 and quality[-1] - quality[-2] >= STILL_RISING:
        words = _(
            "It was still improving when training ended ({gain:+.2f} dB in the last epoch): a longer run would rebuild "
            "faces more exactly."
        )
        sentences.append(words.format(gain=quality[-1] - quality[-2]))
    images = figure(record.files.training, "images")
    if images:
        words = _("It knows {images:,.0f} pictures of celebrities, well lit and facing the camera, and nobody else.")
        sentences.append(words.format(images=images))
    return sentences
