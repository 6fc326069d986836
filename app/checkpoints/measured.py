"""What evaluate.py measured of a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.checkpoints.file_stamp import stamp
from app.checkpoints.opening import OpenModel


@st.cache_data(show_spinner=False, max_entries=64)
def _json_file(path: Path, stamp: tuple[int, int], sha256: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    belongs = isinstance(content, dict) and content.get("checkpoint_sha256") == sha256
    return content if belongs else {}


def measured(model: OpenModel, file: str) -> dict[str, Any]:
    """What evaluate.py wrote about these weights, in "metrics.json" or "leakage.json"; empty where it did not."""
    return measured_in(model.folder, model.sha256, file)


def measured_in(folder: Path, sha256: str, file: str) -> dict[str, Any]:
    """The same for a checkpoint that is not open."""
    return _json_file(folder / file, stamp(folder / file), sha256)


def figure(metrics: Mapping[str, Any], path: str) -> float | None:
    """A number by its path in the figures, such as "generation.floor"; None where there is none."""
    value: Any = metrics
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
