"""Where a checkpoint's decoder.onnx lies, and what is blended into it, and whether they are the right ones; free of
torch, for a quick start."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from models.checkpoint_files import CheckpointFiles, open_files

TAIL_BYTES = 512


def decoder_stamp(files: CheckpointFiles) -> str:
    """What a decoder.onnx says at its end of the checkpoint that it was made from: a hash of weights and network."""
    config = json.dumps(files.config.to_dict(), sort_keys=True)
    return hashlib.sha256(f"{files.sha256}{files.mapping_sha256} {config}".encode()).hexdigest()


def blend_stamp(files: CheckpointFiles) -> str:
    """The same at the end of a faithful.blend."""
    return hashlib.sha256(f"{decoder_stamp(files)} {files.faithful_sha256}".encode()).hexdigest()


def find_blend(files: CheckpointFiles) -> Path | None:
    """A whole faithful.blend of exactly this checkpoint, or None: it is yet to be made, or there is none."""
    decoder = find_decoder(files) if files.faithful_sha256 else None
    stamp = blend_stamp(files)
    return next((path for path in files.blend_paths if decoder and has_stamp(path, stamp)), None)


def find_decoder(folder: str | Path | CheckpointFiles) -> Path | None:
    """A whole decoder.onnx of exactly this checkpoint, or None if it is yet to be made.

    Raises:
        CheckpointError: the configuration cannot be read.
    """
    files = open_files(folder)
    stamp = decoder_stamp(files)
    return next((path for path in files.decoder_paths if has_stamp(path, stamp)), None)


def has_stamp(path: Path, stamp: str) -> bool:
    """Whether `path` is a whole file that ends with this stamp."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return stamp.encode() in file.read()
    except OSError:
        return False
