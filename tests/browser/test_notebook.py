"""The pad and the map in a marimo notebook that a real browser shows: Python has what the hand did."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.server import free_port
from tests.browser.driving import STANDS, Map, eventually
from tests.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
NOTEBOOK = Path(__file__).with_name("notebook_app.py")
WAIT = PATIENCE * 1000  # milliseconds


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a notebook with a pad and a map, whose cells say what Python knows."""
    port = free_port()
    command = [sys.executable, "-m", "marimo", "run", str(NOTEBOOK), "--headless", "--no-token", "-p", str(port)]
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    log = home / "log.txt"
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=file, stderr=subprocess.STDOUT)
        url, until = f"http://127.0.0.1:{port}/", time.monotonic() + PATIENCE
        try:
            while not _answers(url):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()
            server.wait()


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=5):
        return True
    return False


def test_a_drag_moves_z_in_python_and_a_lasso_comes_back(notebook: str, page: Page) -> None:
    page.set_viewport_size({"width": 1100, "height": 1500})
    page.goto(notebook)
    slider = page.get_by_role("slider", name="Smiling")
    slider.wait_for(timeout=WAIT)
    expect(page.locator(".pad")).to_have_attribute("data-source", "browser", timeout=WAIT)
    expect(page.locator(".atlas-map")).to_have_attribute("data-state", "ready", timeout=WAIT)
    slider.evaluate(STANDS)
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], middle, steps=4)
    expect(page.get_by_text("Python has moved 0.00")).to_be_visible()  # not before the hand lets go
    page.mouse.up()
    weight = slider.get_attribute("aria-valuetext")
    expect(page.get_by_text("Python has moved 0.00")).to_be_hidden(timeout=WAIT)

    def said() -> list[float]:
        words = page.get_by_text("Python has moved").inner_text().split()
        return [float(words[3]), float(words[5])]

    eventually(
        lambda: said()[0] == pytest.approx(said()[1], abs=0.02), lambda: (said(), weight)
    )  # one comes, then both
    assert said()[0] > 1

    page.get_by_role("button", name="To face 7").click()  # the other way: Python sets z
    expect(page.get_by_text("Python stands at face 7")).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("Smiling, number")).to_have_value("0.00", timeout=WAIT)

    shown = Map(page)
    shown.tool("Box Select")
    shown.drag(shown.share(0.4, 0.4), shown.share(0.6, 0.6))
    expect(page.get_by_text("Python has 0 faces selected")).to_be_hidden(timeout=WAIT)
    expect(page.get_by_text(f"Python has {shown.data('selected')} faces selected")).to_be_visible(timeout=WAIT)
