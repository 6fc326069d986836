"""Hugging Face's tables: their pictures become files, and keep numbers, labels and parts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.data import parquet
from models.data.attributes import ATTRIBUTES
from models.data.celeba import DataError, read_celeba
from tests.conftest import write_celeba


def write_tables(root, of, *, named, attributes=ATTRIBUTES):
    """The 12 pictures of a CelebA folder as `train` and `test` files of a data set."""
    folder = read_celeba(of)
    (root / "data").mkdir(parents=True)
    for split, rows in (("train", range(8)), ("test", range(8, 12))):
        table = {
            "image": [
                {"bytes": folder.paths[i].read_bytes(), "path": folder.paths[i].name if named else None} for i in rows
            ],
            "celeb_id": [100 + i for i in rows],
        }
        table |= {name: [bool(folder.labels[i, at]) for i in rows] for at, name in enumerate(attributes)}
        pq.write_table(pa.table(table), root / "data" / f"{split}-00000-of-00001.parquet")
    return folder


def test_names_of_celebas_keep_their_numbers_labels_and_parts(tmp_path, capsys):
    expected = write_tables(tmp_path / "hub", write_celeba(tmp_path / "celeba", 12), named=True)
    with pytest.raises(DataError, match=r"python -m models\.data\.parquet"):
        read_celeba(tmp_path / "hub")
    assert parquet.main([str(tmp_path / "hub")]) == 0
    assert "Give this folder to --data" in capsys.readouterr().out
    folder = read_celeba(tmp_path / "hub")
    assert folder.origin == "celeba"
    assert folder.numbers.tolist() == expected.numbers.tolist()
    assert np.array_equal(folder.labels, expected.labels)
    assert folder.partition.tolist() == [0] * 8 + [2] * 4
    assert [p.read_bytes() for p in folder.paths] == [p.read_bytes() for p in expected.paths]
    assert parquet.main([str(tmp_path / "hub")]) == 2
    assert "is there already" in capsys.readouterr().err


def test_pictures_without_names_are_ones_own_with_the_labels_of_their_rows(tmp_path):
    expected = write_tables(tmp_path / "hub", write_celeba(tmp_path / "celeba", 12), named=False)
    parquet.unpack(tmp_path / "hub")
    folder = read_celeba(tmp_path / "hub")
    assert folder.origin == "own"
    assert folder.numbers.min() >= 1_000_000_000
    contents = [p.read_bytes() for p in expected.paths]
    for row, path in enumerate(folder.paths):
        was = contents.index(path.read_bytes())
        for name, value in zip(folder.attributes, folder.labels[row], strict=True):
            assert value == expected.labels[was, ATTRIBUTES.index(name)]
        assert folder.partition[row] == (0 if was < 8 else 2)
    assert len(folder.attributes) > 30  # a column that is the same in all pictures is none


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "holds no .parquet file"), (b"PAR1 and no more", "is damaged"), ("labels", "has no column of pictures")],
)
def test_what_cannot_be_saved_is_one_sentence_and_leaves_nothing(tmp_path, capsys, content, said):
    path = tmp_path / "train-00000.parquet"
    if content == "labels":
        pq.write_table(pa.table({"label": [1, 2]}), path)
    elif content:
        path.write_bytes(content)
    assert parquet.main([str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == ([path] if content else [])
