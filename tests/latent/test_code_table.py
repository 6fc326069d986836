import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from latent.atlas import load_atlas
from latent.code_table import code_table, csv_bytes, known_of, parquet_bytes
from latent.posterior import aggregate_posterior, distance_percentiles
from models import SHIPPED

READERS = {"csv": (csv_bytes, pd.read_csv), "parquet": (parquet_bytes, pd.read_parquet)}


@pytest.mark.parametrize("form", READERS)
def test_codes_come_back_to_the_last_bit(form):
    z = (np.random.default_rng(0).standard_normal((50, 3)) * [1e-8, 1, 1e6]).astype(np.float32)
    write, read = READERS[form]
    back = read(io.BytesIO(write(code_table(z, {"name": [f'a "{i}", b' for i in range(50)]}, {}))))
    assert (back[["z0", "z1", "z2"]].to_numpy(np.float32) == z).all()
    assert back["name"][7] == 'a "7", b'


def test_parquet_says_which_weights_the_codes_belong_to():
    data = parquet_bytes(code_table(np.zeros((1, 2)), {}, {"checkpoint_sha256": "abc"}))
    facts = pyarrow.parquet.read_schema(io.BytesIO(data)).metadata[b"facespace"]
    assert json.loads(facts) == {"checkpoint_sha256": "abc"}


def test_what_the_shipped_atlas_knows_of_its_faces_stands_beside_their_codes():
    atlas = load_atlas(SHIPPED / "vae" / "atlas.npz")
    posterior = aggregate_posterior(atlas)
    rows = np.flatnonzero(atlas.partition == 2)
    known = known_of(atlas, rows, posterior, distance_percentiles(atlas, posterior), ["Smiling", "Male"])
    table = pd.read_csv(io.BytesIO(csv_bytes(code_table(atlas.mu[rows], known, {}))))
    assert list(table.columns[:8]) == ["image", "part", "x", "y", "distance", "score_Smiling", "score_Male", "z0"]
    assert (table["image"].to_numpy() == atlas.image[rows]).all()
    assert set(table["part"]) == {"test"}
    assert (table[["x", "y"]].to_numpy(np.float32) == atlas.xy[rows]).all()
    assert (np.round(table["score_Male"] * 255) == atlas.scores[rows, atlas.attributes.index("Male")]).all()
    assert (table[[f"z{i}" for i in range(128)]].to_numpy(np.float16) == atlas.mu[rows]).all()
    assert 48 < table["distance"].median() < 52  # percentiles of these very faces
