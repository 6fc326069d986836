"""Two small models, alike but for the perceptual term: what it changes in the same faces."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.measured import figure
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record, read_records
from app.drawing import gallery
from app.texts import _, numeral
from app.views.lesson.betas import SHOWN, before, strip
from app.views.lesson.family import atlas_of, rate, sheet
from app.views.lesson.stage import Stage


def find_twins() -> tuple[Record, Record] | None:
    """One of the family without a perceptual term and its twin with one; None where there is no such pair."""
    family = [record for record in read_records()[0].values() if record.in_family and rate(record) is not None]
    pairs = [(plain, twin) for plain in family for twin in family if _are_twins(plain, twin)]
    pairs = [
        (a, b)
        for a, b in pairs
        if atlas_of(a) is not None and atlas_of(b) is not None and np.array_equal(_images(a), _images(b))
    ]
    # Of several betas the one at which both say as much of a face.
    return min(pairs, key=lambda pair: abs((rate(pair[0]) or 0) - (rate(pair[1]) or 0)), default=None)


def _are_twins(plain: Record, twin: Record) -> bool:
    """Whether both differ in the perceptual term, which only `twin` has, and at most in beta besides."""
    if plain.own_config.perceptual_weight or not twin.own_config.perceptual_weight:
        return False
    shapes = [record.own_config.to_dict() | {"beta": 0, "perceptual_weight": 0} for record in (plain, twin)]
    return shapes[0] == shapes[1]


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
    st.markdown(_("**What it changes.** Two small models, alike but for the perceptual term, rebuild the same faces:"))
    seed = stage.seed_of("twins")
    images = _images(pair[0])
    rows = tuple(np.random.default_rng([seed, 3]).choice(len(images), min(SHOWN, len(images)), replace=False).tolist())
    with stage.figure("twins"):
        _rows(stage, pair, images, rows)
    stage.seed("twins", _("Other faces"))
    stage.write(model)


def _rows(stage: Stage, pair: tuple[Record, Record], images: NDArray[np.integer], rows: tuple[int, ...]) -> None:
    earlier = before(stage, images[list(rows)])
    if earlier is not None:
        pictures, words = earlier
        st.markdown(words)
        gallery.show(strip(pictures))
    for record, words in zip(pair, (_("Squared error alone"), _("With a perceptual term")), strict=True):
        drawn = sheet(record, rows, 0, 0)
        if drawn is not None:
            st.markdown(f"{words}{_measured(record)}")
            gallery.show(strip(drawn.rebuilt))


def _measured(record: Record) -> str:
    """How close its reconstructions come to held-out faces, as evaluate.py measured it; empty where it did not."""
    psnr, distance = figure(record.metrics, "psnr_db"), figure(record.metrics, "generation.reconstructions.frechet")
    parts = [] if psnr is None else [f"{numeral(psnr, '.2f')}\N{NO-BREAK SPACE}dB PSNR"]
    if distance is not None:
        parts.append(_("Fréchet distance to real faces {distance:.0f} (less is better)").format(distance=distance))
    return f": {', '.join(parts)}" if parts else ""
