"""A direction as a file: JSON that any program can read, with the weights that it belongs to."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.directions import Direction

FORMAT = "facespace-direction-1"
MAX_BYTES = 5_000_000
LONGEST_NAME, LONGEST_NOTE = 60, 300


class DirectionFileError(ValueError):
    """A file is no direction of this model; the message says what is wrong and what to do."""


def direction_bytes(direction: Direction, checkpoint_sha256: str) -> bytes:
    """A straight direction as a JSON file; its numbers come back to the last bit.

    Args:
        direction: one without a path.
        checkpoint_sha256: names the weights in whose latent space it lies.

    Raises:
        DirectionFileError: it is a path, which no single vector says.
    """
    if direction.path is not None:
        raise DirectionFileError(f"{direction.name} is a path and not a direction, so it cannot be saved as one.")
    content = {
        "format": FORMAT,
        "name": direction.name,
        "note": direction.note,
        "checkpoint_sha256": checkpoint_sha256,
        "unit": direction.unit,
        "low": direction.low,
        "high": direction.high,
        # float32 to float64 and its shortest decimals: exact both ways
        "vector": [float(value) for value in direction.vector],
    }
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def read_direction(data: bytes, dimensions: int, checkpoint_sha256: str, name: str = "") -> Direction:
    """A direction from a file that was saved here, or from a plain `.npy` of D numbers.

    Args:
        data: the file's content.
        dimensions: D of the model.
        checkpoint_sha256: names the model's weights.
        name: the file's, for a direction that has none of its own.

    Raises:
        DirectionFileError: it is damaged, of another model, or has other than D finite numbers.
    """
    if len(data) > MAX_BYTES:
        raise DirectionFileError("The file is larger than 5 MB, which no direction is. Choose another.")
    told = {"vector": _plain(data)} if data[:6] == b"\x93NUMPY" else _json(data)
    made_with = told.get("checkpoint_sha256")
    if made_with is not None and made_with != checkpoint_sha256:
        raise DirectionFileError(
            f"The direction belongs to other weights ({str(made_with)[:8]}, not {checkpoint_sha256[:8]}): in this "
            "model's latent space it means nothing. Choose the model that it was saved from."
        )
    vector = _vector(told.get("vector"), dimensions)
    low, high = (_number(told.get(key), default) for key, default in (("low", -3.0), ("high", 3.0)))
    if not low < high:
        low, high = -3.0, 3.0
    called = _text(told.get("name"), LONGEST_NAME) or _text(name, LONGEST_NAME) or "Direction from a file"
    unit = _text(told.get("unit"), 8)
    return Direction("", called, vector, low, high, unit=unit, note=_text(told.get("note"), LONGEST_NOTE))


def _json(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DirectionFileError(
            "The file is no direction: neither JSON as it is saved here nor a .npy of numbers. Choose another."
        ) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise DirectionFileError(f'The file does not say "format": "{FORMAT}", so it is no direction. Choose another.')
    return told


def _plain(data: bytes) -> NDArray[Any]:
    import io

    try:
        return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False).reshape(-1)
    except Exception as error:  # a damaged header raises whatever its bytes happen to provoke
        raise DirectionFileError("The .npy file is damaged, or holds no numbers. Save it again.") from error


def _vector(values: object, dimensions: int) -> NDArray[np.float32]:
    try:
        vector = np.asarray(values, np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise DirectionFileError("The direction's vector is no list of numbers. Save it again.") from error
    if vector.shape != (dimensions,):
        count = vector.size if vector.ndim == 1 else "no single row of"
        raise DirectionFileError(f"The direction has {count} numbers, this model {dimensions}. Choose its own model.")
    if not np.isfinite(vector).all() or not vector.any():
        raise DirectionFileError("The direction is zero, or holds numbers that are not finite. Save it again.")
    return vector


def _number(told: object, default: float) -> float:
    fits = isinstance(told, int | float) and not isinstance(told, bool) and math.isfinite(told) and abs(told) <= 100
    return float(told) if fits else default  # type: ignore[arg-type]


def _text(told: object, longest: int) -> str:
    return " ".join(told.split())[:longest] if isinstance(told, str) else ""
