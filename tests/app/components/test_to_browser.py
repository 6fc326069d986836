"""What the pad sends to the browser, and what it leaves with the server."""

from __future__ import annotations

import numpy as np

from app.components.latent_pad import PadInput, PadModel, PadPoint, PadSliders, first_message, to_browser
from app.server import published
from latent.directions import Bank, Direction

MANY = 1100  # dimensions: eight vectors of so many are too large to go inline where they last


def bank(key: str, seed: int) -> Bank:
    vectors = np.random.default_rng(seed).standard_normal((8, MANY)).astype(np.float32)
    return Bank(key, key, tuple(Direction(f"{key}-{i}", key, vector) for i, vector in enumerate(vectors)))


def test_large_banks_of_a_model_get_an_address_and_those_of_a_point_are_kept_nowhere() -> None:
    own, towards = bank("dimensions", 0), bank("morphs", 1)
    sliders = PadSliders([own, towards], lasting=frozenset({"dimensions"}))
    point = PadPoint("p", np.random.default_rng(2).standard_normal(MANY))
    message = first_message(PadInput("pad", PadModel("vae", None), point, sliders))
    lasting, passing = message["banks"]
    assert lasting["vectorsUrl"]
    assert lasting["vectors"] is None
    assert passing["vectors"]
    assert passing["vectorsUrl"] is None
    kept = [served.source for served in published._published().values() if isinstance(served.source, bytes)]
    for direction in towards.directions:
        assert not any(direction.vector.astype("<f4").tobytes() in content for content in kept)


def test_a_model_s_banks_are_made_into_messages_once_for_all_and_those_of_a_point_each_time(monkeypatch) -> None:
    own, towards = bank("dimensions", 3), bank("morphs", 4)
    made: list[str] = []
    write = to_browser._direction
    monkeypatch.setattr(to_browser, "_direction", lambda one: made.append(one.key) or write(one))
    for seed in range(3):
        point = PadPoint(f"p{seed}", np.random.default_rng(seed).standard_normal(MANY))
        sliders = PadSliders([own, towards], lasting=frozenset({"dimensions"}))
        message = first_message(PadInput("pad", PadModel("vae", None), point, sliders))
        assert [one["key"] for one in message["banks"]] == ["dimensions", "morphs"]
    assert sum(key.startswith("dimensions") for key in made) == len(own.directions)
    assert sum(key.startswith("morphs") for key in made) == 3 * len(towards.directions)


def test_the_sliders_are_built_anew_for_another_bank_or_another_point_alone() -> None:
    own, other = bank("dimensions", 5), bank("dimensions", 6)

    def signature(one: Bank, point: str) -> str:
        sliders = PadSliders([one], lasting=frozenset({"dimensions"}))
        return first_message(PadInput("pad", PadModel("vae", None), PadPoint(point, np.zeros(MANY)), sliders))[
            "signature"
        ]

    assert signature(own, "p") == signature(own, "p")
    assert signature(own, "p") != signature(other, "p")
    assert signature(own, "p") != signature(own, "q")
