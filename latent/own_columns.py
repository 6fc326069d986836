"""A table that somebody brings: what is known of faces beyond the atlas, by the faces' numbers or names."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow

MAX_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_WORDS, LONGEST_WORD = 20_000_000, 1_000_000, 12, 100, 60
KEYS = ("image", "image_id", "number", "name", "file", "filename")
"""The column that says which face a row is of: the first of these that is there."""
WRITTEN_HERE = re.compile(r"z\d+|x|y|part|distance|score_.*|checkpoint_sha256")
"""What the app's own tables hold, which is known already: a table may be taken along, added to and brought back."""


class OwnColumnsError(ValueError):
    """A table cannot be used; the message says what was found and what to do."""


@dataclass(frozen=True, eq=False)
class Column:
    """What N faces have.

    Attributes:
        name: as the table has it.
        values: float64 [N], NaN where unknown; of words their places among `words`.
        words: the different words in order; none for numbers.
    """

    name: str
    values: NDArray[np.float64]
    words: tuple[str, ...] = ()

    def of(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The values of rows [M] of the table: float64 [M], NaN where a row is -1."""
        return np.where(rows < 0, np.nan, self.values[rows])


@dataclass(frozen=True, eq=False)
class OwnColumns:
    """A table as it was read.

    Attributes:
        image: int64 [N], the faces' numbers, ascending.
        columns: by what to filter.
        left_out: a sentence for each column that cannot be filtered by.
    """

    image: NDArray[np.int64]
    columns: tuple[Column, ...]
    left_out: tuple[str, ...] = ()

    def rows_of(self, image: NDArray[np.integer]) -> NDArray[np.int64]:
        """The table's row for each of some faces [M]: int64 [M], -1 where it has none."""
        at = np.minimum(np.searchsorted(self.image, image), len(self.image) - 1)
        return np.where(self.image[at] == image, at, -1)


def read_own_columns(data: bytes, file: str, names: Mapping[str, int] | None = None) -> OwnColumns:
    """Read a CSV or Parquet file with a row for each face.

    One column, called image, image_id, number, name, file or filename, says which face: its number, or the name of its
    picture ("000012.jpg" is face 12). Numbers become ranges, words (and yes or no) choices.

    Args:
        data: the file's content.
        file: its name, whose ending says what it is.
        names: numbers of pictures that are not CelebA's, by their names without the ending.

    Raises:
        OwnColumnsError: it is damaged or too large, says of no row which face it is, or has nothing to filter by.
    """
    table = _table(data, file)
    if len(set(table.column_names)) < len(table.column_names):
        raise OwnColumnsError(f"{file} has two columns of the same name. Give each its own.")
    key = next((name for name in KEYS if name in table.column_names), None)
    if key is None:
        raise OwnColumnsError(
            f"{file} does not say which face a row is of: its columns are {', '.join(table.column_names[:8])}. Call "
            "the one that has the pictures' numbers image, or the one that has their names name."
        )
    image = _numbers(table[key], names or {})
    known = image >= 0
    if not known.any():
        raise OwnColumnsError(f"{file}: no row of the column {key} is the number or the name of a picture. Check it.")
    order = np.flatnonzero(known)[np.argsort(image[known], kind="stable")]
    numbers = image[order]
    if (twice := numbers[1:][numbers[1:] == numbers[:-1]]).size:
        raise OwnColumnsError(f"{file} has more than one row for face {twice[0]}. Leave one of them.")
    columns: list[Column] = []
    left_out: list[str] = []
    for name in table.column_names:
        if name == key or WRITTEN_HERE.fullmatch(name):
            continue
        try:
            columns.append(_column(name[:LONGEST_WORD], table[name].take(order)))
        except OwnColumnsError as error:
            left_out.append(str(error))
    if not columns:
        raise OwnColumnsError(
            " ".join([f"{file} has no column to filter by besides {key}.", *left_out, "Add one of numbers or words."])
        )
    for column in columns[MOST_COLUMNS:]:
        left_out.append(f"{column.name} is left out: {MOST_COLUMNS} columns are the most.")
    return OwnColumns(numbers, tuple(columns[:MOST_COLUMNS]), tuple(left_out))


def _table(data: bytes, file: str) -> pyarrow.Table:
    from pyarrow import ArrowException, csv, parquet

    suffix = PurePath(file).suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise OwnColumnsError(f"{file} is neither .csv nor .parquet. Save the table as one of these.")
    if len(data) > MAX_BYTES:
        raise OwnColumnsError(f"{file} is larger than {MAX_BYTES // 1_000_000} MB. Leave out what need not be known.")
    try:
        if suffix == ".csv":
            return csv.read_csv(io.BytesIO(data))
        opened = parquet.ParquetFile(io.BytesIO(data))
        # Words stay numbers with a list of words: a small file may say one very long word a million times.
        words = [column.name for column in opened.schema_arrow if str(column.type) in ("string", "large_string")]
        opened = parquet.ParquetFile(io.BytesIO(data), read_dictionary=words)
        rows, columns = opened.metadata.num_rows, opened.metadata.num_columns
        if rows > MOST_ROWS or rows * columns > 40 * MOST_ROWS:
            raise OwnColumnsError(f"{file} has {rows:,} rows of {columns:,} columns. Leave out what need not be known.")
        return opened.read()
    except (ArrowException, OSError) as error:
        raise OwnColumnsError(f"{file} is damaged, or no table. Save it again.") from error


def _numbers(column: pyarrow.ChunkedArray, names: Mapping[str, int]) -> NDArray[np.int64]:
    """The faces' numbers, -1 where an entry says none."""

    def number(entry: Any) -> int:
        if isinstance(entry, str):
            stem = PurePath(entry.strip()).stem
            if stem in names:
                return names[stem]
            entry = int(stem) if stem.isascii() and stem.isdigit() and len(stem) < 19 else None
        whole = isinstance(entry, int) or (isinstance(entry, float) and entry.is_integer())
        return int(entry) if whole and not isinstance(entry, bool) and 0 <= entry < 2**62 else -1

    if not _is_text(column.type):
        return np.array([number(entry) for entry in column.to_pylist()], np.int64)
    places, words = _words(column)
    numbers = np.array([*(number(word) for word in words), -1], np.int64)  # the last for what is not there: place -1
    return numbers[places]


def _column(name: str, values: pyarrow.ChunkedArray) -> Column:
    import pyarrow.types as kinds

    if kinds.is_boolean(values.type):
        values = values.cast("string")
    if kinds.is_integer(values.type) or kinds.is_floating(values.type) or kinds.is_decimal(values.type):
        return Column(name, np.asarray(values.cast("double").to_numpy(zero_copy_only=False), np.float64))
    if not _is_text(values.type):
        raise OwnColumnsError(f"{name} is left out: it holds neither numbers nor words ({values.type}).")
    at, told = _words(values)
    words = sorted({word for word in told if word})
    if len(words) > MOST_WORDS:
        raise OwnColumnsError(f"{name} is left out: it has {len(words):,} different words; {MOST_WORDS} are the most.")
    place = {word: float(place) for place, word in enumerate(words)}
    places = np.array([*(place.get(word, np.nan) for word in told), np.nan])
    return Column(name, places[at], tuple(word[:LONGEST_WORD] for word in words))


def _is_text(kind: pyarrow.DataType) -> bool:
    import pyarrow.types as kinds

    inner = kind.value_type if kinds.is_dictionary(kind) else kind
    return bool(kinds.is_string(inner) or kinds.is_large_string(inner))


def _words(column: pyarrow.ChunkedArray) -> tuple[NDArray[np.int64], list[str]]:
    """Each entry's place among the different words, -1 where there is none, and the words."""
    import pyarrow

    if len(column) == 0:
        return np.zeros(0, np.int64), []
    one = pyarrow.concat_arrays(column.unify_dictionaries().chunks)
    encoded = one if pyarrow.types.is_dictionary(one.type) else one.dictionary_encode()
    places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return places, encoded.dictionary.to_pylist()
