"""NPZ files as data from anywhere: what they say of their sizes is checked before anything is made of it."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ARRAYS = 64
MOST_TIMES = 50
"""Latents hardly shrink when they are packed; what unpacks to more times its size than this was made to fill memory."""
SMALL_BYTES = 50_000_000  # which may unpack from however little


class ArraySizeError(ValueError):
    """A file says of itself that it holds more than can be; the message says what, as the end of a sentence."""


def read_arrays(path: Path, most_bytes: int) -> dict[str, NDArray[Any]]:
    """All arrays of an NPZ file by name; nothing is unpickled.

    Args:
        path: the file.
        most_bytes: that all arrays together may have.

    Raises:
        ArraySizeError: it says that it holds more, or arrays of other sizes than it has room for.
        OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error: it is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MOST_ARRAYS:
            raise ArraySizeError(f"holds {len(members):,} arrays")
        total = sum(member.file_size for member in members)
        if total > most_bytes or total > max(SMALL_BYTES, MOST_TIMES * path.stat().st_size):
            raise ArraySizeError(f"would unpack to {total / 1e9:,.1f} GB")
        for member in members:
            _check_size(archive, member)
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _check_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as content:
        version = np.lib.format.read_magic(content)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(content)
        said = math.prod(int(side) for side in shape) * dtype.itemsize
        room = member.file_size - content.tell()
    if said != room:
        raise ArraySizeError(f"says that {member.filename} has {said:,} bytes, and has room for {room:,}")
