"""Vectors of a model that stays elsewhere, with their labels, from a file that somebody brings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

CODE = re.compile(r"z\d+")
Source = Path | BinaryIO
Labels = dict[str, NDArray[Any]]


def read_vectors(
    source: Source, name: str, labels: Source | None = None, labels_name: str = ""
) -> tuple[NDArray[np.float32], Labels]:
    """Read vectors and their labels.

    Args:
        source: numbers [N, D] as `.npy`; or a `.parquet` or `.csv` with a row for each vector, whose numbers stand in
            columns z0, z1 and so on or, in Parquet, as a list in one column. All its other columns are labels.
        name: of that file, whose ending says what it is.
        labels, labels_name: more of them, a `.parquet` or `.csv` of N rows in the same order.

    Returns:
        float32 [N, D], N at least 2, finite; and the labels [N] by name.

    Raises:
        ValueError: a file holds something else or is damaged; the message says what was found.
        OSError: it cannot be read.
    """
    known: Labels = {}
    if PurePath(name).suffix.lower() == ".npy":
        codes = _array(source, name)
    else:
        codes, known = _codes_of(_table(source, name), name)
    z = np.asarray(codes)
    if z.ndim != 2 or not np.issubdtype(z.dtype, np.number) or len(z) < 2 or np.iscomplexobj(z):
        raise ValueError(
            f"{name} holds {z.dtype} of shape {'x'.join(map(str, z.shape))}; save an array [N, D] of numbers, a row "
            "for each of two or more vectors."
        )
    with np.errstate(over="ignore"):  # what is too large for float32 is infinite there, and told
        z = z.astype(np.float32)
    finite = np.isfinite(z).all(axis=1)
    if not finite.all():
        raise ValueError(f"{name} has a number that is not finite in row {int(finite.argmin())}; leave such rows out.")
    more = {} if labels is None else _table(labels, labels_name)
    rows = len(next(iter(more.values()))) if more else len(z)
    if rows != len(z):
        raise ValueError(
            f"Rows in {labels_name}: {rows}, vectors: {len(z)}. Bring a table with a row for each, in the same order."
        )
    return z, check_labels({**known, **more}, len(z))


def check_labels(labels: Mapping[str, NDArray[Any]], count: int) -> Labels:
    """The labels, of which each has a value for each vector.

    Raises:
        ValueError: one does not.
    """
    for name, values in labels.items():
        if values.shape != (count,):
            raise ValueError(f"the label {name!r} has {len(values)} values for {count} vectors.")
    return dict(labels)


def _array(source: Source, name: str) -> NDArray[Any]:
    try:
        found = np.load(source, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        if "Object arrays" in str(error):  # in which anything may hide that runs when it is opened
            raise ValueError(
                f"{name} holds Python objects, which are not opened here; save the numbers alone by numpy.save."
            ) from error
        raise ValueError(f"{name} is damaged, or no array; save the vectors again by numpy.save.") from error
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{name} holds several arrays; save that of the vectors alone by numpy.save.")
    return found


def _table(source: Source, name: str) -> Labels:
    from pyarrow import ArrowException, csv, parquet

    suffix = PurePath(name).suffix.lower()
    if suffix not in (".parquet", ".csv"):
        raise ValueError(f"{name} is neither .npy, .parquet nor .csv; save the vectors as one of these.")
    try:
        table = parquet.read_table(source) if suffix == ".parquet" else csv.read_csv(source)
    except (ArrowException, OSError) as error:
        raise ValueError(f"{name} is damaged, or no table; save it again.") from error
    # numpy makes an array of each list, and of words objects
    return {column: table[column].to_numpy(zero_copy_only=False) for column in table.column_names}


def _codes_of(table: Labels, name: str) -> tuple[NDArray[Any], Labels]:
    """The vectors and the labels of a table."""
    numbered = sorted((column for column in table if CODE.fullmatch(column)), key=lambda column: int(column[1:]))
    lists = [column for column, values in table.items() if len(values) and isinstance(values[0], np.ndarray)]
    if numbered:
        words = [column for column in numbered if not np.issubdtype(table[column].dtype, np.number)]
        if words:
            raise ValueError(f"{name} has words in its column {words[0]}; leave only numbers there.")
        codes = np.stack([table[column] for column in numbered], axis=1)
    elif len(lists) == 1:
        try:
            codes = np.stack([np.asarray(row, np.float32) for row in table[lists[0]]])
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{name} has lists in its column {lists[0]} that are not equally many numbers each; make them so."
            ) from error
    else:
        found = f"{len(lists)} columns of lists" if lists else f"only {', '.join(list(table)[:8])}"
        raise ValueError(
            f"{name} has {found}; bring the vectors as columns of numbers called z0, z1 and so on, or as one column of "
            "lists."
        )
    return codes, {column: values for column, values in table.items() if column not in {*numbered, *lists}}
