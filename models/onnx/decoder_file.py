"""Where a checkpoint's decoder.onnx lies and whether it is the right one; free of torch, for a quick start."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from models.checkpoints import checkpoint_hash, read_config
from models.config import ForeignConfig

DECODER_FILE = "decoder.onnx"
FOREIGN_DECODER_FILE = "browser.onnx"  # where decoder.onnx is what was brought
TAIL_BYTES = 512


def decoder_stamp(folder: str | Path) -> str:
    """What a decoder.onnx says at its end of the checkpoint that it was made from: a hash of weights and network.

    Raises:
        CheckpointError: the configuration cannot be read.
    """
    config = json.dumps(read_config(folder)[0].to_dict(), sort_keys=True)
    return hashlib.sha256(f"{checkpoint_hash(folder)} {config}".encode()).hexdigest()


def decoder_places(folder: str | Path) -> tuple[Path, Path]:
    """Beside the weights and, where that folder cannot be written, in the user's cache folder.

    Raises:
        CheckpointError: the configuration cannot be read.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "facespace"
    name = FOREIGN_DECODER_FILE if isinstance(read_config(folder)[0], ForeignConfig) else DECODER_FILE
    return Path(folder) / name, cache / checkpoint_hash(folder)[:16] / name


def find_decoder(folder: str | Path) -> Path | None:
    """A whole decoder.onnx of exactly this checkpoint, or None if it is yet to be made.

    Raises:
        CheckpointError: the configuration cannot be read.
    """
    stamp = decoder_stamp(folder)
    return next((path for path in decoder_places(folder) if has_stamp(path, stamp)), None)


def has_stamp(path: Path, stamp: str) -> bool:
    """Whether `path` is a whole decoder.onnx with this stamp, which is the last thing in the file."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return stamp.encode() in file.read()
    except OSError:
        return False
