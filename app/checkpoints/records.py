"""What is known of each checkpoint without opening its network: from its configuration and its figures."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import paths
from app.checkpoints.discovery import FAMILY, FIRST, find_checkpoints, find_classifiers, find_family
from app.checkpoints.measured import measured
from app.checkpoints.training_history import strips
from app.texts import N_
from models.checkpoint_files import CheckpointFiles
from models.config import LatentConfig, ModelConfig

KINDS = {"ae": N_("autoencoder"), "vae": N_("variational autoencoder"), "classifier": N_("attribute classifier")}


@dataclass(frozen=True, eq=False)
class Record:
    """A checkpoint as its files describe it.

    Attributes:
        key: names it on the page and in the address, such as "vae" or "family/beta-1".
        files: where it lies, its network, its training and the hash that names its weights.
        metrics: what evaluate.py measured of these weights; empty where it did not.
    """

    key: str
    files: CheckpointFiles
    metrics: Mapping[str, Any]

    @property
    def config(self) -> LatentConfig:
        """Its network."""
        return self.files.config

    @property
    def own_config(self) -> ModelConfig:
        """The same of a network that was trained here; one from elsewhere has no layers and no loss to speak of."""
        return self.files.own_config

    @property
    def title(self) -> str:
        """What people read: "AE", "VAE", or the folder's name."""
        return self.key.upper() if self.key in FIRST else self.files.name

    @property
    def in_family(self) -> bool:
        """Whether it belongs to the lesson's family."""
        return self.key.startswith(f"{FAMILY}/")

    @property
    def place(self) -> str:
        """The folder as commands name it: "checkpoints/vae", or where it lies outside of the project."""
        folder = self.files.folder
        return shlex.quote(str(folder.relative_to(paths.ROOT) if folder.is_relative_to(paths.ROOT) else folder))


def read_records() -> tuple[dict[str, Record], list[str]]:
    """Every checkpoint by its key, the shipped pair first, then the family by growing beta, then the classifiers.

    Returns:
        The records, and a sentence for each folder that had to be left out.
    """
    others, problems = find_checkpoints()
    family, more = find_family()
    found = others | {f"{FAMILY}/{name}": files for name, files in family.items()}
    found |= {name: files for name, files in find_classifiers().items() if name not in found}
    return {key: Record(key, files, measured(files)) for key, files in found.items()}, [*problems, *more]


def bytes_on_disk(files: CheckpointFiles) -> dict[str, int]:
    """Size of the weights, the map and the time-lapse of a checkpoint, in bytes; what is not there is left out."""
    kinds = {
        "weights": (*files.weights_paths, files.mapping_path, files.faithful_path),
        "map": (files.atlas_path, files.maps_path, files.mixture_path),
        "time-lapse": [path for _epoch, path in strips(files)],
    }
    found = {}
    for name, parts in kinds.items():
        try:
            size = sum(path.stat().st_size for path in parts if path.is_file())
        except OSError:
            continue
        if size:
            found[name] = size
    return found
