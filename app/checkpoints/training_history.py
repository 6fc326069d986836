"""A training run, epoch by epoch, as `train.py` writes it beside the weights."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.checkpoint_files import CheckpointFiles

FOLDER = "snapshots"  # as `models.training.snapshots`, which needs torch
STRIP = re.compile(r"epoch-(\d{1,6})\.webp")
MOST_FRAMES = 60
MOST_BYTES = 2_000_000  # of one strip


def read_history(files: CheckpointFiles) -> dict[str, NDArray[np.float64]]:
    """The columns of a checkpoint's history.csv, one value an epoch (NaN for none); empty where it cannot be read."""
    try:
        with files.history_path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: np.array([float(row[name] or "nan") for row in rows]) for name in (rows[0] if rows else ())}
    except (OSError, ValueError, TypeError, KeyError, csv.Error):
        return {}


def runs(files: CheckpointFiles) -> list[int]:
    """How many epochs each of the runs took that made a checkpoint, one from the weights of another, the first first.

    Empty where its configuration does not say.
    """
    found: list[int] = []
    told: Any = files.training
    while isinstance(told, Mapping):
        done = told.get("epochs_done")
        if not isinstance(done, int) or done < 1:
            return []
        found.insert(0, done)
        before = told.get("start")
        told = before.get("training") if isinstance(before, Mapping) else None
    return found


def strips(files: CheckpointFiles) -> list[tuple[int, Path]]:
    """Epoch and file of each strip of a checkpoint, in order; of more than 60, evenly chosen ones to both ends."""
    try:
        named = [(STRIP.fullmatch(path.name), path) for path in (files.folder / FOLDER).iterdir()]
        found = sorted((int(name[1]), path) for name, path in named if name and 0 < path.stat().st_size <= MOST_BYTES)
    except OSError:
        return []
    if len(found) <= MOST_FRAMES:
        return found
    return [found[i] for i in np.linspace(0, len(found) - 1, MOST_FRAMES).round().astype(int)]
