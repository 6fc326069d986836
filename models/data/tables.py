"""Tables of picture names as people have them: CelebA's own lists, Kaggle's, what pandas or a spreadsheet saved.

The separator, quotes, byte order marks, UTF-16, an index column in front, names with or without ".jpg" and the order
of the columns do not matter: columns are known by their names, and the column of pictures by what it holds.
"""

from __future__ import annotations

import csv
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.data.data_error import DataError, spelled
from models.data.searching import PICTURE_SUFFIXES

SEPARATORS = ("\t", ";", ",")
PICTURE_COLUMNS = {
    "image_id",
    "image",
    "filename",
    "file_name",
    "file",
    "name",
    "img",
    "picture",
    "photo",
    "id",
    "path",
}
SUFFIXES = tuple(PICTURE_SUFFIXES)
MOST_BYTES = 500_000_000
LOOKED_AT = 50  # rows that say which column holds the pictures


@dataclass(frozen=True)
class Table:
    """A list of pictures with values.

    Attributes:
        path: the file.
        columns: the names of the columns beside the pictures'; None where no row of names stands above.
        rows: for each picture its line in the file, its name without folder and suffix, and its cells.
    """

    path: Path
    columns: tuple[str, ...] | None
    rows: list[tuple[int, str, list[str]]]


def stem_of(name: str) -> str:
    """The name of a picture without folder and suffix, in one spelling of accents (macOS has another)."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, suffix = os.path.splitext(base)
    return unicodedata.normalize("NFC", stem if suffix.lower() in PICTURE_SUFFIXES else base)


def read_table(path: Path, known: Callable[[str], bool]) -> Table:
    """Read a table.

    Args:
        path: the file.
        known: whether a name without suffix is that of a picture that is there.

    Raises:
        DataError: it cannot be read as text, or no column of it names pictures.
    """
    rows = _split(path, _text(path))
    at = _column_with_suffixes(rows)
    named = known if at is None else _has_suffix
    if at is None:
        at = _column_of_known(rows, known)
    if at is None:
        begin = " ".join(rows[0][1])[:60] if rows else ""
        raise DataError(
            f"{spelled(path)} names no picture of this folder in any column (it begins {begin!r}). A list has the file "
            "name of each picture, such as 000001.jpg, and its values. Copy it again, or remove it."
        )
    first = next(i for i, (_, cells) in enumerate(rows) if _is_row(cells, at, named))
    body = [(line, stem_of(c[at]), c[:at] + c[at + 1 :]) for line, c in rows[first:] if _is_row(c, at, named)]
    return Table(path, _names_above([cells for _, cells in rows[: first + 1]], at), body)


def _text(path: Path) -> str:
    """The file as text, whichever of the usual encodings it has.

    Raises:
        DataError: it cannot be read, or is no text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{spelled(path)} is larger than 500 MB: no list of pictures. Remove it.")
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{spelled(path)} cannot be read: {error.strerror}.") from error
    zeros = data[:2000].count(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif zeros > len(data[:2000]) // 4:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    text = data.decode(encoding, "replace")
    if "\0" in text[:2000]:
        raise DataError(f"{spelled(path)} is no text. Save it as CSV, or remove it.")
    return text


def _split(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its line."""
    lines = text.splitlines()
    sample = "\n".join(lines[:LOOKED_AT])
    separator = max(SEPARATORS, key=sample.count)
    if not sample.count(separator):
        return [(line, cells) for line, words in enumerate(lines, 1) if (cells := words.split())]
    try:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise DataError(f"{spelled(path)} is no table that can be read ({error}). Save it as CSV again.") from error


def _has_suffix(cell: str) -> bool:
    return cell.lower().endswith(SUFFIXES)


def _is_row(cells: Sequence[str], at: int, named: Callable[[str], bool]) -> bool:
    """Whether a row is about a picture; a count alone, such as CelebA's lists begin with, is not."""
    if len(cells) <= at or (len(cells) == 1 and named is not _has_suffix):
        return False
    return named(cells[at]) if named is _has_suffix else named(stem_of(cells[at]))


def _column_with_suffixes(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """The column that holds names such as 000001.jpg, by the first rows."""
    looked_at = [cells for _, cells in rows[:LOOKED_AT]]
    width = max(map(len, looked_at), default=0)
    counts = [sum(len(cells) > at and _has_suffix(cells[at]) for cells in looked_at) for at in range(width)]
    return counts.index(max(counts)) if any(counts) else None


def _column_of_known(rows: Sequence[tuple[int, list[str]]], known: Callable[[str], bool]) -> int | None:
    """The column that is called so, else the one that names pictures which are here, without suffix."""
    width = max((len(cells) for _, cells in rows[:LOOKED_AT]), default=0)
    full = [cells for _, cells in rows if len(cells) > 1]
    counts = [sum(len(cells) > at and known(stem_of(cells[at])) for cells in full) for at in range(width)]
    for at in range(width):
        if counts[at] and any(len(cells) > at and cells[at].lower() in PICTURE_COLUMNS for cells in full[:3]):
            return at
    # Ones and zeros may be numbers of pictures as well; but numbers of pictures differ from each other.
    differ = [len({cells[at] for cells in full if len(cells) > at}) if counts[at] else 0 for at in range(width)]
    return differ.index(max(differ)) if any(differ) else None


def _names_above(rows: Sequence[list[str]], at: int) -> tuple[str, ...] | None:
    """The names of the other columns, from a row above the first picture's, the last; None where there is none."""
    width = len(rows[-1])
    for cells in reversed(rows[:-1]):
        if len(cells) == width - 1 and len(cells) > 1:  # CelebA's own list has no name above the pictures
            return tuple(cells)
        if len(cells) == width:
            return tuple(cells[:at] + cells[at + 1 :])
    return None
