"""CelebA's two lists, partitions and attributes, and lists of attributes that somebody made of their own pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.data.attributes import ATTRIBUTES, plain_name
from models.data.data_error import DataError, spelled
from models.data.tables import AmbiguousTableError, Table, read_table

UNLABELLED = -1
PARTITIONS = ("train", "valid", "test")
ENDINGS = (".txt", ".csv", ".tsv")
LIST_FOLDERS = ("", "Anno", "Eval", "anno", "eval")
PARTITION_COLUMNS = {"partition", "split", "part", "set", "subset", "fold"}
PARTITION_WORDS = {
    **{word: part for part in range(3) for word in (str(part), f"{part}.0", PARTITIONS[part])},
    **{"training": 0, "val": 1, "validation": 1, "dev": 1, "testing": 2},
}
LABEL_WORDS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y", "t"), 1),
    **dict.fromkeys(("-1", "0", "-1.0", "0.0", "false", "no", "n", "f"), 0),
    **dict.fromkeys(("", "nan", "na", "none", "null", "?"), UNLABELLED),
}
CELEBAS_ORDER = "the order of CelebA's own list"
MOST_OWN = 200  # attributes of one's own; more are no attributes
LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class Labels:
    """Attributes of pictures.

    Attributes:
        names: of the A attributes.
        of: A values for each picture that is listed, by its name without suffix: 1 present, 0 absent, -1 unknown.
        notes: a sentence for what of the list was not used.
    """

    names: tuple[str, ...]
    of: Mapping[str, Sequence[int]]
    notes: tuple[str, ...] = ()


def find_list(places: Iterable[Path], name: str) -> Path | None:
    """The first file called `name`.txt, .csv or .tsv in some folders, or in the `Anno` and `Eval` beside them."""
    for place in places:
        for folder in LIST_FOLDERS:
            for ending in ENDINGS:
                path = place / folder / f"{name}{ending}"
                if path.is_file():
                    return path
    return None


def names_any(path: Path, known: Callable[[str], bool]) -> bool:
    """Whether a list is about some picture that is here: CelebA's own may lie beside others."""
    try:
        return any(known(stem) for _, stem, _ in read_table(path, known).rows)
    except AmbiguousTableError:
        return True
    except DataError:
        return False


def read_partitions(path: Path, known: Callable[[str], bool]) -> dict[str, int]:
    """The part of each picture that a list names: 0 train, 1 valid, 2 test.

    Raises:
        DataError: it is no such list; the sentence names the line.
    """
    table = read_table(path, known)
    at = _partition_column(table)
    parts: dict[str, int] = {}
    for line, stem, cells in table.rows:
        part = PARTITION_WORDS.get(cells[at].lower()) if len(cells) > at else None
        if part is None:
            found = cells[at] if len(cells) > at else ""
            raise DataError(
                f"{spelled(path)}, line {line}: expected a part, 0 (train), 1 (valid) or 2 (test), and found "
                f"{found!r}. Copy the list again from the CelebA download."
            )
        if parts.setdefault(stem, part) != part:
            raise _listed_twice(path, line, stem)
    return parts


def _listed_twice(path: Path, line: int, stem: str) -> DataError:
    return DataError(
        f"{spelled(path)}, line {line}: {stem!r} is listed before with something else. Copy the list again from the "
        "CelebA download, or remove one of the two lines."
    )


def _partition_column(table: Table) -> int:
    if table.columns is not None:
        for at, name in enumerate(table.columns):
            if name.strip().lower() in PARTITION_COLUMNS:
                return at
    width = max((len(cells) for _, _, cells in table.rows), default=0)
    fitting = [
        at
        for at in range(width)
        if all(len(cells) > at and cells[at].lower() in PARTITION_WORDS for _, _, cells in table.rows)
    ]
    return fitting[-1] if fitting else max(0, width - 1)


def read_celeba_labels(path: Path, known: Callable[[str], bool]) -> Labels:
    """CelebA's 40 attributes, in the official order whatever the order of the columns.

    Raises:
        DataError: columns are missing or values are no labels; the sentence names the line.
    """
    table = read_table(path, known)
    notes: tuple[str, ...] = ()
    if table.columns is None:
        columns = list(range(len(ATTRIBUTES)))
        notes = (f"{spelled(path)} has no names above its columns, so they were taken in {CELEBAS_ORDER}.",)
    else:
        place = {_plain(name): at for at, name in enumerate(table.columns)}
        missing = [name for name in ATTRIBUTES if _plain(name) not in place]
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise DataError(
                f"{spelled(path)} has no column {missing[0]}{more} of CelebA's {len(ATTRIBUTES)} attributes. Copy the "
                "list again from the CelebA download, or remove it."
            )
        columns = [place[_plain(name)] for name in ATTRIBUTES]
    width = len(ATTRIBUTES) if table.columns is None else len(table.columns)
    labels: dict[str, list[int]] = {}
    for line, stem, cells in table.rows:
        if len(cells) != width:
            raise DataError(
                f"{spelled(path)}, line {line}: expected a file name and {width} values, and found {len(cells)}. "
                "Copy the list again from the CelebA download."
            )
        try:
            row = [LABEL_WORDS[cells[at]] for at in columns]
        except KeyError:
            row = [_label(cells[at], path, line) for at in columns]
        if labels.setdefault(stem, row) != row:
            raise _listed_twice(path, line, stem)
    return Labels(ATTRIBUTES, labels, notes)


def _label(cell: str, path: Path, line: int) -> int:
    value = LABEL_WORDS.get(cell.lower())
    if value is None:
        raise DataError(
            f"{spelled(path)}, line {line}: expected 1 or -1 (or 0, true, false), and found {cell[:40]!r}. "
            "Copy the list again from the CelebA download."
        )
    return value


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def read_own_labels(paths: Sequence[Path], known: Callable[[str], bool]) -> tuple[Labels | None, tuple[str, ...]]:
    """Attributes from the first table that names pictures of a folder exactly; None where none does. And notes.

    Each column of ones and zeros (or minus ones, true and false, yes and no) is an attribute; other columns are named
    in a note and left out.
    """
    unclear: tuple[str, ...] = ()
    for path in paths:
        try:
            table = read_table(path, known)
        except AmbiguousTableError as error:
            unclear += (f"No attributes were read from it: {error}",)
            continue
        except DataError:
            continue  # somebody's other table
        rows = [(stem, cells) for _, stem, cells in table.rows if known(stem)]
        if table.columns is None or not rows:
            continue
        values = {
            at: [LABEL_WORDS.get(cells[at].lower()) if len(cells) > at else UNLABELLED for _, cells in rows]
            for at in range(len(table.columns))
        }
        binary = [
            at for at, column in values.items() if None not in column and {0, 1} <= set(column) and table.columns[at]
        ][:MOST_OWN]
        if not binary:
            continue
        names = _unique([table.columns[at] for at in binary])
        of = {stem: [int(values[at][row] or 0) for at in binary] for row, (stem, _) in enumerate(rows)}
        others = [name for i, name in enumerate(table.columns) if i not in binary]
        return Labels(names, of, _said(path, names, others)), unclear
    return None, unclear


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names that a page can tell apart, none too long for it; CelebA's attributes keep CelebA's spelling."""
    official = {_plain(name): name for name in ATTRIBUTES}
    shown: dict[str, str] = {}
    for name in names:
        short = " ".join(name.split())[:LONGEST_NAME]
        short = official.get(_plain(short), short)
        said, number = short, 2
        while plain_name(said).lower() in shown:
            said, number = f"{short[: LONGEST_NAME - 4]} {number}", number + 1
        shown[plain_name(said).lower()] = said
    return tuple(shown.values())


def _said(path: Path, names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    more = "".join(f", {name}" for name in names[:3]) if names else ""
    used = f"{len(names)} attributes of your own were read from {spelled(path)}{':' + more[1:] if more else ''}"
    used += " and others." if len(names) > 3 else "."
    left = [name for name in others if name]
    if not left:
        return (used,)
    return (f"{used} Columns that hold more than yes and no were left out: {', '.join(left[:3])}.",)
