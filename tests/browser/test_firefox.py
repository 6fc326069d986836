"""A second browser engine: Firefox opens the app and the folder without a server, and drags a slider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.firefox import Page, find, firefox
from tests.browser.test_static_site import host, serving  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAD = """(() => {
  const within = (root) => root.querySelector(".pad")
    ?? [root, ...root.querySelectorAll("*")].map((one) => one.shadowRoot && within(one.shadowRoot)).find(Boolean);
  const pad = within(document.querySelector("PLACE"));
  const app = document.querySelector("[data-test-script-state]")?.dataset;  // what it still draws may move the pad
  if (app && app.testScriptState !== "notRunning") return null;
  const [slider, canvas] = [pad.querySelector(".rows input[type=range]"), pad.querySelector("canvas")];
  if (pad.dataset.state !== "ready" || pad.dataset.busy || !slider) return null;
  slider.scrollIntoView({ block: "center" });
  const box = slider.getBoundingClientRect();
  const share = (slider.value - slider.min) / (slider.max - slider.min);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return {
    source: pad.dataset.source,
    value: Number(slider.value),
    at: [box.x + 9 + (box.width - 18) * share, box.y + box.height / 2],
    pixels: pixels.reduce((sum, value, i) => (sum + value * (i % 9973)) % 1e9, 1),
  };
})()"""
"""What a pad shows once it is at rest. A selector finds nothing beyond the shadow root in which it begins."""


def drags(page: Page, place: str) -> None:
    """Wait for the first face, drag its first slider, and see another value and another face, decoded by Firefox."""
    pad = PAD.replace("PLACE", place)
    before = page.wait(pad)
    page.drag(*before["at"], 40)
    moved = f"((now) => now && now.value > {before['value']} && now.pixels !== {before['pixels']} && now)({pad})"
    assert page.wait(moved)["source"] == before["source"] == "browser"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    program = find()
    if program is None:
        pytest.skip("There is no Firefox on this machine: apt-get install firefox-esr.")
    with firefox(program, tmp_path) as page:
        yield page


def test_the_folder_opens_and_a_slider_is_dragged(page: Page, host: Path) -> None:  # noqa: F811
    with serving(host) as (site, _):
        page.open(site)
        drags(page, "#pad")
        page.open(f"{site}morph.html")
        drags(page, "#pad")


def test_the_app_opens_and_a_slider_is_dragged(page: Page, app_url: str) -> None:
    page.open(f"{app_url}/edit")
    drags(page, "#root")
