"""Vectors of a model that stays elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import facespace
from facespace import vectors
from latent.code_table import code_table, csv_bytes, parquet_bytes


@pytest.fixture(scope="module")
def z():
    return np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)


KINDS = np.array(["cat", "dog"] * 20)


def test_numbers_and_labels_are_read_from_every_kind_of_file(z, tmp_path):
    np.save(tmp_path / "z.npy", z)
    (tmp_path / "z.csv").write_bytes(csv_bytes(code_table(z, {"kind": KINDS}, {})))
    (tmp_path / "z.parquet").write_bytes(parquet_bytes(code_table(z, {"kind": KINDS}, {})))
    pd.DataFrame({"kind": KINDS, "embedding": list(z)}).to_parquet(tmp_path / "lists.parquet")
    pd.DataFrame({"kind": KINDS}).to_csv(tmp_path / "kinds.csv", index=False)
    for name, labels in (("z.npy", tmp_path / "kinds.csv"), ("z.npy", {"kind": KINDS}), ("z.csv", None),
                         ("z.parquet", None), ("lists.parquet", None)):  # fmt: skip
        read = facespace.open_vectors(tmp_path / name, labels)
        assert (read.z == z).all(), name
        assert (read.labels["kind"] == KINDS).all(), name


def test_a_direction_between_two_values_is_the_way_between_their_means(z):
    read = vectors.Vectors(z, {"kind": KINDS})
    expected = z[1::2].mean(0) - z[::2].mean(0)
    np.testing.assert_allclose(read.direction("kind", "dog").vector, expected, atol=1e-6)
    np.testing.assert_allclose(read.direction("kind", "dog", "cat").vector, expected, atol=1e-6)


def test_the_map_is_a_file_that_needs_no_network(z, tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "embed", lambda mu: (mu[:, :2].copy(), {}))
    read = vectors.Vectors(z, {"kind": KINDS, "age": np.arange(40)})
    for colour in (None, "kind", "age"):
        read.save_map(tmp_path / "map.html", colour)
        page = (tmp_path / "map.html").read_text(encoding="utf-8")
        assert "kind: dog" in page
        assert '<script src="http' not in page
    np.testing.assert_allclose(read.place(z[:2]), read.xy[:2], atol=1e-3)


def test_pictures_stand_in_the_file_of_the_map_and_there_is_one_for_each_vector(z, tmp_path):
    read = vectors.Vectors(z[:, :2], {"kind": KINDS})
    drawn = np.random.default_rng(0).integers(0, 255, (40, 80, 80, 3), np.uint8)
    Image.fromarray(drawn[0]).save(tmp_path / "one.png")
    for pictures in (drawn, [tmp_path / "one.png"] * 40):
        read.save_map(tmp_path / "map.html", "kind", pictures=pictures)
        page = (tmp_path / "map.html").read_text(encoding="utf-8")
        assert page.count("data:image\\u002fjpeg;base64,") + page.count("data:image/jpeg;base64,") == 40
        assert "plotly_hover" in page
        assert '<script src="http' not in page
    with pytest.raises(ValueError, match="pictures: 3, vectors: 40"):
        read.save_map(tmp_path / "map.html", pictures=drawn[:3])


def test_vectors_of_two_numbers_are_their_own_map(z):
    assert (vectors.Vectors(z[:, :2], {}).xy == z[:, :2]).all()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (np.zeros(5), r"float64 of shape 5; save an array \[N, D\]"),
        (np.array([["a", "b"], ["c", "d"]]), "of shape 2x2; save an array"),
        (np.array([[0, 1], [1.0, np.nan], [np.inf, 1]]), "not finite in row 1; leave such rows out"),
        (np.array([[1, None], [2, 3]], object), "Python objects, which are not opened here; save the numbers alone"),
    ],
)
def test_what_are_no_vectors_is_said(content, said, tmp_path):
    np.save(tmp_path / "z.npy", content)
    with pytest.raises(facespace.errors, match=said):
        facespace.open_vectors(tmp_path / "z.npy")


def test_labels_and_columns_that_do_not_fit_are_named(z, tmp_path):
    np.save(tmp_path / "z.npy", z)
    with pytest.raises(ValueError, match="'kind' has 3 values for 40 vectors"):
        facespace.open_vectors(tmp_path / "z.npy", {"kind": [1, 2, 3]})
    pd.DataFrame({"a": [1, 2]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(ValueError, match="has only a; bring the vectors as columns of numbers called z0"):
        facespace.open_vectors(tmp_path / "a.csv")
    with pytest.raises(ValueError, match=r"Rows in a\.csv: 2, vectors: 40. Bring a table with a row for each"):
        facespace.open_vectors(tmp_path / "z.npy", tmp_path / "a.csv")
    pd.DataFrame({"z0": ["a", "b"], "z1": [1, 2]}).to_parquet(tmp_path / "words.parquet")
    with pytest.raises(ValueError, match="words in its column z0; leave only numbers"):
        facespace.open_vectors(tmp_path / "words.parquet")
    pd.DataFrame({"a": [[1.0], [2.0]], "b": [[1.0], [2.0]]}).to_parquet(tmp_path / "two.parquet")
    with pytest.raises(ValueError, match="has 2 columns of lists; bring the vectors as"):
        facespace.open_vectors(tmp_path / "two.parquet")
    pd.DataFrame({"a": [[1.0], [2.0, 3.0]]}).to_parquet(tmp_path / "uneven.parquet")
    with pytest.raises(ValueError, match="lists in its column a that are not equally many"):
        facespace.open_vectors(tmp_path / "uneven.parquet")
    for name in ("no.npy", "no.parquet"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(ValueError, match=f"{name} is damaged, or no (array|table); save"):
            facespace.open_vectors(tmp_path / name)
    with pytest.raises(ValueError, match="There are: kind"):
        vectors.Vectors(z, {"kind": KINDS}).direction("colour", "red")
