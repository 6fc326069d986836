"""What evaluate.py measured of a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from models.checkpoint_files import CheckpointFiles, Stamp, file_stamp


@st.cache_data(show_spinner=False, max_entries=64)
def _json_file(path: Path, stamp: Stamp, sha256: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    belongs = isinstance(content, dict) and content.get("checkpoint_sha256") == sha256
    return content if belongs else {}


def measured(files: CheckpointFiles) -> dict[str, Any]:
    """What evaluate.py measured of these weights; empty where it did not."""
    return _figures_in(files.metrics_path, files)


def measured_leakage(files: CheckpointFiles) -> dict[str, Any]:
    """What evaluate.py measured of the attribute directions of these weights; empty where it did not."""
    return _figures_in(files.leakage_path, files)


def measured_reach(files: CheckpointFiles) -> dict[str, Any]:
    """Where evaluate.py saw attributes along the directions of these weights; empty where it did not look."""
    return _figures_in(files.reach_path, files)


def measured_blend(files: CheckpointFiles) -> dict[str, Any]:
    """What evaluate.py measured between the two decoders of these weights; empty where it did not."""
    found = _figures_in(files.blend_figures_path, files)
    return found if files.faithful_sha256 and found.get("faithful_sha256") == files.faithful_sha256 else {}


def _figures_in(path: Path, files: CheckpointFiles) -> dict[str, Any]:
    return _json_file(path, file_stamp(path), files.sha256)


def figure(metrics: Mapping[str, Any], path: str) -> float | None:
    """A number by its path in the figures, such as "generation.floor"; None where there is none."""
    value: Any = metrics
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
