"""A brought table becomes what the map is filtered by, for each model by its own faces."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.controls.own_columns import BROUGHT, own_quantities
from latent.own_columns import read_own_columns
from tests.app.components.test_atlas_map import fetch
from tests.app.session.test_point import part_of
from tests.app.small_models import in_folder, small_model
from tests.conftest import PATIENCE


@pytest.fixture
def model(monkeypatch, tmp_path):
    monkeypatch.setattr(st, "session_state", {})
    st.cache_resource.clear()
    return in_folder(small_model("vae"), tmp_path)


def table(model):
    return pd.DataFrame(
        {
            "image": model.atlas.image[:100],
            "age": np.arange(100.0),
            "hair": np.where(np.arange(100) % 2, "dark", "fair"),
        }
    )


def bytes_of(url):
    return fetch(url, "u1")


def test_numbers_and_words_of_a_brought_table_reach_the_browser_as_bytes(model):
    own = read_own_columns(table(model).to_csv(index=False).encode(), "mine.csv")
    st.session_state[BROUGHT] = ("mine.csv", "digest", own)
    age, hair = own_quantities(model)
    assert (age.of, age.name, age.low, age.high) == ("own:age", "age", 0.0, 99.0)
    told = bytes_of(age.url)
    np.testing.assert_allclose(told[:100] / 254 * 99, np.arange(100), atol=0.2)
    assert (told[100:] == 255).all()
    assert hair.words == ("dark", "fair")
    assert bytes_of(hair.url)[:4].tolist() == [1, 0, 1, 0]
    other = part_of(model, np.arange(50, 300))
    other = replace(other, files=replace(other.files, identity="another"))
    age, _ = own_quantities(other)
    assert (bytes_of(age.url)[:50] == told[50:100]).all()


def test_a_table_beside_the_weights_counts_for_everyone_and_a_damaged_one_for_nobody(model):
    assert own_quantities(model) == ()
    path = model.files.folder / "columns.csv"
    path.write_text(table(model).to_csv(index=False))
    assert [one.of for one in own_quantities(model)] == ["own:age", "own:hair"]
    path.write_text("nonsense\n1,2\n")
    assert own_quantities(model) == ()


def _page() -> None:
    import json

    import streamlit as st

    from app.controls.own_columns import bring_columns, own_quantities
    from tests.app.small_models import small_model

    st.code(json.dumps([one.of for one in own_quantities(small_model())]))
    bring_columns()


def test_a_table_is_brought_on_the_page_and_taken_away_again():
    page = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    image = ",".join(map(str, small_model().atlas.image[:3])).split(",")
    page.file_uploader(key="own_columns_file").set_value([("a.csv", b"name\n1\n", "text/csv")]).run()
    assert "has no column to filter by" in page.error[0].value
    data = "\n".join(["image,age", *(f"{number},{i}" for i, number in enumerate(image))]).encode()
    page.file_uploader(key="own_columns_file").set_value([("b.csv", data, "text/csv")]).run()
    assert not page.exception
    assert json.loads(page.code[0].value) == ["own:age"]
    page.button(key="remove own columns").click().run()
    assert json.loads(page.code[0].value) == []
