"""A checkpoint's folder with something wrong in it: it opens and works, or it is refused in a sentence."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch

from app.checkpoints.decoding import drawing_network
from app.checkpoints.opening import OpenModel, open_model
from latent.atlas import save_atlas
from models import CheckpointError
from models.checkpoint_files import ATLAS_FILE, CONFIG_FILE, FAITHFUL_FILE, WEIGHTS_FILE, open_files
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from tests.conftest import tiny_network, vivid_checkpoint
from tests.latent.test_atlas import small_atlas
from tests.mixing.lists import Random

ROWS = 60
VALUES: tuple[Any, ...] = (None, 0, -1, 1.5, "64", True, [], {}, 4096, 64, 128, 2**70, math.nan, math.inf, "ae", "vae")

SPOILT_ALREADY = (OSError, ValueError, TypeError, KeyError, AttributeError, EOFError, RecursionError, BadZipFile)
"""What spoiling something twice may raise."""


@cache
def whole(kind: str) -> Path:
    """A tiny checkpoint with an atlas, made once."""
    folder = Path(mkdtemp()) / kind
    if kind == "vivid":
        folder = vivid_checkpoint(folder)
        sha256 = open_files(folder).sha256
    else:
        sha256 = save_checkpoint(tiny_network(kind), folder, {"epochs": 1})
    atlas = small_atlas(variational=kind != "ae", rows=ROWS, dimensions=6, seed=1)
    save_atlas(type(atlas)(**{**vars(atlas), "checkpoint_sha256": sha256}), folder / ATLAS_FILE)
    ensure_decoder(folder)
    return folder


def check(random: Random, place: Path) -> str:
    """Spoil a copy and open it; returns "opened" or "refused".

    Raises:
        AssertionError: it was opened and does not work.
    """
    folder = place / "mine"
    shutil.copytree(whole(str(random.choice(["ae", "vae", "vivid"]))), folder)
    for _ in range(int(random.integers(1, 3))):
        with suppress(*SPOILT_ALREADY):
            ways = (_spoil_config, _spoil_weights, _spoil_faithful, _spoil_atlas, _spoil_file)
            ways[random.integers(len(ways))](random, folder)
    try:
        model = open_model(open_files(folder))
        network = model.network
    except CheckpointError:
        return "refused"
    z = torch.zeros(2, network.config.latent_dim)
    for drawn in (network, drawing_network(model.drawn_at(0.5))):
        assert torch.isfinite(drawn.decode(z)).all(), "pictures are not finite"
    if model.atlas is not None:
        for name, numbers in _statistics(model):
            assert np.isfinite(numbers).all(), f"{name} of its atlas are not finite"
    return "opened"


def _statistics(model: OpenModel) -> Iterator[tuple[str, Any]]:
    assert model.posterior is not None
    yield "mean", model.posterior.mean
    yield "covariance", model.posterior.covariance
    yield "percentiles", model.percentiles
    yield "percentiles of draws", model.draw_percentiles
    for bank in model.banks:
        for direction in bank.directions:
            yield f"directions {bank.name}", direction.vector


def _spoil_config(random: Random, folder: Path) -> None:
    path = folder / CONFIG_FILE
    values = json.loads(path.read_bytes())
    of = values if random.random() < 0.3 else values["model"]
    key = str(random.choice([*of, "colour"]))
    if random.random() < 0.2:
        of.pop(key, None)
    else:
        of[key] = VALUES[random.integers(len(VALUES))]
    content = json.dumps(values).encode()
    match random.integers(8):
        case 0:
            content = content[: random.integers(len(content))]
        case 1:
            content = content.decode().encode("utf-16")
        case 2:
            content = b"[" * 100_000
    path.write_bytes(content)


def _spoil_weights(random: Random, folder: Path) -> None:
    """Bytes, most of them in the header, with the right hash in config.json."""
    _with_hash(
        folder, lambda values, sha256: values.update(weights_sha256=sha256), _bytes(random, folder / WEIGHTS_FILE)
    )


def _spoil_faithful(random: Random, folder: Path) -> None:
    """The same of the faithful decoder's weights, where there are any."""
    if (folder / FAITHFUL_FILE).is_file():
        content = _bytes(random, folder / FAITHFUL_FILE)
        _with_hash(folder, lambda values, sha256: values.update(faithful={"sha256": sha256}), content)


def _with_hash(folder: Path, say: Callable[[dict[str, Any], str], object], content: bytearray) -> None:
    values = json.loads((folder / CONFIG_FILE).read_bytes())
    say(values, hashlib.sha256(content).hexdigest())
    (folder / CONFIG_FILE).write_text(json.dumps(values))


def _bytes(random: Random, path: Path) -> bytearray:
    """Spoil some bytes of a file and return all of them."""
    content = bytearray(path.read_bytes()) or bytearray(b"\0")
    at = int(random.integers(min(len(content), 3000) if random.random() < 0.7 else len(content)))
    match random.integers(4):
        case 0:
            content[at] = int(random.integers(256))
        case 1:
            del content[at:]
        case 2:
            content[at : at + 2] = b"\xff\x7f"  # of a half-precision number: none
        case _:
            content[:8] = int(random.choice([0, 1, 2**40, 2**63])).to_bytes(8, "little")
    path.write_bytes(content)
    return content


def _spoil_atlas(random: Random, folder: Path) -> None:
    """One array of another size, kind or content."""
    path = folder / ATLAS_FILE
    with np.load(path) as file:
        arrays = {name: np.array(file[name]) for name in file.files}
    name = str(random.choice([*arrays]))
    array = arrays[name]
    match random.integers(8):
        case 0:
            arrays[name] = array[:-1]
        case 1:
            arrays[name] = array.astype(np.float64)
        case 2:
            arrays[name] = np.zeros_like(array)
        case 3:
            arrays[name] = array[..., :0]
        case 4:
            arrays[name] = np.full_like(array, np.array(np.nan if array.dtype.kind == "f" else 255).astype(array.dtype))
        case 5:
            del arrays[name]
        case 6:
            arrays = {key: a[:1] if len(a) == ROWS else a for key, a in arrays.items()}  # a single face
        case _:
            arrays["header"] = _spoilt_header(random, arrays.get("header", array))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _spoilt_header(random: Random, header: Any) -> Any:
    told = json.loads(bytes(header))
    told[str(random.choice([*told]))] = VALUES[random.integers(len(VALUES))]
    return np.frombuffer(json.dumps(told).encode(), np.uint8)


def _spoil_file(random: Random, folder: Path) -> None:
    """A file is missing, empty, a folder, or cut short."""
    path = folder / str(random.choice([CONFIG_FILE, WEIGHTS_FILE, FAITHFUL_FILE, ATLAS_FILE, "decoder.onnx"]))
    if not path.is_file():
        return
    content = path.read_bytes()
    path.unlink()
    match random.integers(4):
        case 0:
            path.mkdir()
        case 1:
            path.write_bytes(b"")
        case 2:
            path.write_bytes(content[: random.integers(len(content) + 1)])
