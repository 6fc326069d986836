"""Crops of a picture folder as one uint8 array, decoded once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.config import Crop
from models.data.attributes import ATTRIBUTES
from models.data.celeba import CelebAFolder, DataError
from models.data.data_error import spelled
from models.images import CROP_SIDE, crop_beside, open_picture, read_crops

CACHE_VERSION = 2


@dataclass(frozen=True)
class FaceArray:
    """Crops and labels of the pictures of a folder that could be read.

    Attributes:
        images: uint8 [M, S, S, 3], memory-mapped.
        partition: uint8 [M]; see `CelebAFolder`.
        labels: int8 [M, A] or None.
        unreadable: how many pictures were left out because they could not be read.
        paths: the files of `images`, for `jittered`.
        attributes: the names of the A attributes.
    """

    images: NDArray[np.uint8]
    partition: NDArray[np.uint8]
    labels: NDArray[np.int8] | None
    unreadable: int
    paths: Sequence[Path] = ()
    attributes: tuple[str, ...] = ATTRIBUTES

    def indices(self, partition: str) -> NDArray[np.int64]:
        """Positions of one partition ("train", "valid", "test") among the readable pictures."""
        return np.flatnonzero(self.partition == ("train", "valid", "test").index(partition))

    def jittered(
        self, rows: NDArray[np.int64], jitter: float, random: np.random.Generator, pool: Executor
    ) -> NDArray[np.uint8]:
        """The pictures of some rows, read anew and cropped each a little beside the shared crop.

        Args:
            rows: int64 [N].
            jitter: standard deviation of the crop's place, and of the distance of its edges from its middle, in
                pixels of the aligned picture.
            random: decides each crop.
            pool: of threads that read.

        Returns:
            uint8 [N, S, S, 3].

        Raises:
            DataError: a file can no longer be read.
        """
        shifts = random.normal(0, jitter, (len(rows), 2))
        zooms = np.exp(random.normal(0, jitter / (CROP_SIDE / 2), len(rows)))

        def read(row: int, shift: NDArray[np.float64], zoom: float) -> NDArray[np.uint8]:
            try:
                picture = open_picture(self.paths[row])
                return crop_beside(picture, self.images.shape[1], (shift[0], shift[1]), zoom)
            except OSError as error:
                raise DataError(
                    f"{spelled(self.paths[row])} can no longer be read. Put it back and add --resume."
                ) from error

        return np.stack(list(pool.map(read, rows.tolist(), shifts, zooms)))


def cache_folder() -> Path:
    """Where decoded arrays are kept: `FACESPACE_CACHE`, or `.cache/` beside the code."""
    return Path(os.environ.get("FACESPACE_CACHE") or Path(__file__).parents[2] / ".cache")


def load_faces(
    folder: CelebAFolder, image_size: int, crop: Crop = "celeba", *, workers: int = 2, progress: bool = True
) -> FaceArray:
    """Crops of the whole folder, from the cache where the folder has not changed since.

    Raises:
        DataError: none of the pictures can be read, or the cache cannot be written.
    """
    path = cache_folder() / f"faces-{image_size}-{_fingerprint(folder, image_size, crop)}.npy"
    readable_path = path.with_suffix(".json")
    if not (path.is_file() and readable_path.is_file()):
        try:
            _decode(folder, (image_size, crop), path, readable_path, workers, progress)
        except OSError as error:
            raise DataError(
                f"the picture cache cannot be written to {path.parent} ({error.strerror}). "
                "Free some room or set FACESPACE_CACHE to another folder."
            ) from error
    readable = np.array(json.loads(readable_path.read_text(encoding="utf-8")), dtype=np.int64)
    return FaceArray(
        images=np.load(path, mmap_mode="r", allow_pickle=False)[: len(readable)],
        partition=folder.partition[readable],
        labels=None if folder.labels is None else folder.labels[readable],
        unreadable=len(folder.paths) - len(readable),
        paths=[folder.paths[position] for position in readable],
        attributes=folder.attributes,
    )


def _fingerprint(folder: CelebAFolder, image_size: int, crop: Crop) -> str:
    """Names, sizes and times of the files: any change of the folder makes a new cache."""
    digest = hashlib.sha256(f"{CACHE_VERSION} {image_size} {crop}".encode())
    for path in folder.paths:
        try:
            stat = path.stat()
        except OSError:  # gone since the folder was looked at; a link to nowhere. It is left out as unreadable.
            continue
        digest.update(os.fsencode(path) + f" {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _decode(
    folder: CelebAFolder, view: tuple[int, Crop], path: Path, readable_path: Path, workers: int, progress: bool
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    shape = (len(folder.paths), view[0], view[0], 3)
    readable: list[int] = []
    try:
        images = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint8, shape=shape)
        with tqdm(total=len(folder.paths), desc="Decoding pictures", unit=" pictures", disable=not progress) as bar:
            for positions, crops, unreadable in read_crops(folder.paths, *view, workers=workers):
                images[len(readable) : len(readable) + len(positions)] = crops
                readable += positions.tolist()
                bar.update(len(positions) + len(unreadable))
        images.flush()
        del images  # Windows renames no file that is still mapped
        if not readable:
            raise DataError(f"none of the {len(folder.paths)} pictures in {spelled(folder.root)} can be read.")
        readable_path.write_text(json.dumps(readable), encoding="utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
