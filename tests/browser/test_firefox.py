"""Firefox opens the folder without a server, and drags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import firefox
from tests.browser.test_static_site import host, serving  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAD = """(() => {
  const pad = deep("#ROOT .pad");
  const slider = pad.querySelector(".rows input[type=range]");
  const canvas = pad.querySelector("canvas");
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
"""What a pad shows once it is at rest."""


def drags(page: firefox.Page, place: str) -> None:
    """Wait for the first face, drag its first slider, and see another value and another face, decoded by Firefox."""
    pad = PAD.replace("ROOT", place)
    before = page.wait(pad)
    assert before["source"] == "browser"
    page.drag(*before["at"], 40)
    moved = f"((now) => now && now.value > {before['value']} && now.pixels !== {before['pixels']} && now)({pad})"
    assert page.wait(moved)["source"] == "browser"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[firefox.Page]:
    program = firefox.find()
    if program is None:
        pytest.skip("There is no Firefox here; apt-get install firefox-esr.")
    profile = tmp_path / "profile"
    profile.mkdir()
    with firefox.firefox(program, profile) as page:
        yield page


def test_the_folder_opens_and_a_slider_is_dragged(page: firefox.Page, host: Path) -> None:  # noqa: F811
    with serving(host) as (site, _):
        page.open(site)
        drags(page, "pad")
        page.open(f"{site}morph.html")
        page.wait('Boolean(deep("#near canvas"))')
        drags(page, "pad")
