"""Tables of somebody's own are matched to faces by number or name; what cannot be used is named."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from latent.own_columns import OwnColumnsError, read_own_columns


def written(table, form):
    buffer = io.BytesIO()
    (table.to_csv if form == "csv" else table.to_parquet)(buffer, index=False)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_numbers_words_and_yes_or_no_are_matched_by_number(form):
    table = pd.DataFrame(
        {"z0": [0.0] * 4, "image": [30, 10, 20, 99], "age": [1.5, 2.5, np.nan, 4.0], "hair": ["fair", "dark", None, ""],
         "kept": [True, False, True, True]}
    )  # fmt: skip
    own = read_own_columns(written(table, form), f"mine.{form}")
    rows = own.rows_of(np.array([10, 11, 20, 30], np.int32))
    assert rows.tolist() == [0, -1, 1, 2]
    age, hair, kept = own.columns
    np.testing.assert_equal(age.of(rows), [2.5, np.nan, np.nan, 1.5])
    assert hair.words == ("dark", "fair")
    np.testing.assert_equal(hair.of(rows), [0, np.nan, np.nan, 1])
    assert kept.words == ("false", "true")
    assert (age.name, own.left_out) == ("age", ())


def test_pictures_are_found_by_their_names_too():
    table = pd.DataFrame({"name": ["000012.jpg", "photos/anna.png", "nobody.png", "7"], "age": [1, 2, 3, 4]})
    own = read_own_columns(written(table, "csv"), "mine.CSV", {"anna": 900_000})
    assert own.image.tolist() == [7, 12, 900_000]
    assert own.columns[0].values.tolist() == [4, 1, 2]


def test_what_cannot_be_filtered_by_is_left_out_with_a_sentence():
    rows = 200
    table = pd.DataFrame(
        {"image": range(rows), "age": range(rows), "note": [f"note {i}" for i in range(rows)],
         "day": pd.Timestamp("2026-01-01")}
    )  # fmt: skip
    own = read_own_columns(written(table, "parquet"), "mine.parquet")
    assert [column.name for column in own.columns] == ["age"]
    assert len(own.left_out) == 2
    assert "200 different words" in own.left_out[0]
    many = pd.DataFrame({"image": [1], **{f"n{i}": [i] for i in range(14)}})
    own = read_own_columns(written(many, "csv"), "mine.csv")
    assert (len(own.columns), len(own.left_out)) == (12, 2)


def test_a_long_word_that_stands_a_million_times_takes_no_room_for_each():
    table = pa.table({"image": range(200_000), "word": pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(200_000, np.int32)), ["long " * 20_000])})  # fmt: skip
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    (word,) = read_own_columns(buffer.getvalue(), "mine.parquet").columns  # 20 GB, were each one written out
    assert len(word.words[0]) == 60
    assert (word.values == 0).all()


@pytest.mark.parametrize(
    ("data", "file", "words"),
    [
        (b"age\n1\n", "a.csv", "does not say which face"),
        (b"image,age\nx,1\n", "a.csv", "no row of the column image"),
        (b"image,age\n1,1\n1,2\n", "a.csv", "more than one row for face 1"),
        (b"image,x,score_Male\n1,1,1\n", "a.csv", "no column to filter by"),
        (b"image,age,age\n1,1,2\n", "a.csv", "two columns of the same name"),
        (b"image,age\n1\n", "a.csv", "damaged"),
        (b"", "a.csv", "damaged"),
        (b"PAR1 and nothing", "a.parquet", "damaged"),
        (b"", "a.xlsx", "neither .csv nor .parquet"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_the_reason(data, file, words):
    with pytest.raises(OwnColumnsError, match=words) as error:
        read_own_columns(data, file)
    assert "\n" not in str(error.value)
