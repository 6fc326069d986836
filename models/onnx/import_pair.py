"""Take a pair of ONNX networks made elsewhere into a folder of checkpoints."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.checkpoint_files import (
    BROUGHT_DECODER_FILE,
    CONFIG_FILE,
    ENCODER_FILE,
    FOREIGN_FORMAT,
    MAX_CONFIG_BYTES,
    MAX_ONNX_BYTES,
    CheckpointError,
    CheckpointFiles,
    open_files,
)
from models.config import ConfigError, ForeignConfig
from models.onnx.checked_graph import parse_onnx
from models.onnx.conventions import OF_A_MEAN, mean_and_spread
from models.onnx.export_decoder import ensure_decoder
from models.onnx.network_pair import NetworkPair, pair_of
from models.whole_files import write_text

PROBES = 8
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def import_pair(encoder: bytes, decoder: bytes, described: Any, place: Path, name: str) -> Path:
    """Check two networks and their description, and make a checkpoint of them.

    Args:
        encoder, decoder: contents of the ONNX files.
        described: JSON, parsed or not: the keys of `ForeignConfig`, or a whole config.json of this format.
        place: folder of checkpoints, such as `checkpoints/`.
        name: of the checkpoint's folder in it.

    Returns:
        The checkpoint's folder, the browser's decoder in it. It appears whole or not at all.

    Raises:
        CheckpointError: a name that is taken or unfit, a file that is none of ours, or a pair that does not fit.
    """
    if not NAME.fullmatch(name):
        raise CheckpointError(f"{name!r} cannot be a checkpoint's name: use up to 64 letters, digits, dots and dashes.")
    folder = place / name
    if folder.exists():
        raise CheckpointError(f"There is a checkpoint called {name!r} already. Choose another name.")
    config = read_description(described)
    contents = {}
    for file, content in ((ENCODER_FILE, encoder), (BROUGHT_DECODER_FILE, decoder)):
        if not content:
            raise CheckpointError(f"{file} is empty. Export it again.")
        if len(content) > MAX_ONNX_BYTES:
            raise CheckpointError(
                f"{file} is larger than {MAX_ONNX_BYTES / 1e6:.0f} MB, which is the most that is opened."
            )
        contents[file] = parse_onnx(content, file)[1]
    pair = pair_of(config, contents[ENCODER_FILE], contents[BROUGHT_DECODER_FILE])
    check_numbers(pair)
    config = replace(config, **resolved(pair))
    partial = place / f".{name}.{os.getpid()}.partial"
    try:
        partial.mkdir(parents=True)
        for file, content in contents.items():
            (partial / file).write_bytes(content)
        _write(partial, config)
        ensure_decoder(partial)  # now, so that what no browser can open is not taken in
        os.replace(partial, folder)
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def check_numbers(pair: NetworkPair) -> None:
    """See that pictures from black to white and codes near and far from zero come to something.

    Raises:
        CheckpointError: some give values that are not finite.
    """
    side, dimensions = pair.config.image_size, pair.config.latent_dim
    random = torch.Generator().manual_seed(0)
    x = torch.rand(PROBES, 3, side, side, generator=random)
    x[0], x[1] = 0, 1
    z = torch.randn(PROBES, dimensions, generator=random) * torch.linspace(0.25, 3, PROBES)[:, None]
    codes = [part for part in pair.posterior(x) if part is not None]
    given = {ENCODER_FILE: (codes, "pictures"), BROUGHT_DECODER_FILE: ([pair.decode(z)], "codes")}
    for name, (numbers, what) in given.items():
        if not all(torch.isfinite(part).all() for part in numbers):
            raise CheckpointError(
                f"{name} makes values that are not finite numbers of some {what}, or config.json does (value_range, "
                "mean, std). Correct it, or train and export the network again."
            )


def resolved(pair: NetworkPair) -> dict[str, Any]:
    """What is worth writing into config.json, since the files alone do not tell it or could be read in two ways.

    Of three or more outputs of an encoder without names that tell, one may be a draw: it changes from run to run.
    """
    config, found = pair.config, dict[str, Any]()
    if len(pair.latent_shape) > 1:
        found["latent_shape"] = pair.latent_shape
    grey = torch.full((2, 3, config.image_size, config.image_size), 0.5)
    first, again = pair.encoded(grey), pair.encoded(grey)
    fitting = [name for name, array in first.items() if array[0].size == config.latent_dim]
    wanted = 2 if config.kind == "vae" else 1
    if config.outputs is None and len(fitting) > wanted:
        steady = [name for name in fitting if np.array_equal(first[name], again[name])]
        if len(steady) == wanted == 2:
            found["outputs"] = mean_and_spread(steady)
        elif wanted == 2:
            found["outputs"] = mean_and_spread(fitting)
        elif steady:
            found["outputs"] = (next((name for name in steady if OF_A_MEAN.search(name)), steady[0]),)
    return found


def read_description(described: Any) -> ForeignConfig:
    """The configuration that a user wrote, with or without the words around it.

    Raises:
        CheckpointError: it breaks a rule.
    """
    if isinstance(described, bytes):
        if len(described) > MAX_CONFIG_BYTES:
            raise CheckpointError("The configuration is larger than 1 MB, so it is none.")
        try:
            described = json.loads(described)
        except (ValueError, RecursionError) as error:
            raise CheckpointError("The configuration is not valid JSON. Correct it, or write it again.") from error
    if isinstance(described, Mapping) and "model" in described:
        described = described["model"]
    try:
        return ForeignConfig.from_dict(described)
    except ConfigError as error:
        raise CheckpointError(f"The configuration: {error}") from error


def correct(folder: str | Path | CheckpointFiles, changes: Mapping[str, Any]) -> ForeignConfig:
    """Change how a brought checkpoint is to be read; its map, made with the old reading, no longer fits and is removed.

    Raises:
        CheckpointError: the checkpoint is none from elsewhere, or cannot be written.
    """
    files = open_files(folder)
    if not isinstance(files.config, ForeignConfig):
        raise CheckpointError(f"{files.folder} was trained here; its configuration is what its weights need.")
    config = replace(files.config, **changes)
    try:
        _write(files.folder, config)
        files.atlas_path.unlink(missing_ok=True)
        ensure_decoder(files.folder)
    except OSError as error:
        raise CheckpointError(f"{files.folder} cannot be written: {error.strerror}. Check its permissions.") from error
    return config


def _write(folder: Path, config: ForeignConfig) -> None:
    write_text(folder / CONFIG_FILE, json.dumps({"format": FOREIGN_FORMAT, "model": config.to_dict()}, indent=2) + "\n")
