"""Vectors of a model that stays elsewhere, as the Models page shows them."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.components.atlas_map import DensityColouring, KindsColouring, ValueColouring
from app.server.published import find_published
from app.views.models import vectors
from app.views.models.vectors import brought, sort_pictures, table_of
from latent.code_table import csv_bytes
from tests.conftest import PATIENCE

Z = np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)
KINDS = np.array(["cat", "dog"] * 20, object)


def published(url: str) -> bytes:
    digest, name = url.rsplit("/", 2)[1:]
    found = find_published(digest, name)
    assert found is not None
    assert isinstance(found.source, bytes)
    return found.source


def test_files_are_told_by_their_endings():
    assert sort_pictures([]) == ({}, "")
    assert sort_pictures(["a.ZIP"]) == ({"pictures.zip": 0}, "")
    assert sort_pictures(["my.json", "my.onnx"]) == ({"config.json": 0, "decoder.onnx": 1}, "")
    for names in (["a.zip", "b.npy"], ["a.onnx"], ["a.npy", "b.npy"]):
        found, problem = sort_pictures(names)
        assert not found
        assert problem.startswith("Bring one file of pictures")


def test_labels_become_colours_and_conditions_and_the_table_is_read_back():
    age = np.where(np.arange(40) == 3, np.nan, np.arange(40.0))
    made = brought("z.npy", Z, {"kind": KINDS, "age": age}, Z[:, :2], [b"one", b"two"] * 20)
    assert [one.of for one in made.quantities] == ["own:kind", "own:age"]
    assert made.quantities[0].words == ("cat", "dog")
    kind = vectors._colouring(made, "kind")
    assert isinstance(kind, KindsColouring)
    assert (np.frombuffer(published(kind.url), np.uint8) == [0, 1] * 20).all()
    assert isinstance(vectors._colouring(made, "age"), ValueColouring)
    assert isinstance(vectors._colouring(made, "How crowded"), DensityColouring)
    assert made.pictures is not None
    ends = np.frombuffer(published(made.pictures.ends), "<i4")
    assert published(made.pictures.url)[ends[2] : ends[3]] == b"two"
    rows = np.array([1, 5])
    table = pd.read_csv(io.BytesIO(csv_bytes(table_of(made, rows))))
    assert (table[["z0", "z1", "z2"]].to_numpy(np.float32) == Z[rows]).all()
    assert list(table["kind"]) == ["dog", "dog"]
    assert list(table["row"]) == [1, 5]


def _page() -> None:
    from app.views.models.vectors import map_vectors

    map_vectors()


@pytest.mark.parametrize("owner", [True, False])
def test_only_the_owner_maps_vectors(monkeypatch, owner):
    monkeypatch.setattr(vectors, "is_owner", lambda: owner)
    page = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    assert not page.exception
    assert bool(page.info) is not owner
    assert [button.label for button in page.button if "Map these" in button.label] == ["Map these vectors"] * owner
