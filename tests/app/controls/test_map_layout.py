"""Two maps of the same faces: which is shown, what is said of it, and what the link holds."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.checkpoints.attribute_maps import attribute_map, places
from app.controls import map_layout
from latent.attribute_map import FILE, AttributeMap, Quality, save_attribute_map
from tests.app.small_models import small_files, small_model
from tests.conftest import PATIENCE

PAGE = """
import streamlit as st
from app.controls import map_layout
from app.session.remembered import BY_ADDRESS
model = st.session_state["model"]
st.session_state[BY_ADDRESS] = True
by_attributes = map_layout.choose(model)
st.text(f"{by_attributes} {map_layout.in_address(model)}")
if by_attributes:
    st.caption(map_layout.about(model))
"""


@pytest.fixture
def model(tmp_path):
    """A small model with both maps."""
    plain = small_model("vae")
    files = replace(small_files("vae", plain.config, tmp_path), identity=f"identity of {tmp_path}")
    files.folder.mkdir()
    moved = AttributeMap(plain.atlas.xy + 5, Quality(0.035, 0.91), Quality(0.048, 0.76))
    save_attribute_map(moved, plain.atlas, files.folder / FILE)
    return replace(plain, files=files)


def test_the_choice_is_in_the_link_and_says_what_the_map_keeps(model):
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    page.session_state["model"] = model
    assert page.run().text[0].value == "False {}"
    page.query_params["map"] = "attributes"
    page.run()
    assert page.text[0].value == "True {'map': 'attributes'}"
    assert "AUC of 0.91 (on the plain map 0.76" in page.caption[0].value
    assert "3.5\N{NO-BREAK SPACE}% of the ten nearest codes" in page.caption[0].value
    assert "(on the plain map 4.8\N{NO-BREAK SPACE}%)" in page.caption[0].value
    page.query_params["map"] = "nonsense"
    assert not page.run().exception


def test_places_are_those_of_the_map_that_was_chosen(model):
    assert np.allclose(places(model, by_attributes=True)[1], model.atlas.xy + 5, atol=1e-2)
    assert places(model, by_attributes=False)[1] is model.atlas.xy


def test_a_model_without_it_has_no_choice_and_one_of_another_atlas_is_not_used(model):
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    page.session_state["model"] = small_model("ae")
    page.query_params["map"] = "attributes"
    page.run()
    assert not page.selectbox
    assert page.text[0].value == "False {}"
    foreign = replace(model, atlas=replace(model.atlas, scores=255 - model.atlas.scores))
    (model.files.folder / FILE).touch()
    assert attribute_map(replace(foreign, files=replace(model.files, identity="another"))) is None
    assert map_layout.in_address(foreign) == {}
