"""A chart's figure as the folder has it: fewer digits, and none of Plotly's own looks."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

DIGITS = 4
"""That an eye can tell on a screen."""


def chart_json(spec: str) -> tuple[dict[str, Any], int]:
    """Data and layout of a figure that Plotly's Python library wrote, and its height in CSS pixels."""
    figure = _plain(json.loads(spec))
    layout = figure.get("layout", {})
    layout.pop("template", None)
    return {"data": figure["data"], "layout": layout}, int(layout.get("height", 300))


def _plain(value: Any) -> Any:
    """The same with packed arrays as lists."""
    if isinstance(value, dict):
        if set(value) >= {"dtype", "bdata"}:
            array = np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"]))
            shape = [int(side) for side in str(value.get("shape", len(array))).split(",")]
            return _plain(array.reshape(shape).tolist())
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _rounded(value) if isinstance(value, float) else value


def _rounded(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    found = float(f"{value:.{DIGITS}g}")
    return int(found) if found.is_integer() and abs(found) < 1e6 else found
