"""What was measured of a checkpoint, as tables and sentences of its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.checkpoints.measured import figure, measured_blend
from app.checkpoints.records import Record
from app.drawing.numbers import percent
from app.drawing.saved_table import save_table
from app.texts import N_, _, numeral

BLEND_FIGURES = (
    ("psnr_db", ".2f"),
    ("perceptual", ".3f"),
    ("frechet", ".1f"),
)
SAMPLERS = {
    "standard_normal": N_("from N(0, I) {distance:.0f}"),
    "gaussian": N_("from a fitted Gaussian {distance:.0f}"),
    "mixture": N_("from ten fitted Gaussians {distance:.0f}"),
}
ALONG_THE_BLEND = N_(
    "Rebuilt test faces along the slider from faithful (0) to vivid (1, as it comes). Towards vivid they err more "
    "(PSNR falls) and look more like photographs (the Fr\u00e9chet distance falls): what is added is invented. "
    "Finest is the share of the originals\u2019 power in stripes of two to three pixels."
)


def figures(record: Record) -> None:
    """What was measured on the test part, beside PCA."""
    m = record.metrics
    if not m:
        words = _("Not measured yet. Run: `python evaluate.py {place} --data CELEBA`")
        st.caption(words.format(place=record.place))
        return
    if record.config.kind == "classifier":
        names = {"mean_accuracy": _("Accuracy"), "mean_commoner_answer": _("Always the commoner answer")}
        lines = [f"| {said} | {_share(m, key)} |" for key, said in names.items()]
        calibration, mean = _("Calibration error"), _("mean over the attributes")
        lines.append(f"| AUC | {_say(m, 'mean_auc', '.3f')} |")
        lines.append(f"| {calibration} | {_share(m, 'mean_calibration_error')} |")
        st.markdown("\n".join([f"| {mean} | |", "|---|---|", *lines]))
        return
    components = figure(m, "pca_components")
    pca = _("PCA, {count:.0f} numbers").format(count=components) if components else _("PCA")
    rows = [
        (_("PSNR (more is better)"), _say(m, "psnr_db", ".2f", " dB"), _say(m, "pca_psnr_db", ".2f", " dB")),
        (_("SSIM (more is better)"), _say(m, "ssim", ".3f"), _say(m, "pca_ssim", ".3f")),
        (_("Perceptual distance (less is better)"), _say(m, "perceptual", ".3f"), _say(m, "pca_perceptual", ".3f")),
    ]
    heads = (_("Rebuilding"), _("This model"), pca)
    st.markdown(_table(heads, rows))
    _save(record, heads, rows, "figures")
    st.markdown("\n".join(f"- {sentence}" for sentence in _more_figures(record)))
    _along_the_blend(record)


def _along_the_blend(record: Record) -> None:
    """What its slider from faithful to vivid gains and costs, where it has one."""
    if not record.files.faithful_sha256:
        return
    along = measured_blend(record.files).get("along")
    if not isinstance(along, list):
        words = _(
            "It draws between a faithful and a vivid decoder, which is not measured yet. Run: `python evaluate.py "
            "{place} --blend --data CELEBA`"
        )
        st.caption(words.format(place=record.place))
        return
    rows = [
        (numeral(point["vivid"], "g"), *(_say(point, *shown) for shown in BLEND_FIGURES), _finest(point))
        for point in along
    ]
    heads = (_("Vivid"), _("PSNR, dB"), _("Perceptual"), "Fr\u00e9chet", _("Finest"))  # short: a phone shows them all
    st.markdown(_table(heads, rows))
    _save(record, heads, rows, "slider")
    st.caption(_(ALONG_THE_BLEND))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ("---",) * len(heads), *rows))


def _save(record: Record, heads: Sequence[str], rows: Sequence[Sequence[str]], what: str) -> None:
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    save_table(table, f"save {what} {record.key}", f"{record.files.name}-{what}")


def _finest(point: Mapping[str, Any]) -> str:
    ways = [value for way in ("horizontal", "vertical") if (value := figure(point, f"finest_band.{way}")) is not None]
    return percent(sum(ways) / len(ways)) if ways else "-"


def _more_figures(record: Record) -> list[str]:
    """Figures that have no counterpart in PCA, in words."""
    m, found = record.metrics, []
    gain, interval = figure(m, "gain_db"), m.get("gain_db_interval")
    if gain is not None and isinstance(interval, list) and len(interval) == 2:
        words = _("Gain over PCA {gain:+.2f} dB; 95 % interval {low:+.2f} to {high:+.2f}.")
        found.append(words.format(gain=gain, low=interval[0], high=interval[1]))
    if (rate := figure(m, "kl_nats")) is not None:
        used = figure(m, "active_units")
        words = _("KL {rate:.1f} nats a face; {used:.0f} of {count} dimensions in use.")
        if used is None:
            words = _("KL {rate:.1f} nats a face.")
        found.append(words.format(rate=rate, used=used, count=record.config.latent_dim))
    floor, rebuilt = (figure(m, f"generation.{name}") for name in ("floor", "reconstructions.frechet"))
    made = {said: figure(m, f"generation.samplers.{name}.frechet") for name, said in SAMPLERS.items()}
    distances = [_(said).format(distance=value) for said, value in made.items() if value is not None]
    if floor is not None and rebuilt is not None and distances:
        words = _(
            "Fréchet distance to real faces (less is better): rebuilt faces {rebuilt:.0f}; samples {samples}; other "
            "real faces {floor:.1f}."
        )
        found.append(words.format(rebuilt=rebuilt, samples=", ".join(distances), floor=floor))
    if (auc := figure(m, "probes.mean_auc")) is not None:
        found.append(_("Linear probes read attributes off its latents with a mean AUC of {auc:.3f}.").format(auc=auc))
    if (speed := figure(m, "decode_ms_one_core")) is not None:
        words = _("Decoding a face takes {time:.1f} ms on one core of the measuring machine.")
        found.append(words.format(time=speed))
    if (images := figure(m, "images")) is not None:
        words = _("Measured on {images:,.0f} pictures of people who are in no other part.")
        found.append(words.format(images=images))
    return found


def _say(m: Mapping[str, Any], key: str, form: str, unit: str = "") -> str:
    value = figure(m, key)
    return "-" if value is None else f"{numeral(value, form)}{unit}"


def _share(m: Mapping[str, Any], key: str) -> str:
    value = figure(m, key)
    return "-" if value is None else percent(value, 1)
