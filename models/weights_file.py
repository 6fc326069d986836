"""Weights on disk: safetensors files, whose hash and header are checked before their tensors are read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from models.checkpoint_files import (
    CONFIG_FILE,
    MAX_WEIGHTS_BYTES,
    CheckpointError,
    CheckpointFiles,
    file_sha256,
    file_stamp,
)

if TYPE_CHECKING:  # torch takes two seconds to import
    from torch import Tensor

MAX_HEADER_BYTES = 1_000_000  # of a weights file: names and shapes, some 16 kB for the largest network here
SCALE_SUFFIX = ".scale"  # of the tensor that goes with a weight kept in eight bits


def check_weights(files: CheckpointFiles) -> None:
    """See that a checkpoint's weights are there and are those that its configuration states.

    Raises:
        CheckpointError: a file is missing, unreadable, damaged or another one.
    """
    if files.is_brought:
        return  # its hash is made from the files, so that it fits them
    _check_file(files.weights_paths[0], files.sha256, "if a training run was cut off here, continue it with --resume.")
    if files.own_config.kind != "classifier" and files.own_config.mapping_width:
        _check_file(files.mapping_path, files.mapping_sha256, "or teach it again with train_prior.py --mapping.")
    if files.values.get("faithful") is not None:
        _check_file(files.faithful_path, files.faithful_sha256, "or keep it anew with python -m models.faithful.")


def _check_file(path: Path, sha256: str, remedy: str) -> None:
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. Copy the checkpoint again, or train it with train.py.")
    try:
        if path.stat().st_size > MAX_WEIGHTS_BYTES:
            raise CheckpointError(f"{path} is larger than 4 GB, which no network of this project is.")
        if file_sha256(path) != sha256:
            raise CheckpointError(
                f"{path} is damaged or belongs to another {CONFIG_FILE}: its SHA-256 is not the stated one. "
                f"Copy the checkpoint again; {remedy}"
            )
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error


def check_size(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """See that a file is no larger than what it has to hold, in float32, and a header.

    Raises:
        CheckpointError: it is.
    """
    if file_stamp(path)[1] > sum(4 * math.prod(shape) for shape in shapes.values()) + MAX_HEADER_BYTES:
        raise CheckpointError(f"{path} is larger than the network of its {CONFIG_FILE}. Copy the checkpoint again.")


def read_tensors(path: Path, shapes: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """The weights, those kept in eight bits brought back; their header is checked before they are.

    Args:
        path: of a safetensors file.
        shapes: what it has to hold, by name.

    Raises:
        CheckpointError: it cannot be read, or holds something else.
    """
    from safetensors.torch import load_file

    try:
        _check_header(path, shapes)
        tensors = load_file(path)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except SafetensorError as error:
        raise CheckpointError(f"{path} is not a safetensors file. Copy the checkpoint again.") from error
    for name in [name for name in tensors if name.endswith(SCALE_SUFFIX)]:
        weight = name.removesuffix(SCALE_SUFFIX)
        tensors[weight] = tensors[weight].float() * tensors.pop(name)
    return tensors


def _check_header(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        text = file.read(min(length, MAX_HEADER_BYTES))
    try:
        entries = json.loads(text)
        found = {name: tuple(entry["shape"]) for name, entry in entries.items() if name != "__metadata__"}
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not a safetensors file. Copy the checkpoint again.") from error
    scales = {name: found.pop(name) for name in [*found] if name.endswith(SCALE_SUFFIX)}
    for name, shape in scales.items():
        of = shapes.get(name.removesuffix(SCALE_SUFFIX))
        if of is None or shape != (*of[:1], *[1] * (len(of) - 1)):
            raise CheckpointError(f"{path}: {name} is no scale of a weight. Copy the checkpoint again.")
    if set(found) != set(shapes):
        odd = sorted(set(found) ^ set(shapes))[0]
        raise CheckpointError(f"{path} does not hold the network of its {CONFIG_FILE}: tensor {odd!r} does not match.")
    for name, shape in found.items():
        if shape != shapes[name]:
            raise CheckpointError(
                f"{path}: {name} has shape {list(shape)}, but {CONFIG_FILE} asks for {list(shapes[name])}. "
                "The two files belong to different checkpoints."
            )


def as_eight_bit(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight [R, ...] as int8 of its shape and the float32 scales [R, 1, ...] that bring it back."""
    import torch

    largest = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True)
    scale = (largest / 127).clamp_min(torch.finfo(torch.float32).tiny)
    return (weight / scale).round().to(torch.int8), scale
