"""The parts of a card, each drawn for one checkpoint so that two stand beside each other."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.measured import figure
from app.checkpoints.opening import open_model
from app.checkpoints.records import Record, bytes_on_disk
from app.checkpoints.training_history import read_history
from app.controls.timelapse import timelapse
from app.drawing import gallery
from app.drawing.chart_html import show_chart
from app.drawing.diagram import diagram, refinement_words
from app.drawing.diagram_file import save_diagram
from app.drawing.plain_text import plain_text
from app.texts import N_, _, ngettext, numeral
from app.views.models import charts
from app.views.models.bring import check_up
from app.views.models.figures import figures
from app.views.models.limits import limits
from app.views.models.sheets import record_layers, sample_sheets
from latent.directions import UNUSED_NATS
from models.config import ModelConfig
from models.training.command import stages, training_command

HEADS = {
    "ae": N_("An autoencoder of pictures of {side} px with {count} latent dimensions"),
    "vae": N_("A variational autoencoder of pictures of {side} px with {count} latent dimensions"),
    "classifier": N_(
        "An attribute classifier for pictures of {side} px: it reads {count} attributes and draws nothing."
    ),
}
FILES = (N_("weights"), N_("map"), N_("time-lapse"))
"""What `bytes_on_disk` tells apart."""
LINE = 64  # letters of a command, which a card has room for


def head(record: Record) -> None:
    """What it is, in a sentence."""
    config = record.config
    st.markdown(f"### {plain_text(record.title)}")
    words = _(HEADS[config.kind]).format(side=config.image_size, count=config.latent_dim)
    if config.kind != "classifier":
        own = isinstance(config, ModelConfig)  # one that was brought from elsewhere states no loss
        words += ", " + _("beta {beta:.3g}").format(beta=record.own_config.beta) if own and config.kind == "vae" else ""
        target = figure(record.files.training, "kl_target")
        words += " " + _("(steered to {nats:g} nats)").format(nats=target) if target else ""
        words += ", " + _("trained with a perceptual term") if own and record.own_config.perceptual_weight else ""
        words += ". " + _("One of the lesson's family.") if record.in_family else "."
    st.markdown(words)


def network(record: Record) -> None:
    """The layers, drawn from the loaded network."""
    layers = record_layers(record)
    if not layers:
        st.caption(_("Its layers cannot be drawn: the network came as a finished program, not as layers of ours."))
        return
    gallery.show(diagram(record.own_config, layers))
    save_diagram(record.own_config, layers, record.files.name, f"save network {record.key}")
    beside = sum(layer.beside for layer in layers)
    words = _("{weights:,} weights in {layers} layers (normalisation not counted).").format(
        weights=sum(layer.weights for layer in layers), layers=len(layers)
    )
    if beside:
        more = ngettext(
            "{count} of them runs beside the others and is not drawn.",
            "{count} of them run beside the others and are not drawn.",
            beside,
        )
        words += " " + more.format(count=beside)
    if record.own_config.encoder_scale == 2:
        words += " " + _("The encoder sees the picture at half its size.")
    st.caption(words + refinement_words(record.own_config))


def curves(record: Record) -> None:
    """The training run, from history.csv."""
    drawn = charts.training_curves(read_history(record.files))
    if not drawn:
        st.caption(_("It has no training history (history.csv)."))
        return
    for title, chart in drawn:
        st.markdown(title)
        show_chart(chart, title)
    if not isinstance(record.config, ModelConfig):
        return
    if record.config.refinement_steps:
        st.caption(_("The PSNR here is that of the encoder's own codes, before they are corrected."))
    if len(stages(record.config, record.files.training)) > 1:
        epochs = int(record.files.training.get("epochs_done") or 0)
        words = ngettext(
            "The last epoch went on from what those before had made.",
            "The last {count} epochs went on from what those before had made.",
            epochs,
        ).format(count=epochs)
        if record.files.training.get("freeze_decoder"):
            words += " " + _("The decoder stayed as it was; only the encoder learned.")
        st.caption(words)


def information(record: Record) -> None:
    """KL of each dimension."""
    if record.config.kind != "vae":
        words = _(
            "No KL: it is no variational autoencoder. Each face is one point, with no cloud around it that could be "
            "compared with a prior."
        )
        st.caption(words if record.config.kind == "ae" else _("No latent space."))
        return
    nats: NDArray[np.floating] | list[float] | None = record.metrics.get("kl_nats_by_dimension")
    source = _("on the test part")
    if nats is None:
        posterior = open_model(record.files).posterior
        nats, source = (None if posterior is None else posterior.kl), _("on its atlas")
    if nats is None:
        st.caption(_("Not measured yet, and it has no map to work it out from."))
        return
    show_chart(charts.nats_by_dimension(nats))
    used = int((np.asarray(nats) > UNUSED_NATS).sum())
    words = _(
        "Dimensions that carry more than {least:g} nats: {used} of {count}; all together {sum:.1f} nats a face, "
        "{source}."
    )
    st.caption(words.format(used=used, count=len(nats), least=UNUSED_NATS, sum=np.sum(nats), source=source))


def samples(record: Record) -> None:
    """Sixteen decoded draws from each of two samplers."""
    if record.config.kind == "classifier":
        st.caption(_("It draws nothing."))
        return
    sheets = sample_sheets(open_model(record.files))
    for sampler, sheet in sheets:
        alt = _("Sixteen faces drawn by the sampler {sampler}").format(sampler=_(sampler))
        gallery.show(gallery.wide(sheet, alt))
        st.caption(_("Sixteen draws, decoded. Sampler: {sampler} (seed 0).").format(sampler=_(sampler)))
    if not sheets:
        st.caption(_("It has no map, so no sampler can be fitted to its codes. Make the map with build_atlas.py."))


def film(record: Record) -> None:
    """The time-lapse of its training."""
    if record.config.kind == "classifier":
        st.caption(_("It draws nothing."))
        return
    if not timelapse(record.files, f"film {record.key}", record.title):
        words = _("The lesson's chapter on training shows such a time-lapse, of a small model if this one has none.")
        st.caption(words)


def known_limits(record: Record) -> None:
    """What its figures say against it."""
    found = limits(record, read_history(record.files))
    st.markdown("\n".join(f"- {sentence}" for sentence in found) or _("Nothing stands out in its figures."))


def origin(record: Record) -> None:
    """Size, hash, and the training that made it."""
    sizes, t = bytes_on_disk(record.files), record.files.training
    said = [f"{_(name)} {_size(size)}" for name, size in sizes.items()]
    disk = _("On disk: {parts}; together {size}.").format(parts=", ".join(said), size=_size(sum(sizes.values())))
    lines = [f"- {disk}"]
    cost = []
    if (images := figure(t, "images")) is not None:
        cost.append(_("{count:,.0f} pictures").format(count=images))
    runs = [run for _name, run in stages(record.config, t)] if isinstance(record.config, ModelConfig) else [t]
    if epochs := [round(done) for run in runs if (done := figure(run, "epochs_done")) is not None]:
        words = ngettext("{count} epoch", "{count} epochs", sum(epochs)).format(count=sum(epochs))
        if len(epochs) > 1:
            words += " " + _("(in {runs} runs: {epochs})").format(runs=len(epochs), epochs=" + ".join(map(str, epochs)))
        cost.append(words)
    if seconds := sum(figure(run, "seconds") or 0 for run in runs):
        words = ngettext("{minutes:.0f} minute", "{minutes:.0f} minutes", round(seconds / 60))
        words = words if seconds < 7200 else _("{hours:.1f} hours")
        cost.append(words.format(minutes=seconds / 60, hours=seconds / 3600))
    if cost:
        lines.append("- " + _("Trained: {cost}.").format(cost=", ".join(cost)))
    machine = [_machine(str(t[key])) for key in ("machine", "precision") if t.get(key)]
    if machine:
        version = f", torch {t['torch']}" if t.get("torch") else ""
        lines.append("- " + _("Machine: {machine}.").format(machine=plain_text(", ".join(machine) + version)))
    if calibration := t.get("calibration"):
        lines.append("- " + _("Calibrated: {way}.").format(way=plain_text(str(calibration))))
    st.markdown("\n".join(lines))
    st.caption(_("SHA-256 of its weights"))
    st.code(record.files.sha256, language=None, wrap_lines=True)
    if not t or not isinstance(record.config, ModelConfig):
        st.caption(_("Nothing is said of its training."))
        return
    one = len(runs) == 1
    st.caption(_("The command that trains it") if one else _("The commands that train it, one after the other"))
    commands = training_command(record.place, record.config, t)
    st.code("\n".join(map(in_lines, commands.splitlines())), language="bash", wrap_lines=True)


def in_lines(command: str) -> str:
    """A call as a shell takes it over several lines: no option is torn at its hyphens, and a comment stays whole."""
    call, _hash, comment = command.partition("  # ")
    lines = textwrap.wrap(call, LINE, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return " \\\n".join(lines) + (f"  # {comment}" if comment else "")


def _machine(said: str) -> str:
    """What a training wrote of its machine, with its threads in the reader's language."""
    name, _comma, threads = said.rpartition(", ")
    if not (found := re.fullmatch(r"(\d+) threads?", threads)):
        return said
    count = int(found[1])
    words = ngettext("{name}, {count} thread", "{name}, {count} threads", count)
    return words.format(name=name, count=count)


def _size(size: int) -> str:
    return (
        f"{numeral(size / 1e6, '.1f')}\N{NO-BREAK SPACE}MB" if size >= 1e6 else f"{size / 1e3:.0f}\N{NO-BREAK SPACE}kB"
    )


SECTIONS: tuple[tuple[str, Callable[[Record], None], bool], ...] = (
    ("", head, False),
    (N_("Check-up"), check_up, False),
    (N_("Figures"), figures, False),
    (N_("Network"), network, True),
    (N_("Samples"), samples, False),
    (N_("Training"), curves, False),
    (N_("Nats by dimension"), information, False),
    (N_("Time-lapse of the training"), film, False),
    (N_("Known limits"), known_limits, False),
    (N_("Origin"), origin, False),
)
"""Headings of a card, what draws what stands under them, and whether that needs the page's whole width."""
