"""The two files of a checkpoint made elsewhere, and its name; free of torch and onnx, for a quick start."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from models.checkpoints import CheckpointError
from models.config import ForeignConfig

ENCODER_FILE, SOURCE_FILE = "encoder.onnx", "decoder.onnx"
MOST_BYTES = 500_000_000


def foreign_hash(folder: Path, config: ForeignConfig) -> str:
    """Names a brought checkpoint: a SHA-256 of both files and of how they are to be read.

    Raises:
        CheckpointError: a file is missing or cannot be read.
    """
    digest = hashlib.sha256(repr(sorted(config.to_dict().items())).encode())
    for name in (ENCODER_FILE, SOURCE_FILE):
        path = folder / name
        try:
            status = path.stat()
            check_size(path, status.st_size)
            digest.update(_file_digest(path, status.st_size, status.st_mtime_ns))
        except OSError as error:
            raise CheckpointError(
                f"{path} cannot be read: {error.strerror}. A checkpoint from elsewhere needs {ENCODER_FILE} and "
                f"{SOURCE_FILE} beside its config.json."
            ) from error
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _file_digest(path: Path, size: int, changed: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def check_size(path: Path, size: int) -> None:
    """See that a file of `size` bytes may be opened.

    Raises:
        CheckpointError: it is empty, or above 500 MB.
    """
    if not size:
        raise CheckpointError(f"{path} is empty. Export it again.")
    if size > MOST_BYTES:
        raise CheckpointError(
            f"{path} has {size / 1e6:,.0f} MB; a network of up to {MOST_BYTES / 1e6:.0f} MB can be opened."
        )
