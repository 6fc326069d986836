"""What takes long and comes out the same for every visitor, worked out when the app is installed and read from then on.

The files lie in a folder beside the weights. Each is named by what it was made from: by the checkpoint, by what was
asked for, and by the code that answers. So nothing that is old is ever read; without the files everything is worked
out when somebody asks for it. `python -m app.beforehand` makes them: it draws each page and chapter once, and all that
these ask for is kept.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from app.paths import ROOT
from latent.npz_file import DAMAGE, read_npz, write_npz
from models.checkpoint_files import CheckpointFiles

FOLDER = "beforehand"
FORMAT = "facespace-beforehand-1"
MOST_BYTES = 20_000_000
PACKAGES = ("latent", "models")  # their code is all that is asked, with the module that asks it
Values = Mapping[str, Any]

# Files that were read or made since `writing` began; None while nothing is to be written.
_asked: set[Path] | None = None


def beforehand(
    files: CheckpointFiles, what: str, told: tuple[object, ...], work_out: Callable[[], Values]
) -> dict[str, Any]:
    """What was worked out beforehand; else it is worked out now.

    Args:
        files: of the checkpoint that it is about.
        what: a word for it, the beginning of the file's name.
        told: what it depends on besides the checkpoint, as bytes, or anything whose `repr` says all of it.
        work_out: gives arrays and numbers by name; None for what there is not, which is then left out.
    """
    path = files.folder / FOLDER / f"{what}-{_name(_content(files), what, told, work_out)}.npz"
    values: dict[str, Any] | None = None
    with suppress(*DAMAGE):
        values = {name: array[()] for name, array in read_npz(path, MOST_BYTES)[1].items()}
    if values is None:
        values = {name: np.asarray(value)[()] for name, value in work_out().items() if value is not None}
        if _asked is not None:
            path.parent.mkdir(exist_ok=True)
            write_npz(path, {"format": FORMAT}, values)
    if _asked is not None:
        _asked.add(path)
    return values


@contextmanager
def writing() -> Iterator[set[Path]]:
    """Write whatever is worked out meanwhile, for the doors that get the app ready; gives the files asked for so far.

    Raises:
        OSError: a file cannot be written.
    """
    global _asked  # noqa: PLW0603 - one switch for the process
    _asked = set()
    try:
        yield _asked
    finally:
        _asked = None


def tidy(files: Collection[Path]) -> None:
    """Remove what lies beside some files and is not among them: it was made from something that is no more."""
    for folder in {path.parent for path in files}:
        for path in set(folder.glob("*.npz")) - set(files):
            path.unlink(missing_ok=True)


def _name(content: str, what: str, told: tuple[object, ...], work_out: Callable[[], Values]) -> str:
    digest = hashlib.sha256(f"{content} {what} {_code(work_out.__code__.co_filename)}".encode())
    for part in told:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else repr(part).encode()).digest())
    return digest.hexdigest()[:20]


def _content(files: CheckpointFiles) -> str:
    """Names a checkpoint by what is in it: a copy, as in a container, has other times of change than its original."""
    return _content_of(files.identity, json.dumps([files.sha256, files.values], sort_keys=True), files.atlas_path)


@lru_cache(maxsize=64)
def _content_of(identity: str, stated: str, atlas: Path) -> str:
    try:
        with zipfile.ZipFile(atlas) as archive:
            checksums = [(member.filename, member.CRC, member.file_size) for member in archive.infolist()]
    except (OSError, zipfile.BadZipFile):
        checksums = []
    return f"{stated} {checksums}"


@lru_cache(maxsize=64)
def _code(module: str) -> str:
    return hashlib.sha256(Path(module).read_bytes() + _packages().encode()).hexdigest()


@lru_cache(maxsize=1)
def _packages() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
