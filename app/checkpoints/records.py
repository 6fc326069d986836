"""What is known of each checkpoint without opening its network: from its configuration and its figures."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import paths
from app.checkpoints.discovery import FAMILY, FIRST, find_checkpoints, find_classifiers, find_family
from app.checkpoints.measured import measured_in
from models.checkpoints import CheckpointError, checkpoint_hash, read_config
from models.config import LatentConfig, ModelConfig

METRICS_FILE = "metrics.json"
KINDS = {"ae": "autoencoder", "vae": "variational autoencoder", "classifier": "attribute classifier"}


@dataclass(frozen=True, eq=False)
class Record:
    """A checkpoint as its files describe it.

    Attributes:
        key: names it on the page and in the address, such as "vae" or "family/beta-1".
        folder: where it lies.
        config: its network.
        training: what `config.json` says of its training; any entry may be missing.
        sha256: names its weights.
        metrics: what evaluate.py measured of these weights; empty where it did not.
    """

    key: str
    folder: Path
    config: LatentConfig
    training: Mapping[str, Any]
    sha256: str
    metrics: Mapping[str, Any]

    @property
    def own_config(self) -> ModelConfig:
        """The same of a network that was trained here; one from elsewhere has no layers and no loss to speak of."""
        assert isinstance(self.config, ModelConfig)
        return self.config

    @property
    def title(self) -> str:
        """What people read: "AE", "VAE", or the folder's name."""
        return self.key.upper() if self.key in FIRST else self.folder.name

    @property
    def in_family(self) -> bool:
        """Whether it belongs to the lesson's family."""
        return self.key.startswith(f"{FAMILY}/")

    @property
    def place(self) -> str:
        """The folder as commands name it: "checkpoints/vae", or where it lies outside of the project."""
        inside = self.folder.is_relative_to(paths.ROOT)
        return shlex.quote(str(self.folder.relative_to(paths.ROOT) if inside else self.folder))


def read_records() -> tuple[dict[str, Record], list[str]]:
    """Every checkpoint by its key, the shipped pair first, then the family by growing beta, then the classifiers.

    Returns:
        The records, and a sentence for each folder that had to be left out.
    """
    others, problems = find_checkpoints()
    family, more = find_family()
    folders = others | {f"{FAMILY}/{name}": folder for name, folder in family.items()}
    folders |= {name: folder for name, folder in find_classifiers().items() if name not in folders}
    problems += more
    records = {}
    for key, folder in folders.items():
        try:
            config, whole = read_config(folder)
            sha256 = checkpoint_hash(folder)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        training = whole.get("training")
        known = training if isinstance(training, dict) else {}
        records[key] = Record(key, folder, config, known, sha256, measured_in(folder, sha256, METRICS_FILE))
    return records, problems


def bytes_on_disk(folder: Path) -> dict[str, int]:
    """Size of the weights, the map and the time-lapse of a checkpoint, in bytes; what is not there is left out."""
    # Beside weights of ours lies a decoder.onnx made from them; a brought network is nothing but such files.
    weights = "model.safetensors" if (folder / "model.safetensors").is_file() else "*.onnx"
    found = {}
    for name, pattern in (("weights", weights), ("map", "*.npz"), ("time-lapse", "snapshots/*.webp")):
        try:
            size = sum(path.stat().st_size for path in folder.glob(pattern))
        except OSError:
            continue
        if size:
            found[name] = size
    return found
