"""Lists as people have them: whatever the separator, quotes, encoding and order, each label is the right one."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from models.data.attributes import ATTRIBUTES
from models.data.celeba import DataError, read_celeba
from tests.conftest import write_celeba
from tests.models.data.test_folders import save

COUNT = 12


def write_table(path, columns, rows, *, separator=",", quote="", encoding="utf-8"):
    lines = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in ([columns] if columns else []) + rows]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))


def spelling(values, yes, no):
    return [yes if value else no for value in values]


def shuffled(columns, rows):
    order = [0, *np.random.default_rng(1).permutation(np.arange(1, len(columns)))]
    return [columns[i] for i in order], [[row[i] for i in order] for row in rows]


def indexed(columns, rows):
    return ["", *columns], [[str(i), *row] for i, row in enumerate(rows)]


def last(columns, rows):
    return [*columns[1:], columns[0]], [[*row[1:], row[0]] for row in rows]


def bare(columns, rows):
    return columns, [[row[0].removesuffix(".jpg"), *row[1:]] for row in rows]


def unpadded(columns, rows):
    return columns, [[str(int(row[0].removesuffix(".jpg"))), *row[1:]] for row in rows]


def with_paths(columns, rows):
    return columns, [[f"img_align_celeba/{row[0]}", *row[1:]] for row in rows]


def more_columns(columns, rows):
    return [*columns, "lefteye_x"], [[*row, "69"] for row in rows]


CASES = {
    "another order": (shuffled, {}),
    "another order behind a byte order mark": (shuffled, {"encoding": "utf-8-sig"}),
    "an index column": (indexed, {}),
    "an index column and another order": (lambda *table: indexed(*shuffled(*table)), {}),
    "quotes": (None, {"quote": '"'}),
    "semicolons": (None, {"separator": ";"}),
    "tabs": (None, {"separator": "\t"}),
    "UTF-16": (None, {"encoding": "utf-16"}),
    "UTF-16 without a mark": (None, {"encoding": "utf-16-le"}),
    "names without .jpg": (bare, {}),
    "names without .jpg and an index": (lambda *table: indexed(*bare(*table)), {}),
    "names as plain numbers": (unpadded, {}),
    "names with their folder": (with_paths, {}),
    "the names at the end": (last, {}),
    "a column more": (more_columns, {}),
    "lines of Windows": (None, {"separator": ",", "windows": True}),
}


@pytest.mark.parametrize("yes_no", [("1", "-1"), ("1", "0"), ("1.0", "-1.0"), ("True", "False")])
@pytest.mark.parametrize("case", CASES)
def test_labels_are_read_by_name(tmp_path, case, yes_no):
    change, options = CASES[case]
    root = write_celeba(tmp_path, COUNT)
    expected = read_celeba(root)
    (root / "list_attr_celeba.txt").unlink()
    columns = ["image_id", *ATTRIBUTES]
    rows = [[f"{i:06d}.jpg", *spelling(expected.labels[i - 1], *yes_no)] for i in range(1, COUNT + 1)]
    if change:
        columns, rows = change(columns, rows)
    options = dict(options)
    windows = options.pop("windows", False)
    write_table(root / "list_attr_celeba.csv", columns, rows, **options)
    if windows:
        path = root / "list_attr_celeba.csv"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert np.array_equal(read_celeba(root).labels, expected.labels)


def test_two_columns_of_numbers_without_names_above_are_refused_not_guessed(tmp_path):
    root = write_celeba(tmp_path, COUNT)
    (root / "list_eval_partition.txt").unlink(missing_ok=True)
    # What pandas saves, its first row gone: 0 to 11 are an index, 1 to 12 the pictures.
    write_table(root / "list_eval_partition.csv", None, [[str(i), str(i + 1), str(i % 3)] for i in range(COUNT)])
    with pytest.raises(DataError, match="columns 1 and 2 could both be numbers of pictures"):
        read_celeba(root)


def test_own_pictures_with_an_unclear_table_are_read_without_it_and_that_is_said(tmp_path):
    for i in range(1, 31):
        save(tmp_path / f"{i}.jpg", (178, 218))
    write_table(
        tmp_path / "mine.csv", ["nr", "age", "glasses"], [[str(i), str(31 - i), "01"[i % 2]] for i in range(1, 31)]
    )
    folder = read_celeba(tmp_path)
    assert folder.labels is None
    assert any("mine.csv" in note and "image_id" in note for note in folder.notes)
    write_table(
        tmp_path / "mine.csv",
        ["image_id", "age", "glasses"],
        [[str(i), str(31 - i), "01"[i % 2]] for i in range(1, 31)],
    )
    folder = read_celeba(tmp_path)
    assert folder.attributes == ("glasses",)
    assert [int(p.stem) % 2 for p in folder.paths] == folder.labels[:, 0].tolist()


@pytest.mark.parametrize("header", ["image_id", "filename", "\ufefffile", ""])
def test_an_order_of_its_own_is_read_whatever_stands_above_the_names(tmp_path, header):
    root = write_celeba(tmp_path, COUNT)
    expected = read_celeba(root).labels
    (root / "list_attr_celeba.txt").unlink()
    backwards = ATTRIBUTES[::-1]
    rows = [[f"{i:06d}.jpg", *spelling(expected[i - 1][::-1], "1", "-1")] for i in range(1, COUNT + 1)]
    write_table(root / "list_attr_celeba.csv", [header, *backwards], rows)
    assert np.array_equal(read_celeba(root).labels, expected)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["image_id", "partition"], ("0", "1", "2")),
        (["partition", "image_id"], ("0.0", "1.0", "2.0")),
        (["", "image_id", "split"], ("train", "val", "test")),
        (None, ("0", "1", "2")),
    ],
)
def test_partitions_are_read_by_name(tmp_path, columns, words):
    root = write_celeba(tmp_path, COUNT)
    expected = read_celeba(root).partition
    (root / "list_eval_partition.txt").unlink()
    rows = []
    for i in range(COUNT):
        cells = {"image_id": f"{i + 1:06d}.jpg", "": str(i)}
        rows.append([cells.get(name, words[expected[i]]) for name in columns or ("image_id", "partition")])
    write_table(root / "list_eval_partition.csv", columns, rows)
    assert np.array_equal(read_celeba(root).partition, expected)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("list_attr_celeba.csv", "image_id,Bald\n000001.jpg,1\n", "no column 5_o_Clock_Shadow and 38 more"),
        ("list_attr_celeba.txt", "000001.jpg " + "1 " * 39 + "maybe\n", "line 1: expected 1 or -1"),
        ("list_attr_celeba.txt", "hello\n", "names no picture"),
        ("list_attr_celeba.txt", "", "names no picture"),
        ("list_attr_celeba.txt", "1.jpg" + " 1" * 40 + "\n1.jpg" + " -1" * 40 + "\n", "line 2: '1' is listed before"),
        ("list_eval_partition.txt", "000001.jpg 0\n000001.jpg 2\n", "line 2: '000001' is listed before"),
        ("list_eval_partition.txt", "000001.jpg 7\n", "line 1: expected a part"),
        ("list_eval_partition.txt", "000001.jpg\n", "line 1: expected a part"),
        ("list_eval_partition.txt", "000001.jpg 0\n\0\0\0\n" + "x" * 99, "is no text"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, file, text, said):
    root = write_celeba(tmp_path, 3)
    (root / file.replace("csv", "txt")).unlink()
    (root / file).write_text(text)
    with pytest.raises(DataError) as refused:
        read_celeba(root)
    assert said in str(refused.value)
    assert file in str(refused.value)


@pytest.fixture
def portraits(tmp_path):
    for i in range(20):
        save(tmp_path / f"IMG_{i:04d}.jpg")
    return tmp_path


def test_attributes_of_ones_own_have_any_names(portraits):
    rows = [[str(i), f"IMG_{i:04d}", str(i % 2), "yes" if i % 3 else "no", str(20 + i), "", "1"] for i in range(20)]
    columns = ["", "photo", "Freckles", "From *Bonn*", "Age", "Empty", "Always"]
    write_table(portraits / "my attributes.csv", columns, rows, separator=";", encoding="utf-16")
    folder = read_celeba(portraits)
    assert folder.attributes == ("Freckles", "From *Bonn*")
    names = [path.stem for path in folder.paths]
    assert folder.labels[:, 0].tolist() == [int(name[-4:]) % 2 for name in names]
    assert folder.labels[:, 1].tolist() == [int(int(name[-4:]) % 3 > 0) for name in names]
    assert "2 attributes of your own were read" in folder.notes[-1]
    assert "Age" in folder.notes[-1]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_greek_names_are_read_in_any_encoding(tmp_path, encoding):
    for i in range(3):
        save(tmp_path / f"Ωμέγα{i}.jpg")
    rows = [[f"Ωμέγα{i}.jpg", str(i)] for i in range(3)]
    write_table(tmp_path / "list_eval_partition.csv", ["εικόνα", "split"], rows, encoding=encoding)
    assert read_celeba(tmp_path).partition.tolist() == [0, 1, 2]


def test_a_list_without_names_is_read_in_celebas_order_and_that_is_said(tmp_path):
    root = write_celeba(tmp_path, COUNT)
    expected = read_celeba(root)
    assert expected.notes == ()
    path = root / "list_attr_celeba.txt"
    path.write_text("\n".join(path.read_text().splitlines()[2:]))
    folder = read_celeba(root)
    assert np.array_equal(folder.labels, expected.labels)
    assert "has no names above its columns" in folder.notes[0]


def test_rows_of_pictures_that_are_not_here_are_no_names_of_columns(tmp_path):
    root = write_celeba(tmp_path, COUNT)
    expected = read_celeba(root)
    for name, columns in (("list_attr_celeba", ATTRIBUTES), ("list_eval_partition", ["partition"])):
        (root / f"{name}.txt").unlink()
        true = expected.labels if columns is ATTRIBUTES else expected.partition[:, None]
        rows = [[str(i), *map(str, true[i % COUNT])] for i in (99, 98)]
        rows += [[str(i), *map(str, true[i - 1])] for i in range(COUNT, 0, -1)]
        write_table(root / f"{name}.csv", ["image_id", *columns], rows)
    assert np.array_equal(read_celeba(root).labels, expected.labels)
    assert np.array_equal(read_celeba(root).partition, expected.partition)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_within_names_do_not_hide_the_one_between_cells(tmp_path, separator):
    names = [f"Bonn; May, {i}.jpg" for i in range(6)]
    for name in names:
        save(tmp_path / name)
    with (tmp_path / "mine.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(
            [["file", "Freckles"], *([n, i % 2] for i, n in enumerate(names))]
        )
    folder = read_celeba(tmp_path)
    assert folder.labels[:, 0].tolist() == [int(path.stem[-1]) % 2 for path in folder.paths]


def test_pictures_that_ones_own_table_leaves_out_are_unlabelled(portraits):
    rows = [[f"IMG_{i:04d}.jpg", str(i % 2)] for i in range(10)]
    write_table(portraits / "labels.csv", ["file", "Freckles"], rows)
    folder = read_celeba(portraits)
    listed = np.array([int(path.stem[-4:]) < 10 for path in folder.paths])
    assert ((folder.labels[:, 0] >= 0) == listed).all()


def test_other_tables_beside_ones_own_pictures_are_no_error(portraits):
    (portraits / "budget.csv").write_text("what,how much\nfilm,12\n")
    (portraits / "broken.csv").write_bytes(b"\xff\xfe\x00" + bytes(range(256)))
    folder = read_celeba(portraits)
    assert folder.labels is None
    assert len(folder.paths) == 20


def test_ones_own_partition_list_counts(portraits):
    write_table(
        portraits / "list_eval_partition.csv", ["file", "part"], [[f"IMG_{i:04d}.jpg", str(i % 3)] for i in range(20)]
    )
    folder = read_celeba(portraits)
    assert folder.partition.tolist() == [int(path.stem[-4:]) % 3 for path in folder.paths]
    assert not any("chance" in note for note in folder.notes)
