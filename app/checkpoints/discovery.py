"""Where checkpoints lie: the folders of autoencoders, of the lesson's family and of classifiers."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from app import paths
from app.texts import _
from models.checkpoint_files import CONFIG_FILE, CheckpointError, CheckpointFiles, open_files
from models.config import ModelConfig

FIRST = ("ae", "vae")  # the shipped pair leads the list
BEGIN = "vae"
FAMILY = "family"  # a folder of small checkpoints beside the others, for comparing and for the lesson


def find_checkpoints() -> tuple[dict[str, CheckpointFiles], list[str]]:
    """Autoencoders under `checkpoints/` and `FACESPACE_CHECKPOINTS`, the shipped pair first.

    Returns:
        Name to files, and a sentence for each folder that had to be left out.
    """
    found: dict[str, CheckpointFiles] = {}
    problems: list[str] = []
    for place in _places():
        folders = _folders(place, problems)
        if os.path.isfile(place / CONFIG_FILE):  # the variable may also name one checkpoint
            folders = [place]
        _take([path for path in folders if not _is_family(path)], found, problems)
    ordered = sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return {name: found[name] for name in ordered}, problems


def find_family() -> tuple[dict[str, CheckpointFiles], list[str]]:
    """The lesson's family: small models that differ in beta, in `family/` under the places of checkpoints.

    Returns:
        Name to files, by growing beta (an AE's is 0), what else differs last; and a sentence for each folder that had
        to be left out. Both are empty where there is no family. `open_model` opens one of them.
    """
    found: dict[str, CheckpointFiles] = {}
    problems: list[str] = []
    for place in _places():
        if _is_family(place / FAMILY):
            _take(_folders(place / FAMILY, problems), found, problems)
    for name, files in [*found.items()]:
        if files.is_brought:
            problems.append(
                _("{folder} was made elsewhere, so it is none of the lesson's family. Move it up a folder.").format(
                    folder=files.folder
                )
            )
            del found[name]

    configs = {name: files.own_config for name, files in found.items()}
    curve = alike_but_for_beta(configs)

    def order(name: str) -> tuple[int, bool, float, str]:
        config = configs[name]
        return -config.latent_dim, name not in curve, config.beta if config.kind == "vae" else 0.0, name

    return {name: found[name] for name in sorted(found, key=order)}, problems


def alike_but_for_beta(configs: Mapping[str, ModelConfig]) -> set[str]:
    """The names of those that share with most of the others all but beta (of which an AE has none)."""
    # Like is compared with like, so what most share is the rule.
    shapes = {name: json.dumps(config.to_dict() | {"kind": "", "beta": 0}) for name, config in configs.items()}
    common = Counter(shapes.values()).most_common(1)
    return {name for name, shape in shapes.items() if shape == common[0][0]}


def find_classifiers() -> dict[str, CheckpointFiles]:
    """Attribute classifiers beside the autoencoders, by name; what is damaged is named elsewhere."""
    found: dict[str, CheckpointFiles] = {}
    for place in _places():
        _take(_folders(place, []), found, [], classifiers=True)
    return found


def _is_family(folder: Path) -> bool:
    # Not Path.is_dir, which raises where a folder may not be looked into.
    return folder.name == FAMILY and os.path.isdir(folder) and not os.path.exists(folder / CONFIG_FILE)


def _places() -> list[Path]:
    """Folders of checkpoints: our own, then the viewer's."""
    own = [Path(place) for place in os.environ.get("FACESPACE_CHECKPOINTS", "").split(os.pathsep) if place]
    return [paths.ROOT / "checkpoints", *own]


def _folders(place: Path, problems: list[str]) -> list[Path]:
    try:
        # A hidden folder is a checkpoint that is being written.
        return sorted(path for path in place.iterdir() if os.path.isdir(path) and not path.name.startswith("."))
    except OSError as error:
        problems.append(
            _("The checkpoint folder {folder} cannot be read: {reason}.").format(folder=place, reason=error.strerror)
        )
        return []


def _take(
    folders: list[Path], found: dict[str, CheckpointFiles], problems: list[str], classifiers: bool = False
) -> None:
    """Add each folder that holds an autoencoder (or a classifier) to `found`, or a sentence to `problems`."""
    for folder in folders:
        try:
            files = open_files(folder)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        if (files.config.kind == "classifier") != classifiers:
            continue
        if folder.name in found:
            problems.append(
                _("{folder} is left out: another checkpoint is called {name!r}. Rename one.").format(
                    folder=folder, name=folder.name
                )
            )
            continue
        found[files.name] = files


def model_to_begin_with(names: Iterable[str]) -> str:
    """The model that a new visitor sees, of those with these names: the shipped VAE, else the first one."""
    known = list(names)
    return BEGIN if BEGIN in known else known[0]
