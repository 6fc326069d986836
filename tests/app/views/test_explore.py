import numpy as np
from streamlit.testing.v1 import AppTest

from app.paths import ROOT
from app.views.explore import PROFILE_ROWS, group_profile
from tests.conftest import PATIENCE


def test_the_profile_names_what_sets_a_group_apart():
    scores = np.full((10, 3), 20, np.uint8)
    scores[:4, 1] = 240  # the group has the second attribute, nobody else
    scores[::2, 2] = 240  # evenly spread
    profile = group_profile(scores, np.arange(4), ("Bald", "Wearing_Hat", "5_o_Clock_Shadow"))
    assert profile["Attribute"][0] == "Wearing hat"
    assert profile["In the selection"][0] == 1
    assert profile["In the rest"][0] == 0
    assert set(profile["Attribute"]) == {"Bald", "Wearing hat", "5 o'clock shadow"}


def test_a_selection_of_everything_differs_from_nothing():
    scores = np.random.default_rng(0).integers(0, 256, (20, 12), dtype=np.uint8)
    profile = group_profile(scores, np.arange(20), tuple(f"A_{i}" for i in range(12)))
    assert profile["In the selection"] == profile["In the rest"]
    assert len(profile["Attribute"]) == PROFILE_ROWS


def test_a_celeba_folder_that_is_not_there_is_named_and_the_page_goes_on(tmp_path, monkeypatch):
    monkeypatch.setenv("FACESPACE_CELEBA", str(tmp_path / "none"))
    page = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=PATIENCE).run()
    assert not page.exception
    assert [alert.value for alert in page.warning if alert.value.startswith("FACESPACE_CELEBA: ")]
    assert "Random face" in [button.label for button in page.button]
