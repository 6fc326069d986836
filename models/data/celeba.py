"""A folder of faces as it lies on disk: pictures, their numbers, parts and labels.

Understands CelebA's official download, Kaggle's variant, torchvision's, any part of these, and a plain folder of
somebody's own faces, with or without a table of attributes. What is left out or not what it seems is said in `notes`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.data.attributes import ATTRIBUTES
from models.data.data_error import DataError, spelled
from models.data.lists import (
    PARTITIONS,
    UNLABELLED,
    Labels,
    find_list,
    names_any,
    read_celeba_labels,
    read_own_labels,
    read_partitions,
)
from models.data.pictures import LAST_CELEBA, OFFICIAL_FOLDERS, Origin, PictureFiles, find_pictures, numbers_of
from models.data.tables import stem_of

__all__ = ["NO_PARTITION", "PARTITIONS", "UNLABELLED", "CelebAFolder", "DataError", "read_celeba", "read_several"]

NO_PARTITION = 255
LAST_OF_PART = (162_770, 182_637, LAST_CELEBA)
"""The last number of CelebA's training, validation and test part, as its `list_eval_partition.txt` has them."""
SHARES = (0.8, 0.1, 0.1)  # of one's own pictures, for the three parts
SPLIT_SEED = 0
CELEBA_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class CelebAFolder:
    """What a folder holds: CelebA's pictures by number, others by name.

    Attributes:
        root: the folder that was asked for.
        paths: the picture files, M of them.
        numbers: int32 [M]: CelebA's own, or for other pictures one beyond CelebA's that follows from the name.
        partition: uint8 [M]: 0 train, 1 valid, 2 test, 255 not listed.
        labels: int8 [M, A]: 1 present, 0 absent, -1 not listed; or None without a list.
        attributes: the names of the A attributes: CelebA's 40, or one's own.
        origin: "celeba" where the pictures are CelebA's aligned ones, else what they look like.
        notes: sentences on what was left out or is not what it seems.
    """

    root: Path
    paths: list[Path]
    numbers: NDArray[np.int32]
    partition: NDArray[np.uint8]
    labels: NDArray[np.int8] | None
    attributes: tuple[str, ...] = ATTRIBUTES
    origin: Origin = "celeba"
    notes: tuple[str, ...] = ()

    def indices(self, partition: str) -> NDArray[np.int64]:
        """Positions of one partition ("train", "valid" or "test").

        Raises:
            DataError: the folder lists no picture of that partition.
        """
        found = np.flatnonzero(self.partition == PARTITIONS.index(partition))
        if not len(found):
            raise DataError(
                f"{spelled(self.root)} has no picture of the {partition} partition. "
                "list_eval_partition.txt (or .csv) beside the pictures says which belongs to which part."
            )
        return found

    def rows_of(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """Positions of image numbers [N] among the pictures: int64 [N], -1 where there is none."""
        order = np.argsort(self.numbers)  # one's own pictures lie by name
        rows = order[np.searchsorted(self.numbers, numbers, sorter=order).clip(0, len(order) - 1)]
        return np.where(self.numbers[rows] == numbers, rows, -1)

    def labels_of(self, numbers: NDArray[np.integer]) -> NDArray[np.int8] | None:
        """Labels of image numbers [N]: int8 [N, A], -1 for what is not listed; None without a list."""
        if self.labels is None:
            return None
        rows = self.rows_of(numbers)
        return np.where(rows[:, None] >= 0, self.labels[rows], np.int8(UNLABELLED))

    def own_scores(self, rows: NDArray[np.integer]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
        """Attributes that are not CelebA's, as a map keeps what the classifier reads: names, and uint8 [R, B] 0 or 255.

        Args:
            rows: positions of R pictures; attributes that are not known of all of them are left out.
        """
        if self.labels is None:
            return (), np.empty((len(rows), 0), np.uint8)
        labels = self.labels[rows]
        own = [
            column
            for column, name in enumerate(self.attributes)
            if name not in ATTRIBUTES and (labels[:, column] != UNLABELLED).all()
        ]
        return tuple(self.attributes[column] for column in own), (labels[:, own] > 0).astype(np.uint8) * 255


def read_several(roots: Sequence[str | Path]) -> CelebAFolder:
    """Read folders of faces, each with its own lists, as if they were one; numbers of pictures may occur twice.

    Attributes are those of the first folder that has some; of one that lists others, the pictures count as unlabelled.

    Raises:
        DataError: one of them cannot be read, or is given twice.
    """
    folders = [read_celeba(root) for root in roots]
    places = [folder.root.resolve() for folder in folders]
    if twice := [place for place in places if places.count(place) > 1]:
        raise DataError(
            f"{spelled(twice[0])} is given twice, so that each of its pictures would count twice. Give it once."
        )
    if len(folders) == 1:
        return folders[0]
    attributes = next((folder.attributes for folder in folders if folder.labels is not None), ATTRIBUTES)
    labels = [
        np.full((len(folder.paths), len(attributes)), UNLABELLED, np.int8)
        if folder.labels is None or folder.attributes != attributes
        else folder.labels
        for folder in folders
    ]
    return CelebAFolder(
        root=folders[0].root,
        paths=[path for folder in folders for path in folder.paths],
        numbers=np.concatenate([folder.numbers for folder in folders]),
        partition=np.concatenate([folder.partition for folder in folders]),
        labels=np.concatenate(labels) if any(folder.labels is not None for folder in folders) else None,
        attributes=attributes,
        origin=folders[0].origin,
        notes=tuple(note for folder in folders for note in folder.notes),
    )


class Keys:
    """What a list may call each picture of a folder: its name, and for CelebA's the number with or without zeros."""

    def __init__(self, files: PictureFiles) -> None:
        self.celeba = files.origin == "celeba"
        self.ordered = [self.of(stem_of(path.name)) for path in files.paths]
        self._here = set(self.ordered)

    def of(self, name: str) -> str:
        """The key of a name without suffix."""
        return f"{int(name):06d}" if self.celeba and CELEBA_NUMBER.fullmatch(name) else name

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.of(name) in self._here


def read_celeba(root: str | Path) -> CelebAFolder:
    """Read a folder of faces. Lines for pictures that are not there are no error.

    Raises:
        DataError: the folder is missing, holds no picture, or a list cannot be parsed.
    """
    root = Path(root).expanduser()
    files = find_pictures(root)
    numbers = np.array(numbers_of(files), np.int32)
    keys = Keys(files)
    partition, split = _partition(root, files, keys, numbers)
    labels, unclear = _labels(root, files, keys)
    return CelebAFolder(
        root=root,
        paths=files.paths,
        numbers=numbers,
        partition=partition,
        labels=None if labels is None else _in_order(labels, keys),
        attributes=ATTRIBUTES if labels is None else labels.names,
        origin=files.origin,
        notes=(*files.notes, *split, *(() if labels is None else labels.notes), *unclear),
    )


def _in_order(labels: Labels, keys: Keys) -> NDArray[np.int8]:
    """Labels of all pictures, int8 [M, A]."""
    listed = {keys.of(name): row for name, row in labels.of.items()}
    unlisted = [UNLABELLED] * len(labels.names)
    return np.array([listed.get(key, unlisted) for key in keys.ordered], np.int8)


def _places(root: Path, files: PictureFiles) -> list[Path]:
    """Folders where lists may lie, the nearest first; above `root` too where that is CelebA's own inner folder."""
    between = [files.folder, *files.folder.parents]
    inside = between[: between.index(root) + 1] if root in between else [root, files.folder]
    too_low = root.name in (*OFFICIAL_FOLDERS, "Img")
    above = list(root.absolute().parents)[:2] if files.origin == "celeba" and too_low else []
    return [*reversed(inside), *above]


def _partition(
    root: Path, files: PictureFiles, keys: Keys, numbers: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """The part of each picture, uint8 [M], and a sentence where no list says it.

    Raises:
        DataError: there is a list that cannot be read.
    """
    path = find_list(_places(root, files), "list_eval_partition")
    if path is not None and (files.origin == "celeba" or names_any(path, keys.__contains__)):
        listed = {keys.of(name): part for name, part in read_partitions(path, keys.__contains__).items()}
        return np.array([listed.get(key, NO_PARTITION) for key in keys.ordered], np.uint8), ()
    if files.origin == "celeba":
        note = (
            "There is no list_eval_partition beside the pictures, so they were put into the parts that CelebA's own "
            f"list gives these numbers: train up to {LAST_OF_PART[0]}, valid up to {LAST_OF_PART[1]}, then test."
        )
        return np.searchsorted(LAST_OF_PART, numbers).astype(np.uint8), (note,)
    partition = split_by_chance([file.stem for file in files.paths])
    counts = ", ".join(f"{int((partition == part).sum())} {PARTITIONS[part]}" for part in range(3))
    note = (
        f"No list says which picture is for training, so they were split by chance (seed {SPLIT_SEED}): {counts}. "
        "Where several show one person, that person may be in more than one part."
    )
    return partition, (note,)


def split_by_chance(names: Sequence[str]) -> NDArray[np.uint8]:
    """Training, validation and test part for pictures, uint8 [M]: 80, 10 and 10 of a hundred on average.

    Each picture's part follows from its name, so that it stays when others come or go and none moves from training
    to test. Of three pictures and more each part gets one.
    """
    places = [
        int.from_bytes(hashlib.sha256(f"{SPLIT_SEED} ".encode() + os.fsencode(name)).digest()[:8], "big") / 2**64
        for name in names
    ]
    partition = np.searchsorted(np.cumsum(SHARES)[:2], places, side="right").astype(np.uint8)
    for part in range(3) if len(names) >= 3 else ():
        if not (partition == part).any():
            largest = np.flatnonzero(partition == np.bincount(partition).argmax())
            partition[max(largest, key=places.__getitem__)] = part
    return partition


def _labels(root: Path, files: PictureFiles, keys: Keys) -> tuple[Labels | None, tuple[str, ...]]:
    """CelebA's labels for CelebA's pictures, one's own for others; and a sentence for each table that is unclear.

    Raises:
        DataError: CelebA's list cannot be read.
    """
    places = _places(root, files)
    path = find_list(places, "list_attr_celeba")
    if files.origin == "celeba":
        return None if path is None else read_celeba_labels(path, keys.__contains__), ()
    tables = [table for place in dict.fromkeys(places) for table in sorted(place.iterdir()) if _may_be_own(table)]
    if path is not None and files.origin == "own":
        tables.append(path)
    return read_own_labels(tables, keys.__contains__)


def _may_be_own(path: Path) -> bool:
    """Whether a file may be a table of one's own attributes; CelebA's lists are not for other pictures."""
    name = path.name.lower()
    if name.startswith((".", "list_")) or not path.is_file():
        return False
    return name.endswith((".csv", ".tsv")) or (name.endswith(".txt") and "attr" in name)
