"""What *Explore* gives away is read back: the same codes, the same numbers, a direction that moves the same pixels."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from app.checkpoints.decoding import decode
from app.controls.take_along import MOST_PICTURES, Taken, direction_to, few, table_of
from app.session.point import Point
from latent.code_table import csv_bytes, parquet_bytes
from latent.direction_file import direction_bytes, read_direction
from tests.app.small_models import small_model


@pytest.fixture(scope="module")
def model():
    return small_model()


def read_back(table, form):
    write, read = {"csv": (csv_bytes, pd.read_csv), "parquet": (parquet_bytes, pd.read_parquet)}[form]
    return read(io.BytesIO(write(table)))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_selection_is_read_back_with_the_same_codes_and_numbers(model, form):
    rows = np.array([3, 40, 41, 299])
    table = table_of(model, Point(), Taken("Some", "some", rows, model.atlas.mu), {"app": "facespace"})
    back = read_back(table, form)
    assert (back["image"] == model.atlas.image[rows]).all()
    assert (back[[f"z{i}" for i in range(6)]].to_numpy(np.float16) == model.atlas.mu[rows]).all()
    assert (back[["x", "y"]].to_numpy(np.float32) == model.atlas.xy[rows]).all()
    assert set(map(str, back["checkpoint_sha256"])) == {model.sha256}
    assert not [name for name in back.columns if "Attractive" in name]
    facts = pyarrow.parquet.read_schema(io.BytesIO(parquet_bytes(table))).metadata[b"facespace"]
    assert json.loads(facts)["app"] == "facespace"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_face_under_the_sliders_is_read_back_to_the_last_bit_with_what_is_read_off_it(model, form):
    z = model.atlas.mu[7].astype(np.float32) + np.float32(0.123456789)
    back = read_back(
        table_of(model, Point(image=int(model.atlas.image[7])), Taken("It", "it", None, z[None]), {}), form
    )
    assert (back[[f"z{i}" for i in range(6)]].to_numpy(np.float32)[0] == z).all()
    assert back["image"][0] == model.atlas.image[7]
    assert 0 <= back["score_Smiling"][0] <= 1
    assert "score_Attractive" not in back


def test_the_direction_to_a_group_moves_the_same_pixels_after_a_file(model):
    rows = np.flatnonzero(model.atlas.mu[:, 0] > 0.5)
    made = direction_to(model, Taken("Some", "some", rows, model.atlas.mu))
    back = read_direction(direction_bytes(made, model.sha256), 6, model.sha256)
    z = model.posterior.mean
    before = decode(model, (z + made.offset(2.0))[None])
    assert (decode(model, (z + back.offset(2.0))[None]) == before).all()
    assert (before != decode(model, z[None])).any()
    inside, outside = (
        model.atlas.mu[rows].astype(float).mean(0),
        np.delete(model.atlas.mu, rows, 0).astype(float).mean(0),
    )
    np.testing.assert_allclose(back.vector, inside - outside, atol=1e-3)


def test_of_many_faces_a_sheet_shows_the_same_ninety_each_time():
    chosen = few(np.arange(5000))
    assert len(chosen) == MOST_PICTURES
    assert (np.diff(chosen) > 0).all()
    assert (chosen == few(np.arange(5000))).all()
    assert len(few(np.arange(12))) == 12


def test_a_whole_map_is_not_copied_for_each_visitor(model):
    rows = np.arange(len(model.atlas))
    taken = Taken("All", "map", rows, model.atlas.mu)
    assert taken.codes is model.atlas.mu
    assert taken.count == len(rows)
    assert (taken.few() == few(model.atlas.mu)).all()
