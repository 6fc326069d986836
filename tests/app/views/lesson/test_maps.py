"""Maps of several settings: those that were found are shown to everybody, those that were not are ordered."""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.views.lesson import maps
from app.views.lesson import page as lesson
from app.views.lesson.maps import MapsRun, found_maps
from latent.map_file import save_maps
from latent.map_settings import SETTINGS, VARIED, Setting
from tests.app.small_models import in_folder
from tests.app.views.lesson.test_contents import chapter, texts

pytestmark = pytest.mark.usefixtures("tiny_models")


@pytest.fixture(autouse=True)
def _none_found() -> Iterator[None]:
    maps._found.clear()
    yield
    maps._found.clear()


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
    page = chapter("exploring")
    found_maps(pair["vae"]).maps.update({setting: np.array(_places(), np.float32) for setting in maps._order("seed")})
    page.run()
    _all_there(page)


def test_maps_that_were_made_beforehand_are_there_at_once_unless_they_are_of_other_weights(pair, tmp_path, monkeypatch):
    ae = in_folder(pair["ae"], tmp_path)
    monkeypatch.setattr(lesson, "open_all", lambda: ({"ae": ae}, []))
    made = {setting: np.array(_places(), np.float32) for setting in SETTINGS}
    save_maps(made, replace(ae.atlas, checkpoint_sha256="0" * 64), ae.files.maps_path)
    page = chapter("exploring")
    assert "was made with other weights" in texts(page)
    assert "Draw these maps" in [button.label for button in page.button]
    save_maps(made, ae.atlas, ae.files.maps_path)
    os.utime(ae.files.maps_path, (0, 0))  # a clock may be too coarse for two files in a row
    _all_there(page.run())


def _all_there(page: AppTest) -> None:
    assert not page.exception
    assert "Not drawn yet." not in texts(page)
    assert "Draw these maps" not in [button.label for button in page.button]
    assert "with shuffled labels" in texts(page)


def _begin(self, points, settings, found) -> None:
    assert points.shape == (100, 6)
    assert settings[0] == Setting()
    self.found, self.step, self.share, self.problem = found, "Opening UMAP", 0.0, None


def _places() -> list[list[float]]:
    return np.random.default_rng(0).standard_normal((100, 2)).tolist()
