"""Checkpoints on disk: `config.json` and `model.safetensors`. Data, never code: nothing is unpickled."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from models.config import ConfigError, ForeignConfig, ModelConfig

if TYPE_CHECKING:  # torch takes two seconds to import, and much is asked of a checkpoint without opening it
    from torch import Tensor

    from models.classifier import AttributeClassifier
    from models.networks import Autoencoder

FORMAT = "facespace-1"
FOREIGN_FORMAT = "facespace-onnx-1"  # two ONNX files made elsewhere, see `models.onnx.pair`
CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
HISTORY_FILE = "history.csv"
SCALE_SUFFIX = ".scale"  # of the tensor that goes with a weight kept in eight bits
MAX_CONFIG_BYTES = 1_000_000
MAX_WEIGHTS_BYTES = 4_000_000_000
TOP_LEVEL_KEYS = {"format", "model", "weights_sha256", "training"}


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message names the file, what was expected and what to do."""


def save_checkpoint(
    network: Autoencoder | AttributeClassifier, folder: str | Path, training: dict[str, Any], *, eight_bit: bool = False
) -> str:
    """Write `network` as a checkpoint: weights in float16, batch statistics in float32.

    Args:
        network: the network to keep.
        folder: its folder, made if missing. Each file is replaced whole.
        training: JSON-ready facts about the training run, kept in the config for the reader.
        eight_bit: keep matrices and kernels as whole numbers from -127 to 127 and one float32 scale for each of their
            rows, in half the space.

    Returns:
        The SHA-256 of the weights file, which names this checkpoint.
    """
    from safetensors.torch import save_file

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    parameters = {name for name, _ in network.named_parameters()}
    tensors = {
        name: (tensor.half() if name in parameters else tensor).contiguous().cpu()
        for name, tensor in network.state_dict().items()
    }
    if eight_bit:
        for name in [name for name in parameters if tensors[name].ndim > 1]:
            tensors |= dict(zip((name, f"{name}{SCALE_SUFFIX}"), _eight_bit(tensors[name].float()), strict=True))
    partial = folder / f"{WEIGHTS_FILE}.partial"
    save_file(tensors, partial)
    digest = file_sha256(partial)
    os.replace(partial, folder / WEIGHTS_FILE)
    config = {
        "format": FORMAT,
        "model": network.config.to_dict(),
        "weights_sha256": digest,
        "training": training,
    }
    write_text(folder / CONFIG_FILE, json.dumps(config, indent=2) + "\n")
    return digest


def read_config(folder: str | Path) -> tuple[ModelConfig, dict[str, Any]]:
    """Read and check a checkpoint's `config.json`.

    Returns:
        The network's configuration and the whole parsed file.

    Raises:
        CheckpointError: missing, unreadable, not JSON, of another format, or breaking a rule.
    """
    path = Path(folder) / CONFIG_FILE
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. A checkpoint is a folder with {CONFIG_FILE} and {WEIGHTS_FILE}.")
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise CheckpointError(f"{path} is larger than 1 MB, so it is not a checkpoint's configuration.")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not valid JSON. Copy the checkpoint again.") from error
    if not isinstance(values, dict) or values.get("format") not in (FORMAT, FOREIGN_FORMAT):
        raise CheckpointError(
            f'{path} does not say "format": "{FORMAT}" (or "{FOREIGN_FORMAT}"), so this version cannot open it.'
        )
    if unknown := sorted(set(values) - TOP_LEVEL_KEYS):
        raise CheckpointError(f"{path} has the unknown key {unknown[0]!r}; remove it or open it with its own version.")
    try:
        kind = ModelConfig if values["format"] == FORMAT else ForeignConfig
        return kind.from_dict(values.get("model")), values
    except ConfigError as error:
        raise CheckpointError(f"{path}: {error}") from error


def load_checkpoint(folder: str | Path) -> Autoencoder:
    """Open an AE or VAE checkpoint, ready to encode and decode on the CPU in float32.

    Args:
        folder: a folder such as "checkpoints/vae".

    Raises:
        CheckpointError: a file is missing, damaged, of the wrong kind, or does not fit the configuration.
    """
    from models.networks import Autoencoder

    network = _load(folder)
    if not isinstance(network, Autoencoder):
        raise CheckpointError(f"{folder} holds an attribute classifier, not an AE or a VAE. Choose another folder.")
    return network


def load_classifier(folder: str | Path) -> AttributeClassifier:
    """Open an attribute classifier's checkpoint.

    Raises:
        CheckpointError: as `load_checkpoint`, or the folder holds an AE or a VAE.
    """
    from models.classifier import AttributeClassifier

    network = _load(folder)
    if not isinstance(network, AttributeClassifier):
        raise CheckpointError(f"{folder} holds an autoencoder, not an attribute classifier. Choose another folder.")
    return network


def checkpoint_hash(folder: str | Path) -> str:
    """The SHA-256 that a checkpoint's configuration states for its weights.

    Raises:
        CheckpointError: the configuration cannot be read, or states none.
    """
    config, values = read_config(folder)
    if isinstance(config, ForeignConfig):
        from models.onnx.pair_files import foreign_hash

        return foreign_hash(Path(folder), config)
    digest = values.get("weights_sha256")
    if not isinstance(digest, str) or len(digest) != 64:
        raise CheckpointError(f"{Path(folder) / CONFIG_FILE} does not state weights_sha256. Copy the checkpoint again.")
    return digest


def check_weights(folder: str | Path) -> None:
    """See that a checkpoint's weights file is there and is the one that its configuration states.

    Raises:
        CheckpointError: it is missing, unreadable, damaged or another one.
    """
    if isinstance(read_config(folder)[0], ForeignConfig):
        checkpoint_hash(folder)
        return
    path = Path(folder) / WEIGHTS_FILE
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. Copy the checkpoint again, or train it with train.py.")
    try:
        if path.stat().st_size > MAX_WEIGHTS_BYTES:
            raise CheckpointError(f"{path} is larger than 4 GB, which no network of this project is.")
        if file_sha256(path) != checkpoint_hash(folder):
            raise CheckpointError(
                f"{path} is damaged or belongs to another {CONFIG_FILE}: its SHA-256 is not the stated one. "
                "Copy the checkpoint again; if a training run was cut off here, continue it with --resume."
            )
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error


def _load(folder: str | Path) -> Autoencoder | AttributeClassifier:
    import torch

    with torch.inference_mode(False):  # whoever asks may be in it, and such weights could not be differentiated
        return _read(Path(folder))


def _read(folder: Path) -> Autoencoder | AttributeClassifier:
    import torch
    from safetensors.torch import load_file

    from models.networks import build_network, memory_format

    config, _ = read_config(folder)
    if isinstance(config, ForeignConfig):
        from models.onnx.pair import open_foreign

        return open_foreign(folder, config)
    check_weights(folder)
    path = folder / WEIGHTS_FILE
    try:
        tensors = load_file(path)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except SafetensorError as error:
        raise CheckpointError(f"{path} is not a safetensors file. Copy the checkpoint again.") from error
    for name in [name for name in tensors if name.endswith(SCALE_SUFFIX)]:
        scale, weight = tensors.pop(name), tensors.get(name.removesuffix(SCALE_SUFFIX))
        if weight is None or scale.shape != (*weight.shape[:1], *[1] * (weight.ndim - 1)):
            raise CheckpointError(f"{path}: {name} is no scale of a weight. Copy the checkpoint again.")
        tensors[name.removesuffix(SCALE_SUFFIX)] = weight.float() * scale
    network = build_network(config)
    expected = network.state_dict()
    if set(tensors) != set(expected):
        odd = sorted(set(tensors) ^ set(expected))[0]
        raise CheckpointError(f"{path} does not hold the network of its {CONFIG_FILE}: tensor {odd!r} does not match.")
    for name, tensor in tensors.items():
        if tensor.shape != expected[name].shape:
            raise CheckpointError(
                f"{path}: {name} has shape {list(tensor.shape)}, but {CONFIG_FILE} asks for "
                f"{list(expected[name].shape)}. The two files belong to different checkpoints."
            )
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise CheckpointError(f"{path}: {name} holds values that are not finite numbers. Train or copy it again.")
    network.load_state_dict({name: tensor.to(expected[name].dtype) for name, tensor in tensors.items()})
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network.eval().to(memory_format=memory_format(config))


def _eight_bit(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight [R, ...] as int8 of its shape and the float32 scales [R, 1, ...] that bring it back."""
    import torch

    largest = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True)
    scale = (largest / 127).clamp_min(torch.finfo(torch.float32).tiny)
    return (weight / scale).round().to(torch.int8), scale


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str) -> None:
    """Replace a text file whole, so that a reader never sees half of it."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
