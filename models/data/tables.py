"""Tables of picture names as people have them: CelebA's own lists, Kaggle's, what pandas or a spreadsheet saved.

The separator, quotes, byte order marks, UTF-16, an index column in front, names with or without ".jpg" and the order
of the columns do not matter: columns are known by their names, and the column of pictures by what it holds.
"""

from __future__ import annotations

import csv
import os
import unicodedata
from collections import Counter
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
SURELY_PICTURES = PICTURE_COLUMNS - {"id", "name", "path"}
FEW_NUMBERS = {"-1", "0", "1", "2"}
SUFFIXES = tuple(PICTURE_SUFFIXES)
MOST_BYTES = 500_000_000
LOOKED_AT = 50  # rows that say which column holds the pictures


class AmbiguousTableError(DataError):
    """Two columns of a table could name the pictures."""


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
        at = _column_of_known(path, rows, known)
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
    odd, even = data[1:2000:2].count(0), data[:2000:2].count(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif max(odd, even) > 9 * min(odd, even):  # each letter of English has one, every end of a line in any language
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    text = data.decode(encoding, "replace")
    if "\0" in text[:2000]:
        raise DataError(f"{spelled(path)} is no text. Save it as CSV, or remove it.")
    return text


def _split(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its line."""
    lines = text.splitlines()
    separator = _separator([line for line in lines[:LOOKED_AT] if line.strip()])
    if separator is None:
        return [(line, cells) for line, words in enumerate(lines, 1) if (cells := words.split())]
    try:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise DataError(f"{spelled(path)} is no table that can be read ({error}). Save it as CSV again.") from error


def _separator(lines: Sequence[str]) -> str | None:
    """What cuts most of the lines into the same number of cells, names with commas in them or not; None: spaces."""
    best, found = (0, 0), None
    for separator in SEPARATORS:
        try:
            widths = Counter(map(len, csv.reader(lines, delimiter=separator, skipinitialspace=True)))
        except csv.Error:
            continue
        alike = max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))
        if alike > best:
            best, found = alike, separator
    return found if 2 * best[0] >= len(lines) else None


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


def _column_of_known(path: Path, rows: Sequence[tuple[int, list[str]]], known: Callable[[str], bool]) -> int | None:
    """The column that is called so, else the one that names pictures which are here, without suffix.

    Raises:
        AmbiguousTableError: two columns could be that one; a wrong choice would give each picture another's values.
    """
    width = max((len(cells) for _, cells in rows[:LOOKED_AT]), default=0)
    full = [cells for _, cells in rows if len(cells) > 1]
    counts = [sum(len(cells) > at and known(stem_of(cells[at])) for cells in full) for at in range(width)]
    called = [
        at for at in range(width) if any(len(row) > at and row[at].lower() in PICTURE_COLUMNS for row in full[:3])
    ]
    for at in called:
        if counts[at]:
            return at
    if any(row[at].lower() in SURELY_PICTURES for at in called for row in full[:3] if len(row) > at):
        return None  # it is about other pictures
    # Ones and zeros may be numbers of pictures as well; but numbers of pictures differ from each other.
    values = [{row[at] for row in full if len(row) > at} for at in range(width)]
    best = max(range(width), key=lambda at: len(values[at]) if counts[at] else 0, default=0)
    if not any(counts) or (
        values[best] <= FEW_NUMBERS and any(len(v) >= len(values[best]) for v in values[:best] + values[best + 1 :])
    ):
        return None
    here = [{value for value in column if known(stem_of(value))} for column in values]
    for at in range(width):
        if at != best and not here[at] <= FEW_NUMBERS and 2 * len(here[at]) > len(here[best]):
            raise AmbiguousTableError(
                f"{spelled(path)}: columns {min(at, best) + 1} and {max(at, best) + 1} could both be numbers of "
                'pictures. Write "image_id" above the one that is (and a name above each other), or give the pictures '
                "with their suffix, such as 000001.jpg."
            )
    return best


def _names_above(rows: Sequence[list[str]], at: int) -> tuple[str, ...] | None:
    """The names of the other columns, from the first row above the first picture's that has as many; None for none.

    Rows in between are about pictures that are not here.
    """
    width = len(rows[-1])
    for cells in rows[:-1]:
        if len(cells) == width - 1 and len(cells) > 1 and not at and cells[0].lower() not in PICTURE_COLUMNS:
            return tuple(cells)  # CelebA's own list has no name above the pictures
        if len(cells) == width:
            return None if stem_of(cells[at]).isdigit() else tuple(cells[:at] + cells[at + 1 :])
    return None
