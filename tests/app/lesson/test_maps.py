"""Maps of several settings: those that were found are shown to everybody, those that were not are ordered."""

import numpy as np
import pytest

from app.lesson import maps
from app.lesson.maps import VARIED, MapsRun
from latent.map_settings import Setting
from tests.app.lesson.test_chapters import chapter, texts

pytestmark = pytest.mark.usefixtures("tiny_models")


class Idle:
    """In place of a process: nothing starts."""

    running, problem, run = True, None, None

    def __init__(self, module: str, order: bytes, seconds: float) -> None:
        self.step, self.share = "Opening UMAP", 0.25

    def stop(self) -> None:
        self.running = False


def test_what_is_on_screen_comes_first_and_all_maps_are_drawn_once():
    order = maps._order("seed")
    assert order[:3] == VARIED["seed"]
    assert set(order) == {setting for settings in VARIED.values() for setting in settings}
    assert len(order) == len(set(order)) == 7


def test_maps_are_ordered_watched_and_cancelled(monkeypatch):
    run = type("QuickRun", (MapsRun,), {"__init__": _begin, "running": True, "stop": Idle.stop})
    monkeypatch.setattr(maps, "MapsRun", run)
    maps._line.clear()
    maps._found.clear()
    page = chapter("exploring", vary="seed")
    assert texts(page).count("Not drawn yet.") == 3
    next(button for button in page.button if button.label == "Draw these maps").click().run()
    assert not page.exception
    place = page.session_state[maps.PLACE]
    assert place.run.running
    place.run._take({"setting": {"n_neighbors": 15, "min_dist": 0.1, "seed": 0}, "xy": _places()})
    page.run()
    assert texts(page).count("Not drawn yet.") == 2
    next(button for button in page.button if button.label == "Cancel").click().run()
    assert place.left
    assert not place.run.running


def test_maps_that_somebody_had_drawn_are_there_at_once(pair):
    maps._found.clear()
    page = chapter("exploring")
    maps._found(pair["ae"].sha256).update({setting: np.array(_places(), np.float32) for setting in maps._order("seed")})
    page.run()
    assert "Not drawn yet." not in texts(page)
    assert "Draw these maps" not in [button.label for button in page.button]
    assert "with shuffled labels" in texts(page)
    maps._found.clear()


def _begin(self, points, settings, found) -> None:
    assert points.shape == (300, 6)
    assert settings[0] == Setting()
    self.found, self.step, self.share, self.problem = found, "Opening UMAP", 0.0, None


def _places() -> list[list[float]]:
    return np.random.default_rng(0).standard_normal((300, 2)).tolist()
