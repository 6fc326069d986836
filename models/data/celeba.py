"""A CelebA folder as it lies on disk: pictures, partitions and attribute labels.

Understands the official layout (`img_align_celeba/` and `.txt` lists), the Kaggle variant (`.csv` lists, a
doubled `img_align_celeba` folder), any subset of either, and a plain folder of faces without lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.data.attributes import ATTRIBUTES

PARTITIONS = ("train", "valid", "test")
NO_PARTITION = 255
UNLABELLED = -1
PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


class DataError(ValueError):
    """A picture folder cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class CelebAFolder:
    """What a folder holds, sorted by image number.

    Attributes:
        root: the folder that was asked for.
        paths: the picture files, M of them.
        numbers: int32 [M], the number in each file's name (or its 1-based place where names are not numbers).
        partition: uint8 [M]: 0 train, 1 valid, 2 test, 255 not listed.
        labels: int8 [M, 40]: 1 present, 0 absent, -1 not listed; or None without a list.
    """

    root: Path
    paths: list[Path]
    numbers: NDArray[np.int32]
    partition: NDArray[np.uint8]
    labels: NDArray[np.int8] | None

    def indices(self, partition: str) -> NDArray[np.int64]:
        """Positions of one partition ("train", "valid" or "test").

        Raises:
            DataError: the folder lists no picture of that partition.
        """
        found = np.flatnonzero(self.partition == PARTITIONS.index(partition))
        if not len(found):
            raise DataError(
                f"{self.root} has no picture of the {partition} partition. Put list_eval_partition.txt "
                "(or .csv) of CelebA beside the pictures; it says which image belongs to which part."
            )
        return found

    def rows_of(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """Positions of image numbers [N] among the pictures: int64 [N], -1 where there is none."""
        rows = np.searchsorted(self.numbers, numbers).clip(0, len(self.numbers) - 1)
        return np.where(self.numbers[rows] == numbers, rows, -1)

    def labels_of(self, numbers: NDArray[np.integer]) -> NDArray[np.int8] | None:
        """Labels of image numbers [N]: int8 [N, 40], -1 for what is not listed; None without a list."""
        if self.labels is None:
            return None
        rows = self.rows_of(numbers)
        return np.where(rows[:, None] >= 0, self.labels[rows], np.int8(UNLABELLED))


def read_celeba(root: str | Path) -> CelebAFolder:
    """Read a CelebA folder. Lines for pictures that are not there are no error.

    Raises:
        DataError: the folder is missing, holds no picture, or a list cannot be parsed.
    """
    root = Path(root).expanduser()
    if not root.is_dir():
        raise DataError(f"{root} is not a folder. Give the folder that holds img_align_celeba and the .txt lists.")
    paths = _pictures(root)
    if not paths:
        raise DataError(f"{root} holds no .jpg, .png or .webp picture, nor a folder img_align_celeba that does.")
    if all(path.stem.isdigit() for path in paths):
        numbers = [int(path.stem) for path in paths]
        if len(set(numbers)) < len(numbers):
            raise DataError(f"{root} holds two pictures with one number; remove the copies.")
    else:
        numbers = list(range(1, len(paths) + 1))
    partitions = _read_list(root, "list_eval_partition", 1)
    attributes = _read_list(root, "list_attr_celeba", len(ATTRIBUTES))
    partition = np.full(len(paths), NO_PARTITION, np.uint8)
    labels = np.full((len(paths), len(ATTRIBUTES)), UNLABELLED, np.int8) if attributes else None
    for i, path in enumerate(paths):
        if listed := partitions.get(path.stem):
            partition[i] = listed[0]
        if labels is not None and (row := attributes.get(path.stem)):
            labels[i] = [value > 0 for value in row]  # the lists say 1 and -1
    return CelebAFolder(root, paths, np.array(numbers, np.int32), partition, labels)


def read_several(roots: Sequence[str | Path]) -> CelebAFolder:
    """Read CelebA folders, each with its own lists, as if they were one; numbers of pictures may occur twice.

    Raises:
        DataError: one of them cannot be read, or is given twice.
    """
    folders = [read_celeba(root) for root in roots]
    places = [folder.root.resolve() for folder in folders]
    if twice := [place for place in places if places.count(place) > 1]:
        raise DataError(f"{twice[0]} is given twice, so that each of its pictures would count twice. Give it once.")
    if len(folders) == 1:
        return folders[0]
    labels = [
        np.full((len(folder.paths), len(ATTRIBUTES)), UNLABELLED, np.int8) if folder.labels is None else folder.labels
        for folder in folders
    ]
    return CelebAFolder(
        root=folders[0].root,
        paths=[path for folder in folders for path in folder.paths],
        numbers=np.concatenate([folder.numbers for folder in folders]),
        partition=np.concatenate([folder.partition for folder in folders]),
        labels=np.concatenate(labels) if any(folder.labels is not None for folder in folders) else None,
    )


def _pictures(root: Path) -> list[Path]:
    """Picture files of the deepest `img_align_celeba` (Kaggle doubles it), or of the folder itself."""
    folder = root
    while (folder / "img_align_celeba").is_dir():
        folder = folder / "img_align_celeba"
    found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES]
    return sorted(found, key=lambda path: (int(path.stem) if path.stem.isdigit() else 0, path.name))


def _read_list(root: Path, name: str, columns: int) -> dict[str, list[int]]:
    """Rows of `name`.txt or `name`.csv as {file stem: numbers}; empty where neither file exists.

    Raises:
        DataError: a row has the wrong number of columns or a value that is not a whole number.
    """
    for path in (root / f"{name}.txt", root / f"{name}.csv"):
        if path.is_file():
            break
    else:
        return {}
    rows: dict[str, list[int]] = {}
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        words = line.replace(",", " ").split()
        if not words or Path(words[0]).suffix.lower() not in PICTURE_SUFFIXES:
            _check_header(path, words, columns)
            continue
        try:
            values = [int(word) for word in words[1:]]
        except ValueError:
            values = []
        if len(values) != columns:
            raise DataError(
                f"{path}, line {number}: expected a file name and {columns} whole numbers. "
                "Copy the list again from the CelebA download."
            )
        rows[Path(words[0]).stem] = values
    if not rows:
        raise DataError(f"{path} lists no picture. Copy it again from the CelebA download, or remove it.")
    return rows


def _check_header(path: Path, words: list[str], columns: int) -> None:
    """Attribute columns must stand in the official order, since the classifier's outputs do."""
    names = words[1:] if words and words[0] == "image_id" else words
    if columns == len(ATTRIBUTES) and len(names) == columns and tuple(names) != ATTRIBUTES:
        raise DataError(f"{path}: the attribute columns are not CelebA's 40 in their official order.")
