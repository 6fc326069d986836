"""From a PyTorch model in a notebook to a checkpoint: exported, lowered, checked and taken in."""

from __future__ import annotations

import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.checkpoint_files import CheckpointError
from models.config import ConfigError, ForeignConfig
from models.images import to_uint8
from models.onnx.conventions import mean_and_spread, pictures_out
from models.onnx.doctor import Evidence, examine
from models.onnx.import_pair import correct, import_pair
from models.onnx.readings import IMAGENET

OPSET = 17
Part = nn.Module | Callable[[Tensor], Any]


def bring(encoder: Part, decoder: Part, example: Tensor, into: str | Path, **told: Any) -> Path:
    """Make a checkpoint of a trained PyTorch encoder and decoder.

    Args:
        encoder: pictures to codes: a module, a bound method such as `vae.encode`, or a function such as
            `lambda x: vae.encode(x).latent_dist`. It may return a tensor, several, a mapping of names to tensors, or a
            distribution with `mean` and `logvar`.
        decoder: codes to pictures.
        example: pictures as the encoder takes them, float [N, C, S, S]; 16 or more faces let the check-up try how the
            pixels are meant.
        into: the checkpoint's folder, such as "checkpoints/mine"; it must not exist.
        told: what is known of the conventions, as keys of `ForeignConfig`; the rest is found out.

    Returns:
        The folder. What the check-up says is printed; what it would change and nobody told is changed.

    Raises:
        CheckpointError: one of the two cannot be run on the example or exported, or the pair does not fit.
    """
    into = Path(into)
    parts = _Flat(encoder), _Flat(decoder, first_only=True)
    x = torch.as_tensor(example).detach().float().cpu()
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise CheckpointError(f"example must be pictures [N, 3, S, S] or [N, 1, S, S], not {list(x.shape)}.")
    given = _tried(parts[0], x[:2], "encoder")
    z, spread = _code(given, parts[1], told)
    drawn = _tried(parts[1], z, "decoder")["picture"]
    described = _described(x, z, spread, drawn) | told
    try:
        config = ForeignConfig.from_dict(described)
    except ConfigError as error:
        raise CheckpointError(f"The description that was found or told does not hold: {error}") from error
    encoded, decoded = _exported(parts[0], x[:2], [*given]), _exported(parts[1], z, ["picture"])
    folder = import_pair(encoded, decoded, config.to_dict(), into.parent, into.name)
    _check_up(folder, Evidence(to_uint8(torch.from_numpy(np.array(_seen(x.numpy(), config))))), told)
    return folder


def _check_up(folder: Path, evidence: Evidence, told: Mapping[str, Any]) -> None:
    """Print what the doctor finds, and change what nobody told otherwise."""
    found = examine(folder, evidence)
    changes = {k: v for finding in found for k, v in finding.change.items() if k not in told}
    for finding in found:
        print(f"- {finding.words}")
    if changes:
        correct(folder, changes)
        print(f"Changed in config.json: {', '.join(changes)}.")
    print(f"{folder}: taken in. Its map: python build_atlas.py {folder} --decoded checkpoints/vae --part test")


class _Flat(nn.Module):
    """A part that returns named tensors in a row, whatever it returned before."""

    def __init__(self, part: Part, *, first_only: bool = False) -> None:
        super().__init__()
        self.part, self.first_only = part, first_only
        self.owners = nn.ModuleList(_owners(part))  # their weights go along, and they are put into evaluation mode
        self.names: list[str] = []

    def forward(self, x: Tensor) -> Any:
        found = dict(_named(self.part(x)))
        if self.first_only:
            found = {"picture": next(iter(found.values()))}
        self.names = [*found]
        return tuple(found.values())


def _owners(part: Part) -> list[nn.Module]:
    """The modules that a part consists of, calls as a method, or speaks of as a function."""
    if isinstance(part, nn.Module):
        return [part]
    owner = getattr(part, "__self__", None)
    if isinstance(owner, nn.Module):
        return [owner]
    if not inspect.isfunction(part):
        return []
    spoken_of = inspect.getclosurevars(part)
    return [value for value in (*spoken_of.nonlocals.values(), *spoken_of.globals.values()) if _is_module(value)]


def _is_module(value: Any) -> bool:
    return isinstance(value, nn.Module)


def _named(output: Any, name: str = "code") -> list[tuple[str, Tensor]]:
    if isinstance(output, Tensor):
        return [(name, output)]
    if hasattr(output, "mean") and (hasattr(output, "logvar") or hasattr(output, "stddev")):  # a distribution
        spread = ("logvar", output.logvar) if hasattr(output, "logvar") else ("std", output.stddev)
        return [("mean", output.mean), spread]
    if isinstance(output, Mapping):
        return [pair for key, value in output.items() for pair in _named(value, str(key))]
    if isinstance(output, Sequence) and not isinstance(output, str):
        return [pair for at, value in enumerate(output) for pair in _named(value, f"output_{at}")]
    return []


def _tried(part: _Flat, x: Tensor, what: str) -> dict[str, Tensor]:
    training = part.training
    try:
        with torch.no_grad():
            given = part.eval()(x)
    except Exception as error:  # anything may come out of somebody's own code
        raise CheckpointError(f"The {what} cannot be run on {list(x.shape)}: {error}") from error
    finally:
        part.train(training)
    if not given:
        raise CheckpointError(f"The {what} returns no tensor, nor a tuple, a mapping or a distribution of some.")
    return dict(zip(part.names, given, strict=True))


def _code(given: Mapping[str, Tensor], decoder: _Flat, told: Mapping[str, Any]) -> tuple[Tensor, str]:
    """The code that the decoder takes, and how the spread beside it is meant ("none" for an AE)."""
    first = next(iter(given.values()))
    alike = [name for name, value in given.items() if value.shape == first.shape]
    if len(alike) >= 2 and told.get("kind") != "ae":
        mean, spread = mean_and_spread(alike)
        return given[mean], _kind(spread.lower())
    try:
        _tried(decoder, first, "decoder")
    except CheckpointError:
        half, rest = first.chunk(2, dim=1)  # mean and spread in one
        if half.shape != rest.shape:
            raise
        _tried(decoder, half, "decoder")
        return half, "logvar"
    return first, "none"


def _kind(name: str) -> str:
    """How a spread is meant, by its name; people mostly return the log of the variance."""
    if "log" in name:
        return "logvar"
    if any(word in name for word in ("std", "sigma", "scale")):
        return "std"
    return "variance" if "var" in name else "logvar"


def _described(x: Tensor, z: Tensor, spread: str, drawn: Tensor) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": "ae" if spread == "none" else "vae", "spread": spread}
    found |= {"image_size": x.shape[-1], "latent_dim": z[0].numel(), "channels": "grey" if x.shape[1] == 1 else "RGB"}
    if z.ndim > 2:
        found["latent_shape"] = list(z.shape[1:])
    found["value_range"] = _range(x)
    if x.shape[1] == 3 and 1.2 < float(x.abs().max()) < 3 and float(x.min()) < -0.2:
        found |= {"mean": IMAGENET[0], "std": IMAGENET[1], "value_range": _range(drawn)}
    return found


def _range(pictures: Tensor) -> tuple[int, int]:
    low, high = float(pictures.min()), float(pictures.max())
    return (0, 255) if high > 3 else (-1, 1) if low < -0.2 else (0, 1)


def _seen(x: np.ndarray[Any, np.dtype[np.float32]], config: ForeignConfig) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Pictures as the encoder takes them, as [N, 3, S, S] in [0, 1]."""
    if config.mean is not None and config.std is not None:
        mean, std = (np.array(values, np.float32)[:, None, None] for values in (config.mean, config.std))
        return x * std + mean
    as_drawn = ForeignConfig(
        "ae", config.image_size, config.latent_dim, value_range=config.value_range, channels=config.channels
    )
    return pictures_out(x, as_drawn)


def _exported(part: _Flat, x: Tensor, names: list[str]) -> bytes:
    """An ONNX file of a part for any batch size, by that exporter of torch's which needs no further package.

    Raises:
        CheckpointError: it cannot.
    """
    buffer: Any = io.BytesIO()  # which only the newer of torch's exporters cannot write to
    told: dict[str, Any] = {"input_names": ["x"], "output_names": names, "opset_version": OPSET}
    training = part.training
    part.eval()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # it says that it is the old one
            axes = {name: {0: "N"} for name in ("x", *names)}
            torch.onnx.export(part, (x,), buffer, dynamic_axes=axes, dynamo=False, **told)
    except Exception as error:  # the exporters' errors have no common ancestor of their own
        raise CheckpointError(f"torch.onnx.export cannot write it: {str(error).splitlines()[0]}") from error
    finally:
        part.train(training)
    return buffer.getvalue()
