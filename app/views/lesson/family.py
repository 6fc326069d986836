"""The lesson's family of models that differ in beta alone: what each of them makes of the same faces and draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.family import plain_pair, relatives
from app.checkpoints.measured import figure
from app.checkpoints.opening import OpenModel
from app.checkpoints.records import Record, read_records
from app.checkpoints.training_history import strips
from app.texts import N_, _
from app.views.lesson.stage import Stage
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.directions import UNUSED_NATS
from latent.samplers import posterior_draws, standard_normal
from models.checkpoint_files import CheckpointError, CheckpointFiles

if TYPE_CHECKING:  # torch takes two seconds to import
    from models.latent_model import LatentModel

MISSING = N_(
    "Small models that differ in beta alone would stand here; they are not on this machine (folder checkpoints/family)."
)


PLAIN = "plain"  # stands for a beta where there is none, nor a start as PCA


@dataclass(frozen=True, eq=False)
class Sheet:
    """What one of the family draws.

    Attributes:
        rebuilt: uint8 [F, S, S, 3], faces of its atlas from the centres of their clouds.
        drawn: uint8 [K, S, S, 3], from the prior, the same points for each of the family.
    """

    rebuilt: NDArray[np.uint8]
    drawn: NDArray[np.uint8]


def betas() -> dict[str, Record]:
    """The family by beta as people write it, by growing beta; an AE's is "0". Only those with a map.

    First of all comes the autoencoder that no PCA began, as `PLAIN`, where there is one.
    """
    found: dict[str, Record] = {}
    records = read_records()[0]
    pair = plain_pair(records)
    if pair is not None and atlas_of(pair[0]) is not None:
        found[PLAIN] = pair[0]
    for record in relatives(records):
        if PLAIN in found and found[PLAIN].key == record.key:
            continue
        beta = record.own_config.beta if record.config.kind == "vae" else 0.0
        if atlas_of(record) is not None:
            found.setdefault(f"{beta:g}", record)
    return found


def chosen_beta(stage: Stage, family: dict[str, Record]) -> Record:
    """The one of the family that `choose_beta` says."""
    return family[stage.choice_of("beta", family, _first_beta(family))]


def _first_beta(family: dict[str, Record]) -> str:
    return min(family, key=lambda beta: abs(float(beta) - 1) if beta != PLAIN else np.inf)


def choose_beta(stage: Stage, family: dict[str, Record]) -> None:
    """A slider over the family; it has at least two members."""
    names = {beta: f"{beta} (AE)" if record.config.kind == "ae" else beta for beta, record in family.items()}
    if PLAIN in names:
        names[PLAIN] = _("plain AE")
    stage.notch("beta", _("Beta, the weight of the KL term"), names, _first_beta(family))


def atlas_of(record: Record) -> Atlas | None:
    """The encoded faces of one of the family, or None where they cannot be used."""
    return _atlas(record.files.identity, record.files)


@st.cache_resource(show_spinner=False, max_entries=24)
def _atlas(identity: str, _files: CheckpointFiles) -> Atlas | None:
    try:
        return load_atlas(_files.atlas_path, _files.sha256, _files.config.latent_dim)
    except AtlasError:
        return None


@st.cache_resource(show_spinner=False, max_entries=24)
def _network(identity: str, _files: CheckpointFiles) -> LatentModel:
    from models.checkpoints import load_checkpoint  # late, as below

    return load_checkpoint(_files)


def sheet(record: Record, rows: tuple[int, ...], draws: int, seed: int) -> Sheet | None:
    """Faces by their rows in the atlas, and draws from the prior; None where the weights cannot be used."""
    try:
        return _sheet(record.files.identity, rows, draws, seed, record)
    except CheckpointError:
        return None


@st.cache_data(show_spinner=False, max_entries=200)
def _sheet(identity: str, rows: tuple[int, ...], draws: int, seed: int, _record: Record) -> Sheet:
    def work_out() -> dict[str, NDArray[np.uint8]]:
        import torch  # late: it takes two seconds to import

        from models.images import to_uint8

        atlas = atlas_of(_record)
        assert atlas is not None
        drawn = standard_normal(_record.config.latent_dim).sample(draws, seed)
        z = np.concatenate([atlas.mu[list(rows)].astype(np.float32), drawn.astype(np.float32)])
        with torch.inference_mode():
            pictures = to_uint8(_network(identity, _record.files).decode(torch.from_numpy(z)))
        return {"rebuilt": pictures[: len(rows)], "drawn": pictures[len(rows) :]}

    return Sheet(**beforehand(_record.files, "sheet", (rows, draws, seed), work_out))


@st.cache_resource(show_spinner=False, max_entries=24)
def _draws(identity: str, _record: Record) -> NDArray[np.float32]:
    atlas = atlas_of(_record)
    assert atlas is not None
    return posterior_draws(atlas.mu, atlas.logvar, seed=0)


def draws_of(record: Record) -> NDArray[np.float32]:
    """Draws of the aggregate posterior of one of the family, one for each face of its atlas: float32 [M, D]."""
    return _draws(record.files.identity, record)


def rate(record: Record) -> float | None:
    """Its KL in nats a face, as evaluate.py measured it; None for an AE and where it was not measured."""
    return figure(record.metrics, "kl_nats") if record.config.kind == "vae" else None


def raw_distance(record: Record) -> float | None:
    """The Fréchet distance between draws from N(0, I) itself and real faces; None where it was not measured."""
    sampler = "standard_normal" if record.config.kind == "vae" else "raw_normal"
    return figure(record.metrics, f"generation.samplers.{sampler}.frechet")


def dead_dimensions(record: Record) -> int | None:
    """How many dimensions carry next to nothing (under `UNUSED_NATS`); None for an AE, whose codes have no KL."""
    atlas = atlas_of(record)
    if atlas is None or atlas.logvar is None:
        return None
    mu = atlas.mu.astype(np.float32)
    nats = 0.5 * (np.square(mu) + np.exp(atlas.logvar) - 1 - atlas.logvar).mean(0)
    return int((nats < UNUSED_NATS).sum())


def twin_with_strips(model: OpenModel) -> Record | None:
    """The one of the family that is most like a model and kept pictures of its training."""
    likes = [record for record in relatives(read_records()[0]) if record.config.kind == model.config.kind]
    likes = [record for record in likes if strips(record.files)]
    return min(likes, key=lambda record: abs(record.own_config.beta - model.own_config.beta), default=None)
