import numpy as np
import pytest
from scipy.spatial import KDTree
from streamlit.testing.v1 import AppTest

from app.early_pad.first_pad import first_pad
from app.paths import ROOT
from app.views.explore import PROFILE_ROWS, group_profile
from latent.atlas import load_atlas
from latent.attribute_axes import PRESENT
from tests.conftest import PATIENCE


def test_the_profile_names_what_sets_a_group_apart():
    scores = np.full((1000, 3), 20, np.uint8)
    scores[:40, 1] = 240  # the group has the second attribute, nobody else
    scores[::2, 2] = 240  # evenly spread
    profile = group_profile(scores, np.arange(40), ("Bald", "Wearing_Hat", "5_o_Clock_Shadow"))
    ((name, inside, outside, effect, interval),) = profile
    assert (name, inside, outside) == ("Wearing hat", 1, 0)
    low, high = map(float, interval.split(" to "))
    assert 0 < low <= float(effect) <= high
    assert low < high


def test_the_profile_has_no_judgement_of_people():
    scores = np.full((1000, 2), 20, np.uint8)
    scores[:40] = 240
    assert [row[0] for row in group_profile(scores, np.arange(40), ("Attractive", "Smiling"))] == ["Smiling"]


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_eyeglasses_come_first_where_they_are_densest_on_the_shipped_map(name: str):
    atlas = load_atlas(ROOT / "checkpoints" / name / "atlas.npz")
    glasses = atlas.scores[:, atlas.attributes.index("Eyeglasses")] > PRESENT
    _, near = KDTree(atlas.xy).query(atlas.xy[glasses], 200)
    profile = group_profile(atlas.scores, near[glasses[near].mean(1).argmax()], atlas.attributes)
    assert profile[0][0] == "Eyeglasses"
    assert len(profile) == PROFILE_ROWS


def test_a_celeba_folder_that_is_not_there_is_named_and_the_page_goes_on(tmp_path, monkeypatch):
    monkeypatch.setenv("FACESPACE_CELEBA", str(tmp_path / "none"))
    page = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=PATIENCE).run()
    assert not page.exception
    assert [alert.value for alert in page.warning if alert.value.startswith(r"FACESPACE\_CELEBA\: ")]
    # Chapter 4 measures that the VAE's map keeps 2.3 % of a face's ten nearest.
    assert [caption.value for caption in page.caption if "only roughly" in caption.value]
    assert not [caption.value for caption in page.caption if "close together" in caption.value]
    assert "Random face" in [button.label for button in page.button]


def test_a_first_visitor_meets_the_vae_and_six_sliders_that_need_no_explanation():
    page = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=PATIENCE).run()
    assert not page.exception
    assert page.session_state["current_model"] == "vae"
    assert any("This face is **128 numbers**. Drag a slider" in text.value for text in page.markdown)
    given = first_pad({})
    assert given is not None
    assert (given["model"], given["bank"], given["count"]) == ("vae", "attributes", 6)
    names = [direction["name"] for direction in given["banks"][0]["directions"][:6]]
    assert names == ["Smiling", "Eyeglasses", "Male", "Young", "Blond hair", "Bangs"]
    assert given["banks"][0]["directions"][0]["ends"] == ["without", "with"]
