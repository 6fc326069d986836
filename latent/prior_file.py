"""The two files of a learned prior beside a checkpoint: prior.json and prior.safetensors. Data, never code."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from latent.atlas import Atlas, AtlasError, load_atlas
from latent.velocity import FlowConfig, PriorError, parameter_shapes

FORMAT = "facespace-prior-1"
CONFIG_FILE, WEIGHTS_FILE = "prior.json", "prior.safetensors"
SCALE_SUFFIX = ".scale"  # of the float32 scales that go with a matrix kept in eight bits
MOST_CONFIG_BYTES, MOST_WEIGHTS_BYTES = 1_000_000, 200_000_000
WITNESSES = 16  # training codes kept with a prior, by which it knows its latent space again
SAME_CODE = 0.05  # of a standard deviation: what codes may move by and still be the same ones
REMEDY = "Make it again with train_prior.py."


@dataclass(frozen=True, eq=False)
class Prior:
    """What the files of a learned prior hold.

    Attributes:
        config: its shape.
        parameters: float32, named and shaped as `parameter_shapes` has it.
        mean: float32 [D], of draws of the aggregate posterior.
        root: float32 [D, D], a square root of their covariance: `mean + root @ white` is a latent.
        profiles: uint8 [P, A], the attributes (probability times 255) of P training faces: which go together, and how
            often.
        witness_image: int32 [K], numbers of a few training pictures.
        witness_mu: float16 [K, D], their codes.
        checkpoint_sha256: the weights whose latents it learnt.
        training: facts about the run.
    """

    config: FlowConfig
    parameters: Mapping[str, NDArray[np.float32]]
    mean: NDArray[np.float32]
    root: NDArray[np.float32]
    profiles: NDArray[np.uint8]
    witness_image: NDArray[np.int32]
    witness_mu: NDArray[np.float16]
    checkpoint_sha256: str
    training: dict[str, Any] = field(default_factory=dict)


def write_prior(prior: Prior, folder: str | Path) -> None:
    """Write a prior beside a checkpoint: matrices in eight bits a row, each file replaced whole."""
    tensors: dict[str, NDArray[Any]] = {
        "mean": prior.mean,
        "root": prior.root,
        "profiles": prior.profiles,
        "witness.image": prior.witness_image,
        "witness.mu": prior.witness_mu,
    }
    for name, value in prior.parameters.items():
        if value.ndim == 1:
            tensors[name] = value
            continue
        scale = np.maximum(np.abs(value).max(1, keepdims=True) / 127, np.finfo(np.float32).tiny).astype(np.float32)
        tensors[name], tensors[f"{name}{SCALE_SUFFIX}"] = np.round(value / scale).astype(np.int8), scale
    content = save({name: np.ascontiguousarray(value) for name, value in tensors.items()})
    config = {
        "format": FORMAT,
        "model": asdict(prior.config),
        "checkpoint_sha256": prior.checkpoint_sha256,
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "training": prior.training,
    }
    for name, data in ((WEIGHTS_FILE, content), (CONFIG_FILE, (json.dumps(config, indent=2) + "\n").encode())):
        partial = Path(folder) / f"{name}.partial"
        partial.write_bytes(data)
        os.replace(partial, Path(folder) / name)


def read_prior(folder: str | Path, checkpoint_sha256: str | None = None, *, any_weights: bool = False) -> Prior:
    """Read and check a checkpoint's prior.

    Args:
        folder: of the checkpoint.
        checkpoint_sha256: the weights that it must belong to; by default those that the folder states.
        any_weights: it may belong to others, for `stamped`.

    Raises:
        PriorError: missing, damaged, of another format or of other weights.
    """
    folder = Path(folder)
    values = _read_config(folder / CONFIG_FILE)
    if not any_weights:
        _check_owner(folder, values["checkpoint_sha256"], checkpoint_sha256 or stated_weights(folder))
    config, path = _config(values, folder / CONFIG_FILE), folder / WEIGHTS_FILE
    return _prior(config, _tensors(path, values["weights_sha256"]), values, path)


def has_prior(folder: str | Path) -> bool:
    """Whether a checkpoint has a learned prior, good or bad."""
    return (Path(folder) / CONFIG_FILE).is_file()


def _check_owner(folder: Path, made_for: str, expected: str) -> None:
    if made_for != expected:
        raise PriorError(
            f"{folder / CONFIG_FILE} was made for other weights ({made_for[:8]}, not {expected[:8]}). If the encoder "
            "is the same, stamp it with train_prior.py --stamp; else make it again with train_prior.py."
        )


def _tensors(path: Path, sha256: str) -> dict[str, NDArray[Any]]:
    try:
        if path.stat().st_size > MOST_WEIGHTS_BYTES:
            raise PriorError(f"{path} is larger than 200 MB, which no prior is. {REMEDY}")
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise PriorError(f"{path} is damaged or belongs to another {CONFIG_FILE}. Copy both again. {REMEDY}")
        return load(content)
    except OSError as error:
        raise PriorError(f"{path} cannot be read: {error.strerror}. {REMEDY}") from error
    except (SafetensorError, ValueError) as error:
        if isinstance(error, PriorError):
            raise
        raise PriorError(f"{path} is not a safetensors file. {REMEDY}") from error


def stated_weights(folder: Path) -> str:
    """The SHA-256 that a checkpoint's own files state for its weights: its config.json, else its atlas.

    Raises:
        PriorError: neither does.
    """
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if isinstance(values, dict) and isinstance(digest := values.get("weights_sha256"), str):
            return digest
    except (OSError, ValueError, RecursionError):
        pass
    try:
        return load_atlas(folder / "atlas.npz").checkpoint_sha256  # brought from elsewhere
    except AtlasError as error:
        raise PriorError(
            f"{folder} states its weights' hash nowhere, so no prior can be told to be its own. Build its atlas."
        ) from error


def stamped(prior: Prior, atlas: Atlas) -> Prior:
    """The same prior for other weights whose encoder is the same, as where only the decoder was trained on.

    Args:
        prior: as it is.
        atlas: of the new weights.

    Raises:
        PriorError: the atlas has other codes for the same pictures, so that the prior must be trained again.
    """
    place = {int(image): row for row, image in enumerate(atlas.image)}
    rows = [place.get(int(image), -1) for image in prior.witness_image]
    if -1 in rows or atlas.mu.shape[1] != prior.config.latent_dim:
        raise PriorError(f"the atlas lists other pictures or dimensions than the prior learnt. {REMEDY}")
    spread = np.sqrt(np.square(prior.root).sum(1))
    moved = np.abs(atlas.mu[rows].astype(np.float32) - prior.witness_mu.astype(np.float32)) / spread
    if not moved.max() <= SAME_CODE:
        raise PriorError(
            f"the codes moved by up to {moved.max():.2f} standard deviations since the prior learnt them, so it holds "
            f"no longer. {REMEDY}"
        )
    return replace(prior, checkpoint_sha256=atlas.checkpoint_sha256)


def _read_config(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise PriorError(f"{path} is missing: this checkpoint has no learned prior. Make it with train_prior.py.")
    try:
        if path.stat().st_size > MOST_CONFIG_BYTES:
            raise PriorError(f"{path} is larger than 1 MB, so it is not a prior's configuration. {REMEDY}")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PriorError(f"{path} cannot be read: {error.strerror}. {REMEDY}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, PriorError):
            raise
        raise PriorError(f"{path} is not valid JSON. {REMEDY}") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise PriorError(f'{path} does not say "format": "{FORMAT}", so this version cannot open it. {REMEDY}')
    if not all(isinstance(values.get(key), str) for key in ("checkpoint_sha256", "weights_sha256")):
        raise PriorError(f"{path} does not state checkpoint_sha256 and weights_sha256. {REMEDY}")
    return values


def _config(values: dict[str, Any], path: Path) -> FlowConfig:
    model = values.get("model")
    if not isinstance(model, dict) or set(model) - set(FlowConfig.__dataclass_fields__):
        raise PriorError(f'{path}: its part "model" is missing or has unknown keys. {REMEDY}')
    attributes = model.get("attributes", [])
    try:
        if not isinstance(attributes, list):
            raise ValueError("attributes must be a list of names.")
        return FlowConfig(**{**model, "attributes": tuple(attributes)})
    except (TypeError, ValueError) as error:
        raise PriorError(f"{path}: {error} {REMEDY}") from error


def _prior(config: FlowConfig, tensors: dict[str, NDArray[Any]], values: dict[str, Any], path: Path) -> Prior:
    for name in [name for name in tensors if name.endswith(SCALE_SUFFIX)]:
        scale, matrix = tensors.pop(name), tensors.get(name.removesuffix(SCALE_SUFFIX))
        if matrix is None or matrix.ndim != 2 or scale.shape != (len(matrix), 1):
            raise PriorError(f"{path}: {name} is no scale of a matrix. {REMEDY}")
        tensors[name.removesuffix(SCALE_SUFFIX)] = matrix.astype(np.float32) * scale
    dimensions, told = config.latent_dim, tensors.get("profiles", np.empty(0))
    expected = {
        **parameter_shapes(config),
        "mean": (dimensions,),
        "root": (dimensions, dimensions),
        "profiles": (max(1, len(told)) if told.ndim == 2 else 1, len(config.attributes)),
        "witness.image": (WITNESSES,),
        "witness.mu": (WITNESSES, dimensions),
    }
    if odd := sorted(set(tensors) ^ set(expected)):
        raise PriorError(f"{path} does not hold the network of its {CONFIG_FILE}: {odd[0]!r} does not match. {REMEDY}")
    for name, shape in expected.items():
        if tensors[name].shape != shape:
            raise PriorError(
                f"{path}: {name} has shape {list(tensors[name].shape)}, but {CONFIG_FILE} asks for {list(shape)}. "
                f"{REMEDY}"
            )
        if not np.isfinite(tensors[name]).all():
            raise PriorError(f"{path}: {name} holds values that are not finite numbers. {REMEDY}")
    if abs(np.linalg.slogdet(tensors["root"].astype(np.float64))[0]) != 1:
        raise PriorError(f"{path}: root cannot be inverted. {REMEDY}")
    training = values.get("training")
    return Prior(
        config,
        {name: tensors[name].astype(np.float32) for name in parameter_shapes(config)},
        tensors["mean"].astype(np.float32),
        tensors["root"].astype(np.float32),
        tensors["profiles"].astype(np.uint8),
        tensors["witness.image"].astype(np.int32),
        tensors["witness.mu"].astype(np.float16),
        values["checkpoint_sha256"],
        training if isinstance(training, dict) else {},
    )
