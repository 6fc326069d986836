"""Checkpoints on disk: `config.json` and `model.safetensors`. Data, never code: nothing is unpickled."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.checkpoint_files import (
    CONFIG_FILE,
    FAITHFUL_FILE,
    FORMAT,
    HISTORY_FILE,
    MAPPING_FILE,
    NEXT_WEIGHTS_FILE,
    WEIGHTS_FILE,
    CheckpointError,
    CheckpointFiles,
    open_files,
)
from models.config import LatentConfig
from models.weights_file import SCALE_SUFFIX, as_eight_bit, check_size, check_weights, read_tensors
from models.whole_files import write_bytes, write_text

if TYPE_CHECKING:  # torch takes two seconds to import, and much is asked of a checkpoint without opening it
    from models.classifier import AttributeClassifier
    from models.latent_model import LatentModel
    from models.networks import Autoencoder

__all__ = [
    "HISTORY_FILE",
    "WEIGHTS_FILE",
    "CheckpointError",
    "checkpoint_hash",
    "load_checkpoint",
    "load_classifier",
    "read_config",
    "save_checkpoint",
    "save_mapping",
]
MAPPING_PREFIX = "decoder.mapping."  # of the tensors that have a file of their own
BESIDE = {"mapping": MAPPING_FILE, "faithful": FAITHFUL_FILE}
"""What has a file of its own beside the weights, and a part of that name in `config.json` that tells of it."""


def save_checkpoint(
    network: Autoencoder | AttributeClassifier,
    folder: str | Path,
    training: dict[str, Any],
    *,
    eight_bit: bool = False,
    beside: Mapping[str, tuple[bytes, dict[str, Any]]] | None = None,
) -> str:
    """Write `network` as a checkpoint: weights in float16, batch statistics in float32.

    Args:
        network: the network to keep.
        folder: its folder, made if missing. Weights and configuration are replaced at once.
        training: JSON-ready facts about the training run, kept in the config for the reader.
        eight_bit: keep matrices and kernels as whole numbers from -127 to 127 and one float32 scale for each of their
            rows, in half the space.
        beside: of `BESIDE`, what stays as another checkpoint has it: the file's content, and what is told of it.

    Returns:
        The SHA-256 of the weights file, which names this checkpoint.
    """
    from safetensors.torch import save

    folder = Path(folder)
    parameters = {name for name, _ in network.named_parameters()}
    tensors = {
        name: (tensor.half() if name in parameters else tensor).contiguous().cpu()
        for name, tensor in network.state_dict().items()
    }
    if eight_bit:
        for name in [name for name in parameters if tensors[name].ndim > 1]:
            tensors |= dict(zip((name, f"{name}{SCALE_SUFFIX}"), as_eight_bit(tensors[name].float()), strict=True))
    mapping = {name: tensors.pop(name) for name in [*tensors] if name.startswith(MAPPING_PREFIX)}
    content = save(tensors)  # and not `save_file`, whose files only their owner may read
    digest = hashlib.sha256(content).hexdigest()
    config = {
        "format": FORMAT,
        "model": network.config.to_dict(),
        "weights_sha256": digest,
        **_write_beside(folder, {**({"mapping": (save(mapping), {})} if mapping else {}), **(beside or {})}),
        "training": training,
    }
    _replace_both(folder, content, config)
    return digest


def save_mapping(network: Autoencoder, files: CheckpointFiles, training: dict[str, Any]) -> None:
    """Keep the mapping of a network's decoder, in eight bits, beside its other weights.

    Those stay as they are, and with them all that was made from them: atlas, prior, links.

    Args:
        network: the one of `files`, with a mapping.
        files: of the checkpoint.
        training: JSON-ready facts about how the mapping was taught.

    Raises:
        OSError: a file cannot be written.
    """
    from safetensors.torch import save

    state = {f"decoder.{name}": tensor for name, tensor in network.decoder.state_dict().items()}
    tensors = {name: tensor.contiguous() for name, tensor in state.items() if name.startswith(MAPPING_PREFIX)}
    for name in [name for name, tensor in tensors.items() if tensor.ndim > 1]:
        tensors[name], tensors[name + SCALE_SUFFIX] = as_eight_bit(tensors[name])
    told = _write_beside(files.folder, {"mapping": (save(tensors), training)})
    values = {**files.values, "model": network.config.to_dict(), **told}
    write_text(files.config_path, json.dumps(values, indent=2) + "\n")


def _write_beside(folder: Path, beside: Mapping[str, tuple[bytes, dict[str, Any]]]) -> dict[str, Any]:
    """Write such files; returns the parts of `config.json` that tell of them."""
    for name, (content, _) in beside.items():
        write_bytes(folder / BESIDE[name], content)
    return {name: {**told, "sha256": hashlib.sha256(content).hexdigest()} for name, (content, told) in beside.items()}


def _replace_both(folder: Path, weights: bytes, config: Mapping[str, Any]) -> None:
    """Replace weights and config.json at once: whoever opens the folder finds both old or both new, always.

    The config is what counts: the new one names the new weights, which lie ready then, and only their name is still to
    be set right.

    Raises:
        OSError: one of them cannot be written; the old ones are as they were.
    """
    coming = folder / NEXT_WEIGHTS_FILE
    write_bytes(coming, weights)
    try:
        write_text(folder / CONFIG_FILE, json.dumps(config, indent=2) + "\n")
    except OSError:
        coming.unlink(missing_ok=True)
        raise
    os.replace(coming, folder / WEIGHTS_FILE)


def read_config(folder: str | Path) -> tuple[LatentConfig, dict[str, Any]]:
    """The configuration of a checkpoint and the whole of its config.json; `open_files` has both and more."""
    files = open_files(folder)
    return files.config, dict(files.values)


def load_checkpoint(folder: str | Path | CheckpointFiles) -> LatentModel:
    """Open an AE or VAE checkpoint, ready to encode and decode on the CPU in float32.

    Args:
        folder: a folder such as "checkpoints/vae", or its files as `open_files` found them.

    Raises:
        CheckpointError: a file is missing, damaged, of the wrong kind, or does not fit the configuration.
    """
    from models.networks import Autoencoder

    files = open_files(folder)
    if files.is_brought:
        from models.onnx.network_pair import open_pair  # late: onnx is needed for these alone

        return open_pair(files)
    network = _load(files)
    if not isinstance(network, Autoencoder):
        raise CheckpointError(f"{files.folder} holds an attribute classifier, no AE or VAE. Choose another folder.")
    return network


def load_classifier(folder: str | Path | CheckpointFiles) -> AttributeClassifier:
    """Open an attribute classifier's checkpoint.

    Raises:
        CheckpointError: as `load_checkpoint`, or the folder holds an AE or a VAE.
    """
    from models.classifier import AttributeClassifier

    files = open_files(folder)
    network = None if files.is_brought else _load(files)
    if not isinstance(network, AttributeClassifier):
        raise CheckpointError(f"{files.folder} holds an autoencoder, no attribute classifier. Choose another folder.")
    return network


def checkpoint_hash(folder: str | Path) -> str:
    """The SHA-256 that names a checkpoint's weights; `open_files` has it too."""
    return open_files(folder).sha256


def _load(files: CheckpointFiles) -> Autoencoder | AttributeClassifier:
    import torch

    with torch.inference_mode(False):  # whoever asks may be in it, and such weights could not be differentiated
        return _read(files)


def _read(files: CheckpointFiles) -> Autoencoder | AttributeClassifier:
    import torch

    from models.networks import build_network, memory_format

    config, (path,) = files.own_config, files.weights_paths
    with torch.device("meta"):  # shapes without content, whatever sizes the configuration asks for
        expected = build_network(config).state_dict()
    shapes = {name: tuple(tensor.shape) for name, tensor in expected.items()}
    taught_later = {name: shapes.pop(name) for name in [*shapes] if name.startswith(MAPPING_PREFIX)}
    check_size(path, shapes)
    check_size(files.mapping_path, taught_later)
    check_weights(files)
    tensors = read_tensors(path, shapes)
    if taught_later:
        tensors |= read_tensors(files.mapping_path, taught_later)
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            at = files.mapping_path if name in taught_later else path
            raise CheckpointError(f"{at}: {name} holds values that are not finite numbers. Train or copy it again.")
    network = build_network(config)
    network.load_state_dict({name: tensor.to(expected[name].dtype) for name, tensor in tensors.items()})
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network.eval().to(memory_format=memory_format(config))
