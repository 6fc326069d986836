import numpy as np

from app.views.explore import PROFILE_ROWS, group_profile


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
