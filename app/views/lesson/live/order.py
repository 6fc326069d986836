"""What a live run is ordered with: real pictures where they are here, else faces that a model decodes quickly."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import original
from app.checkpoints.opening import OpenModel
from app.server.class_line import line
from app.streamlit_internals.connection import connection
from app.texts import N_, _
from app.views.lesson.family import atlas_of
from app.views.lesson.live.process import LiveRun
from app.views.lesson.live.queue import Place, RunQueue
from app.views.lesson.plain import find_pair
from app.views.lesson.worked_out import labels
from latent.atlas import Atlas
from latent.attribute_axes import PRESENT
from latent.probes import parts
from models.checkpoint_files import CheckpointError
from models.training.tiny import held_faces

FACES, HELD = 1200, 8
MOST_SECONDS = 150
KINDS = {"both": N_("AE and VAE side by side"), "vae": "VAE", "ae": "AE"}


@dataclass(frozen=True, eq=False)
class Ordered:
    """A visitor's run.

    Attributes:
        place: in the line.
        has: for each attribute to colour by, which of the faces have it, bool [N + H].
        source: what the faces are, in the words of the visitor's language.
    """

    place: Place[LiveRun]
    has: Mapping[str, NDArray[np.bool_]]
    source: str


@st.cache_resource(show_spinner=False)
def queue() -> RunQueue[Any]:
    """The one line of the class, for runs of every kind."""
    return RunQueue(line=line())


def order(model: OpenModel, kind: str, epochs: int, colours: list[str]) -> Ordered:
    """Stand in line with faces of this model's atlas, or with decoded ones.

    Args:
        model: one that has an atlas.
        kind: a key of `KINDS`.
        epochs: how many.
        colours: attributes to colour the faces by.
    """
    atlas = model.atlas
    assert atlas is not None
    rows = _rows(atlas)
    settings: dict[str, Any] = {"kinds": ["ae", "vae"] if kind == "both" else [kind], "beta": 1.0, "epochs": epochs}
    settings |= {"seconds": MOST_SECONDS, "held": HELD}
    paths = [path for path in (original(int(number)) for number in atlas.image[rows]) if path is not None]
    latents: NDArray[np.float32] | None = None
    if len(paths) == len(rows):
        settings["paths"] = [str(path) for path in paths]
        known, source = labels(model)[0][rows], _("CelebA pictures from your folder")
    else:
        folder, atlas, title = _decoder(model, atlas)
        rows = _rows(atlas)
        settings["checkpoint"], latents = folder, atlas.mu[rows].astype(np.float32)
        known = (atlas.scores[rows] > PRESENT).astype(np.int8)
        source = _("faces that {model} decoded, since there is no CelebA folder here").format(model=title)
    columns = {name: list(atlas.attributes).index(name) for name in colours if name in atlas.attributes}
    has = {name: known[:, column] > 0 for name, column in columns.items()}
    begin = functools.partial(LiveRun, settings, latents, _held_faces(settings, latents))
    return Ordered(queue().join(begin, connection()), has, source)


def _held_faces(settings: dict[str, Any], latents: NDArray[np.float32] | None) -> NDArray[np.uint8] | None:
    """What the class sees while the process gathers the many others; None where it will have to say what is wrong."""
    with suppress(CheckpointError):
        return held_faces(settings, latents)
    return None


def _rows(atlas: Atlas) -> NDArray[np.int64]:
    """Faces to train on, and last those that are held out."""
    shown, held = parts(atlas.partition)
    return np.concatenate([shown[:FACES], held[-HELD:]])


def _decoder(model: OpenModel, atlas: Atlas) -> tuple[str, Atlas, str]:
    """Folder, atlas and name of what decodes the faces: a small model is done in a second, a large one in twenty."""
    pair = find_pair()
    small = None if pair is None else atlas_of(pair[1])
    if pair is None or small is None:
        return str(model.files.folder), atlas, _("the {model}").format(model=model.title)
    return str(pair[1].files.folder), small, _("a small VAE")
