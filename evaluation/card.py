"""A checkpoint's model card: README.md with its figures, and sheets of decoded points to look at.

Every picture on a sheet is a decoded point; none is a picture of CelebA.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from evaluation.encoding import Encoded
from evaluation.generation import samplers
from evaluation.report import SAMPLERS, blend_table, tables
from latent.atlas import Atlas, load_atlas
from latent.flow import has_prior, load_prior
from latent.probes import parts
from models.checkpoint_files import CheckpointError, CheckpointFiles
from models.checkpoints import load_checkpoint
from models.config import ModelConfig
from models.faithful import blended, load_faithful
from models.images import to_tensor, to_uint8
from models.latent_model import LatentModel
from models.networks import Autoencoder
from models.training.command import mapping_command, one_command, stages, training_command
from models.whole_files import write_text

ROOT = Path(__file__).parents[1]
CARD_FILE = "README.md"
SAMPLES = 64
RECONSTRUCTIONS = 32
COLUMNS = 8
NO_SHEET = ("scaled_normal", "jitter")  # hardly to be told from N(0, I), and from reconstructions
LESS_VIVID = {"faithful": 0.0, "halfway": 0.5}
"""Blends that have sheets besides the checkpoint as it is, and their shares of the vivid decoder."""

QUALITY = 80  # of a sheet's WebP


def write_card(checkpoint: CheckpointFiles, seed: int = 0) -> None:
    """Write README.md and, for an autoencoder with an atlas, its sheets into a measured checkpoint's folder.

    Raises:
        CheckpointError: the checkpoint cannot be opened, or `evaluate.py` has not measured these weights.
        AtlasError: the atlas is damaged or of other weights.
    """
    metrics = _metrics(checkpoint)
    sheets = "" if checkpoint.config.kind == "classifier" else _sheets(checkpoint, seed)
    name, place = checkpoint.folder.resolve().name, _place(checkpoint.folder)
    parts = [
        f"# `{name}`",
        f"Measured on the {metrics['images']:,} test pictures (people who are in no other part) by\n\n"
        f"```\npython evaluate.py {place} --data CELEBA\n```",
        tables({name: metrics}),
        _blend(checkpoint),
        _training(place, checkpoint),
        sheets,
        "Weights derive from CelebA: non-commercial research and teaching only, see [the licence](../LICENSE.md).",
    ]
    write_text(checkpoint.folder / CARD_FILE, "\n\n".join(part for part in parts if part) + "\n")


def _place(checkpoint: Path) -> str:
    """The folder as commands name it: "checkpoints/vae", wherever the caller stands."""
    path = checkpoint.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else f"checkpoints/{path.name}"


def _metrics(checkpoint: CheckpointFiles) -> dict[str, Any]:
    path = checkpoint.metrics_path
    metrics: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    if metrics.get("checkpoint_sha256") != checkpoint.sha256:
        raise CheckpointError(f"{path} is missing or of other weights. Run evaluate.py on {checkpoint.folder} first.")
    return metrics


def _blend(checkpoint: CheckpointFiles) -> str:
    """The table of the way from the faithful to the vivid decoder, where it was measured."""
    path = checkpoint.blend_figures_path
    found: dict[str, Any] = json.loads(path.read_text()) if checkpoint.faithful_sha256 and path.is_file() else {}
    if (
        found.get("faithful_sha256") != checkpoint.faithful_sha256
        or found.get("checkpoint_sha256") != checkpoint.sha256
    ):
        return ""
    return (
        "## From faithful to vivid\n\nRebuilt test faces between the faithful decoder (0) and the vivid one (1), which "
        "began as one; what the vivid one adds is invented. So the PSNR falls towards it: one possible picture lies "
        f"farther from the photo than the mean of all.\n\n{blend_table(found['along'])}"
    )


def _training(place: str, checkpoint: CheckpointFiles) -> str:
    """The command that remakes the weights, and what it cost."""
    if checkpoint.is_brought:
        return "Made elsewhere: its files say nothing of its training."
    config, training = checkpoint.own_config, dict(checkpoint.training)
    lines, runs = training_command(place, config, training).splitlines(), stages(config, training)
    began = len(runs) - 1  # the run that the last one started from
    went_on = began if "mapping_width" in training else 0  # with a mapping that was taught before
    taught = []
    if checkpoint.mapping_sha256:  # its lesson is the learned prior, which stands on the atlas
        behind = f"{place}-start{went_on}" if went_on else place
        taught = [f"python build_atlas.py {behind} --data CELEBA", f"python train_prior.py {behind}"]
        taught.append(mapping_command(behind, checkpoint.values["mapping"]))
    if went_on:
        lines[-1:-1] = taught
    if checkpoint.faithful_sha256 and began:
        told = checkpoint.values["faithful"]
        start = f"{place}-start{_began_with(told, runs) or began}"
        lines += _faithful(place, start, told, training).strip().splitlines()
        if training.get("softened"):
            lines.append(f"python -m models.faithful {place} --soften {training['softened']:g}")
    if not went_on:
        lines += taught
    command = "\n".join(lines)
    cost = ", then ".join(
        f"{run.get('seconds', 0) / 3600:.1f} hours on {run.get('machine', 'an unknown machine')} "
        f"({run.get('precision', 'float32')}, torch {run.get('torch', 'unknown')})"
        for _, run in runs
    )
    return f"Trained on {training.get('images', 0):,} pictures by\n\n```\n{command}\n```\n\nin {cost}."


def _began_with(told: Mapping[str, Any], runs: list[tuple[ModelConfig, Mapping[str, Any]]]) -> int:
    """Which of the runs that led to a checkpoint its faithful decoder comes from or learnt on from; 0: not known."""
    run = told.get("training")
    sha256 = run.get("start_from") if isinstance(run, dict) else told.get("decoder_of")
    return next((number for number, (_, training) in enumerate(runs) if training.get("start_from") == sha256), 0)


def _faithful(place: str, start: str, told: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """The commands that remake the faithful decoder: that which the vivid one began with, or what it learnt on to."""
    if not isinstance(run := told.get("training"), dict):
        return f"\npython -m models.faithful {place} --start {start}"
    line = one_command(f"{place}-faithful", ModelConfig.from_dict(told.get("model")), run, start)
    if run.get("images") != training.get("images"):
        line += f"  # on {run.get('images', 0):,} pictures: --data for each folder"
    part = f" --share {told['share']:g} --before {start}" if isinstance(told.get("share"), int | float) else ""
    return f"\n{line}\npython -m models.faithful {place} --start {place}-faithful{part}"


def _sheets(checkpoint: CheckpointFiles, seed: int) -> str:
    """Write the sheets; returns the card's part that shows them."""
    if not checkpoint.atlas_path.is_file():
        return ""
    network = load_checkpoint(checkpoint)
    atlas = load_atlas(checkpoint.atlas_path, checkpoint.sha256, checkpoint.config.latent_dim)
    lines = ["## Pictures", f"Every picture is a decoded point; seed {seed}."]
    train = parts(atlas.partition)[0]  # of a small atlas without a training part, four faces of five
    logvar = None if atlas.logvar is None else atlas.logvar[train]
    chosen = samplers(network, Encoded(atlas.mu[train].astype(np.float32), logvar), seed)
    if has_prior(checkpoint.folder):
        chosen["learned"] = load_prior(checkpoint.folder, checkpoint.sha256)
    for key, sampler in chosen.items():
        if key in NO_SHEET:
            continue
        _save(checkpoint.folder / f"samples-{key}.webp", _decode(network, sampler.sample(SAMPLES, seed)))
        lines += [f"{SAMPLES} samples, {SAMPLERS[key]}:", f"![{SAMPLERS[key]}](samples-{key}.webp)"]
    lines += _reconstruction_sheet(checkpoint, network, atlas, seed, "")
    if checkpoint.faithful_sha256:
        assert isinstance(network, Autoencoder)
        weights = load_faithful(checkpoint, network)
        for words, share in LESS_VIVID.items():
            less = blended(network, weights, share)
            sheet = f"samples-{words}.webp"
            _save(checkpoint.folder / sheet, _decode(less, chosen["standard_normal"].sample(SAMPLES, seed)))
            said = f"{SAMPLES} samples, {SAMPLERS['standard_normal']}, at {share:g} from faithful (0) to vivid (1)"
            lines += [f"{said}:", f"![{said}]({sheet})"]
            lines += _reconstruction_sheet(checkpoint, less, atlas, seed, words)
    return "\n\n".join(lines)


def _reconstruction_sheet(
    checkpoint: CheckpointFiles, network: LatentModel, atlas: Atlas, seed: int, words: str
) -> list[str]:
    """Write the sheet of twice decoded test faces; returns the card's lines on it, none where there is no test face.

    Args:
        checkpoint, network, atlas, seed: what is drawn.
        words: how vividly, which goes into the name of the file; empty for the checkpoint as it is.
    """
    first, again = _reconstructions(network, atlas, seed)
    if not len(first):
        return []
    starts = range(0, len(first), COLUMNS)
    rows = [_whole_rows(half[start : start + COLUMNS]) for start in starts for half in (first, again)]
    name = f"reconstructions-{words}.webp" if words else "reconstructions.webp"
    _save(checkpoint.folder / name, np.concatenate(rows))
    vividly = f", {words}" if words else ""
    return [
        f"{len(first)} decoded test faces (odd rows), encoded and decoded once more (even rows){vividly}:",
        f"![reconstructions of decoded faces{vividly}]({name})",
    ]


@torch.inference_mode()
def _reconstructions(network: LatentModel, atlas: Atlas, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Decoded codes of seeded test faces, and these pictures encoded and decoded again."""
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(atlas.partition == 2))[:RECONSTRUCTIONS]
    first = _decode(network, atlas.mu[rows].astype(np.float32))
    return first, _decode(network, network.encode(to_tensor(first)).numpy())


@torch.inference_mode()
def _decode(network: LatentModel, z: NDArray[np.float32]) -> NDArray[np.uint8]:
    return to_uint8(network.decode(torch.from_numpy(z)))


def _whole_rows(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The last row of eight filled up with white."""
    return np.pad(pictures, ((0, -len(pictures) % COLUMNS), (0, 0), (0, 0), (0, 0)), constant_values=255)


def _save(path: Path, pictures: NDArray[np.uint8]) -> None:
    """Pictures uint8 [N, S, S, 3] as one sheet of eight a row."""
    pictures = _whole_rows(pictures)
    count, side = pictures.shape[:2]
    sheet = pictures.reshape(count // COLUMNS, COLUMNS, side, side, 3).swapaxes(1, 2)
    Image.fromarray(sheet.reshape(count // COLUMNS * side, COLUMNS * side, 3)).save(path, quality=QUALITY, method=6)
