"""A checkpoint's model card: README.md with its figures, and sheets of decoded points to look at.

Every picture on a sheet is a decoded point; none is a picture of CelebA.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from evaluation.generation import samplers
from evaluation.report import METRICS_FILE, SAMPLERS, tables
from latent.atlas import Atlas, load_atlas
from models.checkpoints import CheckpointError, checkpoint_hash, load_checkpoint, read_config, write_text
from models.config import ModelConfig
from models.images import to_tensor, to_uint8
from models.networks import Autoencoder

CARD_FILE = "README.md"
SAMPLES = 64
RECONSTRUCTIONS = 32
COLUMNS = 8
QUALITY = 80  # of a sheet's WebP
OPTION_NAMES = ("image_size", "latent_dim", "width", "beta", "decoder_sigma", "encoder_scale", "perceptual_weight")
RUN_NAMES = ("epochs", "batch_size", "learning_rate", "weight_decay", "seed")


def write_card(checkpoint: Path, seed: int = 0) -> None:
    """Write README.md and, for an autoencoder with an atlas, its sheets into a measured checkpoint's folder.

    Raises:
        CheckpointError: the checkpoint cannot be opened, or `evaluate.py` has not measured these weights.
        AtlasError: the atlas is damaged or of other weights.
    """
    config, whole = read_config(checkpoint)
    metrics = _metrics(checkpoint)
    sheets = "" if config.kind == "classifier" else _sheets(checkpoint, config, seed)
    name = checkpoint.resolve().name
    parts = [
        f"# `{name}`",
        f"Measured on the {metrics['images']:,} test pictures (people who are in no other part) by\n\n"
        f"```\npython evaluate.py checkpoints/{name} --data CELEBA\n```",
        tables({name: metrics}),
        _training(name, config, whole.get("training", {})),
        sheets,
        "Weights derive from CelebA: non-commercial research and teaching only, see [the licence](../LICENSE.md).",
    ]
    write_text(checkpoint / CARD_FILE, "\n\n".join(part for part in parts if part) + "\n")


def _metrics(checkpoint: Path) -> dict[str, Any]:
    path = checkpoint / METRICS_FILE
    metrics: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    if metrics.get("checkpoint_sha256") != checkpoint_hash(checkpoint):
        raise CheckpointError(f"{path} is missing or of other weights. Run evaluate.py on {checkpoint} first.")
    return metrics


def _training(name: str, config: ModelConfig, training: dict[str, Any]) -> str:
    """The command that remakes the weights, and what it cost."""
    values = {**config.to_dict(), **training}
    skipped = {"latent_dim", "beta", "decoder_sigma", "encoder_scale"} if config.kind == "classifier" else set()
    options = [f"--kind {config.kind}"]
    if config.kind == "classifier":
        options.append(f"--architecture {config.architecture}")
    if config.linear_path:
        options.append("--linear-path")
    for key in (*OPTION_NAMES, *RUN_NAMES):
        if key in values and key not in skipped and not (key == "perceptual_weight" and not values[key]):
            options.append(f"--{key.replace('_', '-')} {values[key]:g}")
    processes = training.get("processes", 1)
    door = "python train.py" if processes == 1 else f"torchrun --nproc-per-node {processes} train.py"
    command = f"{door} --data CELEBA --out checkpoints/{name} {' '.join(options)}"
    return (
        f"Trained on {training.get('images', 0):,} pictures by\n\n```\n{command}\n```\n\n"
        f"in {training.get('seconds', 0) / 3600:.1f} hours on {training.get('machine', 'an unknown machine')} "
        f"({training.get('precision', 'float32')}, torch {training.get('torch', 'unknown')})."
    )


def _sheets(checkpoint: Path, config: ModelConfig, seed: int) -> str:
    """Write the sheets; returns the card's part that shows them."""
    path = checkpoint / "atlas.npz"
    if not path.is_file():
        return ""
    network = load_checkpoint(checkpoint)
    atlas = load_atlas(path, checkpoint_hash(checkpoint), config.latent_dim)
    parts = ["## Pictures", f"Every picture is a decoded point; seed {seed}."]
    train = atlas.partition == 0
    logvar = None if atlas.logvar is None else atlas.logvar[train]
    for key, sampler in samplers(network, atlas.mu[train].astype(np.float32), logvar, seed).items():
        _save(checkpoint / f"samples-{key}.webp", _decode(network, sampler.sample(SAMPLES, seed)))
        parts += [f"{SAMPLES} samples, {SAMPLERS[key]}:", f"![{SAMPLERS[key]}](samples-{key}.webp)"]
    first, again = _reconstructions(network, atlas, seed)
    rows = [half[start : start + COLUMNS] for start in range(0, RECONSTRUCTIONS, COLUMNS) for half in (first, again)]
    _save(checkpoint / "reconstructions.webp", np.concatenate(rows))
    parts += [
        f"{RECONSTRUCTIONS} decoded test faces (odd rows), encoded and decoded once more (even rows):",
        "![reconstructions of decoded faces](reconstructions.webp)",
    ]
    return "\n\n".join(parts)


@torch.inference_mode()
def _reconstructions(network: Autoencoder, atlas: Atlas, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Decoded codes of seeded test faces, and these pictures encoded and decoded again."""
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(atlas.partition == 2))[:RECONSTRUCTIONS]
    first = _decode(network, atlas.mu[rows].astype(np.float32))
    return first, _decode(network, network.encode(to_tensor(first)).numpy())


@torch.inference_mode()
def _decode(network: Autoencoder, z: NDArray[np.float32]) -> NDArray[np.uint8]:
    return to_uint8(network.decode(torch.from_numpy(z)))


def _save(path: Path, pictures: NDArray[np.uint8]) -> None:
    """Pictures uint8 [N, S, S, 3] as one sheet of eight a row."""
    count, side = pictures.shape[:2]
    sheet = pictures.reshape(count // COLUMNS, COLUMNS, side, side, 3).swapaxes(1, 2)
    Image.fromarray(sheet.reshape(count // COLUMNS * side, COLUMNS * side, 3)).save(path, quality=QUALITY, method=6)
