"""NPZ files as data from anywhere: what they say of their sizes is checked before anything is made of it.

Each has a header, JSON as bytes, that states the format and what the arrays were made of.
"""

from __future__ import annotations

import json
import math
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ARRAYS = 64
MOST_TIMES = 50
"""Latents hardly shrink when they are packed; what unpacks to more times its size than this was made to fill memory."""
SMALL_BYTES = 50_000_000  # which may unpack from however little
DAMAGE = (OSError, EOFError, LookupError, TypeError, AttributeError, ValueError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged file, or making something of its arrays, may raise."""


class ArraySizeError(ValueError):
    """A file says of itself that it holds more than can be; the message says what, as the end of a sentence."""


def read_npz(path: Path, most_bytes: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header of an NPZ file, and all other arrays by name; nothing is unpickled.

    Args:
        path: the file.
        most_bytes: that it, and all arrays together, may have.

    Raises:
        ArraySizeError: it has or says that it holds more, or arrays of other sizes than it has room for.
        FileNotFoundError: there is none.
        DAMAGE: it is damaged.
    """
    if path.stat().st_size > most_bytes:
        raise ArraySizeError(f"is larger than {most_bytes / 1e6:,.0f} MB")
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
        arrays = {name: file[name] for name in file.files}
    header = json.loads(bytes(arrays.pop("header")))
    if not isinstance(header, dict):
        raise TypeError("the header is no object")
    return header, arrays


def write_npz(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Replace a compressed NPZ file whole.

    Raises:
        OSError: it cannot be written, for want of room, say; what stood there is as it was.
    """
    partial = path.with_name(path.name + ".partial")
    stated = np.frombuffer(json.dumps(header).encode(), np.uint8)
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, header=stated, **arrays)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error  # a full disk does not say of which file


def _check_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as content:
        version = np.lib.format.read_magic(content)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(content)
        said = math.prod(int(side) for side in shape) * dtype.itemsize
        room = member.file_size - content.tell()
    if said != room:
        raise ArraySizeError(f"says that {member.filename} has {said:,} bytes, and has room for {room:,}")
