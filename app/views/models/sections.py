"""The parts of a card, each drawn for one checkpoint so that two stand beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.measured import figure, measured_blend
from app.checkpoints.opening import open_model
from app.checkpoints.records import KINDS, Record, bytes_on_disk
from app.checkpoints.training_history import read_history
from app.controls.timelapse import timelapse
from app.drawing import gallery
from app.drawing.diagram import diagram, refinement_words
from app.drawing.figures import SAVED
from app.drawing.numbers import percent
from app.drawing.plain_text import plain_text
from app.views.models import charts
from app.views.models.bring import check_up
from app.views.models.limits import limits
from app.views.models.sheets import layers_of, sample_sheets
from latent.directions import UNUSED_NATS
from models.config import ModelConfig
from models.training.command import stages, training_command

BLEND_FIGURES = (
    ("psnr_db", ".2f", " dB"),
    ("perceptual", ".3f"),
    ("frechet", ".1f"),
)
SAMPLERS = {"standard_normal": "N(0, I)", "gaussian": "a fitted Gaussian", "mixture": "ten fitted Gaussians"}


def head(record: Record) -> None:
    """What it is, in a sentence."""
    config = record.config
    st.markdown(f"### {plain_text(record.title)}")
    words = f"An {KINDS[config.kind]}" if config.kind != "vae" else f"A {KINDS[config.kind]}"
    if config.kind == "classifier":
        words += f" for pictures of {config.image_size} px: it reads {config.latent_dim} attributes and draws nothing."
    else:
        words += f" of pictures of {config.image_size} px with {config.latent_dim} latent dimensions"
        own = isinstance(config, ModelConfig)  # one that was brought from elsewhere states no loss
        words += f", beta {record.own_config.beta:.3g}" if own and config.kind == "vae" else ""
        target = figure(record.files.training, "kl_target")
        words += f" (steered to {target:g} nats)" if target else ""
        words += ", trained with a perceptual term" if own and record.own_config.perceptual_weight else ""
        words += ". One of the lesson's family." if record.in_family else "."
    st.markdown(words)


def figures(record: Record) -> None:
    """What was measured on the test part, beside PCA."""
    m = record.metrics
    if not m:
        st.caption(f"Not measured yet. Run: `python evaluate.py {record.place} --data CELEBA`")
        return
    if record.config.kind == "classifier":
        names = {"mean_accuracy": "Accuracy", "mean_commoner_answer": "Always the commoner answer"}
        lines = [f"| {said} | {_share(m, key)} |" for key, said in names.items()]
        lines.append(f"| AUC | {_say(m, 'mean_auc', '.3f')} |")
        lines.append(f"| Calibration error | {_share(m, 'mean_calibration_error')} |")
        st.markdown("\n".join(["| mean over the attributes | |", "|---|---|", *lines]))
        return
    components = figure(m, "pca_components")
    pca = f"PCA, {components:.0f} numbers" if components else "PCA"
    rows = [
        ("PSNR (more is better)", _say(m, "psnr_db", ".2f", " dB"), _say(m, "pca_psnr_db", ".2f", " dB")),
        ("SSIM (more is better)", _say(m, "ssim", ".3f"), _say(m, "pca_ssim", ".3f")),
        ("Perceptual distance (less is better)", _say(m, "perceptual", ".3f"), _say(m, "pca_perceptual", ".3f")),
    ]
    st.markdown(
        "\n".join([f"| rebuilding | this model | {pca} |", "|---|---|---|", *(f"| {' | '.join(r)} |" for r in rows)])
    )
    st.markdown("\n".join(f"- {sentence}" for sentence in _more_figures(record)))
    _along_the_blend(record)


def _along_the_blend(record: Record) -> None:
    """What its slider from faithful to vivid gains and costs, where it has one."""
    if not record.files.faithful_sha256:
        return
    along = measured_blend(record.files).get("along")
    if not isinstance(along, list):
        st.caption(
            "It draws between a faithful and a vivid decoder, which is not measured yet. Run: "
            f"`python evaluate.py {record.place} --blend --data CELEBA`"
        )
        return
    rows = [
        (f"{point['vivid']:g}", *(_say(point, *shown) for shown in BLEND_FIGURES), _finest(point)) for point in along
    ]
    heads = ("vivid", "PSNR", "perceptual", "Fr\u00e9chet", "finest")  # short, so that a phone shows them all
    lines = [heads, ("---",) * len(heads), *rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    st.caption(
        "Rebuilt test faces along the slider from faithful (0) to vivid (1, as it comes). Towards vivid they err more "
        "(PSNR falls) and look more like photographs (the Fr\u00e9chet distance falls): what is added is invented. "
        "Finest is the share of the originals\u2019 power in stripes of two to three pixels."
    )


def _finest(point: Mapping[str, Any]) -> str:
    ways = [value for way in ("horizontal", "vertical") if (value := figure(point, f"finest_band.{way}")) is not None]
    return percent(sum(ways) / len(ways)) if ways else "-"


def _more_figures(record: Record) -> list[str]:
    """Figures that have no counterpart in PCA, in words."""
    m, found = record.metrics, []
    gain, interval = figure(m, "gain_db"), m.get("gain_db_interval")
    if gain is not None and isinstance(interval, list) and len(interval) == 2:
        found.append(f"Gain over PCA {gain:+.2f} dB; 95 % interval {interval[0]:+.2f} to {interval[1]:+.2f}.")
    if (rate := figure(m, "kl_nats")) is not None:
        used = figure(m, "active_units")
        of = f"; {used:.0f} of {record.config.latent_dim} dimensions in use" if used is not None else ""
        found.append(f"KL {rate:.1f} nats a face{of}.")
    floor, rebuilt = (figure(m, f"generation.{name}") for name in ("floor", "reconstructions.frechet"))
    made = {said: figure(m, f"generation.samplers.{name}.frechet") for name, said in SAMPLERS.items()}
    distances = [f"{said} {value:.0f}" for said, value in made.items() if value is not None]
    if floor is not None and rebuilt is not None and distances:
        found.append(
            f"Fr\u00e9chet distance to real faces (less is better): rebuilt faces {rebuilt:.0f}; samples from "
            f"{', from '.join(distances)}; other real faces {floor:.1f}."
        )
    if (auc := figure(m, "probes.mean_auc")) is not None:
        found.append(f"Linear probes read attributes off its latents with a mean AUC of {auc:.3f}.")
    if (speed := figure(m, "decode_ms_one_core")) is not None:
        found.append(f"Decoding a face takes {speed:.1f} ms on one core of the measuring machine.")
    if (images := figure(m, "images")) is not None:
        found.append(f"Measured on {images:,.0f} pictures of people who are in no other part.")
    return found


def network(record: Record) -> None:
    """The layers, drawn from the loaded network."""
    layers = layers_of(record)
    if not layers:
        st.caption("Its layers cannot be drawn: the network came as a finished program, not as layers of ours.")
        return
    gallery.show(diagram(record.own_config, layers))
    beside = sum(layer.beside for layer in layers)
    words = f"{sum(layer.weights for layer in layers):,} weights in {len(layers)} layers (normalisation not counted)."
    words += f" {beside} of them run beside the others and are not drawn." if beside else ""
    words += " The encoder sees the picture at half its size." if record.own_config.encoder_scale == 2 else ""
    st.caption(words + refinement_words(record.own_config))


def curves(record: Record) -> None:
    """The training run, from history.csv."""
    drawn = charts.training_curves(read_history(record.files))
    if drawn is None:
        st.caption("It has no training history (history.csv).")
        return
    st.plotly_chart(drawn, key=f"curves {record.key}", config=SAVED)
    if not isinstance(record.config, ModelConfig):
        return
    if record.config.refinement_steps:
        st.caption("The PSNR here is that of the encoder's own codes, before they are corrected.")
    if len(stages(record.config, record.files.training)) > 1:
        words = f"The last {record.files.training.get('epochs_done')} epochs went on from what those before had made."
        if record.files.training.get("freeze_decoder"):
            words += " The decoder stayed as it was; only the encoder learned."
        st.caption(words)


def information(record: Record) -> None:
    """KL of each dimension."""
    if record.config.kind != "vae":
        st.caption(
            "No KL: it is no variational autoencoder. Each face is one point, with no cloud around it that could be "
            "compared with a prior."
            if record.config.kind == "ae"
            else "No latent space."
        )
        return
    nats: NDArray[np.floating] | list[float] | None = record.metrics.get("kl_nats_by_dimension")
    source = "the test part"
    if nats is None:
        posterior = open_model(record.files).posterior
        nats, source = (None if posterior is None else posterior.kl), "its atlas"
    if nats is None:
        st.caption("Not measured yet, and it has no map to work it out from.")
        return
    st.plotly_chart(charts.nats_by_dimension(nats), key=f"nats {record.key}", config=SAVED)
    used = int((np.asarray(nats) > UNUSED_NATS).sum())
    st.caption(
        f"{used} of {len(nats)} dimensions carry more than {UNUSED_NATS:g} nats; all together {np.sum(nats):.1f} nats "
        f"a face, on {source}."
    )


def samples(record: Record) -> None:
    """Sixteen decoded draws from each of two samplers."""
    if record.config.kind == "classifier":
        st.caption("It draws nothing.")
        return
    sheets = sample_sheets(open_model(record.files))
    for sampler, sheet in sheets:
        gallery.show(gallery.wide(sheet, f"Sixteen faces drawn by the sampler {sampler}"))
        st.caption(f"Sixteen draws, decoded. Sampler: {sampler} (seed 0).")
    if not sheets:
        st.caption("It has no map, so no sampler can be fitted to its codes. Make the map with build_atlas.py.")


def film(record: Record) -> None:
    """The time-lapse of its training."""
    if record.config.kind == "classifier":
        st.caption("It draws nothing.")
        return
    if not timelapse(record.files, f"film {record.key}", record.title):
        st.caption("The lesson's chapter on training shows such a time-lapse, of a small model if this one has none.")


def known_limits(record: Record) -> None:
    """What its figures say against it."""
    found = limits(record, read_history(record.files))
    st.markdown("\n".join(f"- {sentence}" for sentence in found) or "Nothing stands out in its figures.")


def origin(record: Record) -> None:
    """Size, hash, and the training that made it."""
    sizes, t = bytes_on_disk(record.files), record.files.training
    said = [f"{name} {_size(size)}" for name, size in sizes.items()]
    lines = [f"- On disk: {', '.join(said)}; together {_size(sum(sizes.values()))}."]
    cost = []
    if (images := figure(t, "images")) is not None:
        cost.append(f"{images:,.0f} pictures")
    runs = [run for _, run in stages(record.config, t)] if isinstance(record.config, ModelConfig) else [t]
    if epochs := [f"{done:.0f}" for run in runs if (done := figure(run, "epochs_done")) is not None]:
        cost.append(f"{' and then '.join(epochs)} epochs")
    if seconds := sum(figure(run, "seconds") or 0 for run in runs):
        cost.append(f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours")
    if cost:
        lines.append(f"- Trained: {', '.join(cost)}.")
    machine = [str(t[key]) for key in ("machine", "precision") if t.get(key)]
    if machine:
        version = f", torch {t['torch']}" if t.get("torch") else ""
        lines.append(f"- Machine: {plain_text(', '.join(machine))}{plain_text(version)}.")
    if calibration := t.get("calibration"):
        lines.append(f"- Calibrated: {plain_text(str(calibration))}.")
    st.markdown("\n".join(lines))
    st.caption("SHA-256 of its weights")
    st.code(record.files.sha256, language=None, wrap_lines=True)
    if not t or not isinstance(record.config, ModelConfig):
        st.caption("Nothing is said of its training.")
        return
    st.caption("The command that trains it" if len(runs) == 1 else "The commands that train it, one after the other")
    st.code(training_command(record.place, record.config, t), language="bash", wrap_lines=True)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _say(m: Mapping[str, Any], key: str, form: str, unit: str = "") -> str:
    value = figure(m, key)
    return "-" if value is None else f"{value:{form}}{unit}"


def _share(m: Mapping[str, Any], key: str) -> str:
    value = figure(m, key)
    return "-" if value is None else percent(value, 1)


SECTIONS: tuple[tuple[str, Callable[[Record], None], bool], ...] = (
    ("", head, False),
    ("Check-up", check_up, False),
    ("Figures", figures, False),
    ("Network", network, True),
    ("Samples", samples, False),
    ("Training", curves, False),
    ("Nats by dimension", information, False),
    ("Time-lapse of the training", film, False),
    ("Known limits", known_limits, False),
    ("Origin", origin, False),
)
"""Headings of a card, what draws what stands under them, and whether that needs the page's whole width."""
