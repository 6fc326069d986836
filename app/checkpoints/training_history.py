"""A training run, epoch by epoch, as `train.py` writes it beside the weights."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_history(path: Path) -> dict[str, NDArray[np.float64]]:
    """The columns of a checkpoint's history.csv, one value an epoch (NaN for none); empty where it cannot be read."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: np.array([float(row[name] or "nan") for row in rows]) for name in (rows[0] if rows else ())}
    except (OSError, ValueError, TypeError, KeyError, csv.Error):
        return {}
