"""Two small models, alike but for the perceptual term: what it changes in the same faces."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.family import relatives
from app.checkpoints.measured import figure
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record, read_records
from app.drawing import gallery
from app.views.lesson.betas import SHOWN, before, strip
from app.views.lesson.family import atlas_of, rate, sheet
from app.views.lesson.stage import Stage


def find_twins() -> tuple[Record, Record] | None:
    """One of the family without a perceptual term and its twin with one; None where there is no such pair."""
    records = read_records()[0]
    plain = [record for record in relatives(records) if rate(record) is not None and atlas_of(record) is not None]
    for twin in records.values():
        if not twin.in_family or not twin.own_config.perceptual_weight or rate(twin) is None or atlas_of(twin) is None:
            continue
        alike = [record for record in plain if record.config.latent_dim == twin.config.latent_dim]
        if alike:  # beta of the twin was steered to the other's rate, so the rate tells which it is
            other = min(alike, key=lambda record: abs((rate(record) or 0) - (rate(twin) or 0)))
            return (other, twin) if np.array_equal(_images(other), _images(twin)) else None
    return None


def _images(record: Record) -> NDArray[np.integer]:
    atlas = atlas_of(record)
    assert atlas is not None
    return atlas.image


def twins(stage: Stage, model: OpenModel) -> bool:
    """The same faces, rebuilt by both; returns whether there are two such models."""
    pair = find_twins()
    if pair is not None:
        _rebuilt(stage, model, pair)
    return pair is not None


@st.fragment
def _rebuilt(stage: Stage, model: OpenModel, pair: tuple[Record, Record]) -> None:
    st.markdown("**What it changes.** Two small models, alike but for the perceptual term, rebuild the same faces:")
    seed = stage.seed("twins", "Other faces")
    images = _images(pair[0])
    rows = tuple(np.random.default_rng([seed, 3]).choice(len(images), min(SHOWN, len(images)), replace=False).tolist())
    earlier = before(stage, images[list(rows)])
    if earlier is not None:
        pictures, words = earlier
        st.markdown(words)
        gallery.show(strip(pictures))
    for record, words in zip(pair, ("Squared error alone", "With a perceptual term"), strict=True):
        drawn = sheet(record, rows, 0, 0)
        if drawn is not None:
            st.markdown(f"{words}{_measured(record)}")
            gallery.show(strip(drawn.rebuilt))
    stage.write(model)


def _measured(record: Record) -> str:
    """How close its reconstructions come to held-out faces, as evaluate.py measured it; empty where it did not."""
    psnr, distance = figure(record.metrics, "psnr_db"), figure(record.metrics, "generation.reconstructions.frechet")
    parts = [] if psnr is None else [f"{psnr:.2f} dB PSNR"]
    parts += [] if distance is None else [f"Fréchet distance to real faces {distance:.0f} (less is better)"]
    return f": {', '.join(parts)}" if parts else ""
