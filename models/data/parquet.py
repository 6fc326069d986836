"""Door: `python -m models.data.parquet FOLDER` saves the pictures of Hugging Face's tables as files, with their labels.

Hugging Face hands data sets out as .parquet files: a column of pictures, each with its bytes and perhaps its file name,
and columns of labels beside it. What calls a picture 000001.jpg keeps CelebA's number; others are named by their place.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from models.data.data_error import DataError, spelled
from models.data.pictures import CELEBA_NAME, OFFICIAL_FOLDERS
from models.data.searching import search

if TYPE_CHECKING:
    import pyarrow.parquet as pq

DOOR = "python -m models.data.parquet"
ROWS = 64  # in memory at a time
SIGNATURES = {b"\xff\xd8": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}
SPLIT = re.compile(r"(train|valid|val|test)", re.IGNORECASE)  # as the files are called: train-00000-of-00019.parquet
OWN_FOLDER = "pictures"
UNFINISHED = ".unpacking"


def unpack(root: Path) -> Path:
    """Save the pictures of all .parquet files in a folder as files in a folder beside them.

    Args:
        root: the folder; its files may lie in folders of it.

    Returns:
        The folder of the pictures: `img_align_celeba` where they have CelebA's names, else `pictures`. In it lie a
        list of labels and, where the files say which part they are, one of parts. It appears whole or not at all.

    Raises:
        DataError: there is none, a file is damaged or holds no pictures, or pyarrow is not installed.
        OSError: the pictures cannot be written.
    """
    paths = [place.folder / name for place in search(root) for name in place.others if name.endswith(".parquet")]
    if not paths:
        raise DataError(f"{spelled(root)} holds no .parquet file. Give the folder that does.")
    tables = [(path, *_opened(path)) for path in sorted(paths)]
    celeba = all(_is_celebas(next(_names(file, column), None)) for _, file, column in tables)
    into, partial = root / (OFFICIAL_FOLDERS[0] if celeba else OWN_FOLDER), root / UNFINISHED
    if into.exists():
        raise DataError(f"{spelled(into)} is there already. Remove it first, or use it as it is.")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        labels, parts = _write(tables, celeba, partial)
        _write_list(partial / ("list_attr_celeba.csv" if celeba else "labels.csv"), labels)
        _write_list(partial / "list_eval_partition.csv", parts)
        os.replace(partial, into)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return into


def _opened(path: Path) -> tuple[pq.ParquetFile, str]:
    """A file and the name of its column of pictures."""
    try:
        import pyarrow as pa  # late: it comes with Streamlit, and only this needs it
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DataError("pyarrow reads .parquet files and is not installed: pip install pyarrow.") from error
    try:
        file = pq.ParquetFile(path)
        for field in file.schema_arrow:
            if pa.types.is_struct(field.type) and field.type.get_field_index("bytes") >= 0:
                return file, field.name
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{spelled(path)} is damaged or no .parquet file. Download it again.") from error
    raise DataError(f"{spelled(path)} has no column of pictures with their bytes. Remove it.")


def _names(file: pq.ParquetFile, column: str) -> Iterator[str | None]:
    for batch in file.iter_batches(1, columns=[column]):
        yield batch.to_pylist()[0][column].get("path")


def _is_celebas(name: str | None) -> bool:
    return bool(name) and CELEBA_NAME.fullmatch(Path(str(name)).stem) is not None


def _write(
    tables: Sequence[tuple[Path, pq.ParquetFile, str]], celeba: bool, into: Path
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write the pictures; returns the rows of the two lists.

    Raises:
        DataError: a file is damaged.
    """
    import pyarrow as pa

    labels: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    count = sum(file.metadata.num_rows for _, file, _ in tables)
    with tqdm(total=count, desc="Saving pictures", unit=" pictures") as bar:
        for path, file, column in tables:
            split = SPLIT.search(path.name)
            try:
                for at, row in enumerate(row for batch in file.iter_batches(ROWS) for row in batch.to_pylist()):
                    bar.update(1)
                    picture = row.pop(column) or {}
                    content = picture.get("bytes") or b""
                    suffix = next((s for start, s in SIGNATURES.items() if content.startswith(start)), None)
                    if suffix is None:
                        continue  # no picture, or of a format that no data set of faces uses
                    named = str(picture.get("path"))
                    kept = celeba and _is_celebas(named)
                    name = (Path(named).stem if kept else f"{path.stem}-{at:06d}") + suffix
                    (into / name).write_bytes(content)
                    labels.append({"image_id": name, **row})
                    if split:
                        parts.append({"image_id": name, "partition": split[1].lower()})
            except (pa.ArrowException, OSError) as error:
                if isinstance(error, OSError) and error.errno:  # of the disk; pyarrow's own have no number
                    raise
                raise DataError(f"{spelled(path)} is damaged. Download it again.") from error
    return labels, parts


def _write_list(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    columns = [*dict.fromkeys(name for row in rows for name in row)]
    if len(columns) < 2:  # names alone say nothing
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: list[str] | None = None) -> int:
    """Save the pictures of a folder's .parquet files; exit code 2 with one sentence where that cannot be done."""
    words = argparse.ArgumentParser(prog=DOOR, description=main.__doc__)
    words.add_argument("folder", type=Path, help="folder of .parquet files")
    folder = words.parse_args(arguments).folder
    try:
        print(f"{spelled(unpack(folder))} holds the pictures. Give this folder to --data.")
    except DataError as error:
        print(f"{DOOR}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{DOOR}: {spelled(folder)} cannot be written: {error.strerror}. Free some room.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; nothing was kept.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
