"""A map of a million faces: recoloured, pointed at, zoomed, filtered, lassoed. Times: benchmarks/many_points.py."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.driving import Map
from tests.browser.parts_app.atlas_data import DIMENSIONS, bent_clusters

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 1_000_000
BYTES_OF_A_FACE = 2 * DIMENSIONS
ORANGE = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += Number(data[i] > data[i + 2] + 60);
  return count;
}"""


def of(shown: Map, word: str) -> int:
    """How many faces the legend gives to a word."""
    text = shown.page.locator(".am-item", has_text=word).locator("b").inner_text()
    return int(text.replace(",", ""))


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """Of the page's "ae"."""
    return bent_clusters(COUNT, np.random.default_rng(1)).astype(np.float32)


def opened(page: Page, parts_url: str) -> Map:
    page.goto(f"{parts_url}/map?filters=1&faces=1&points={COUNT}")
    shown = Map(page)
    shown.wait(state="ready", latents="ready", points=COUNT)
    return shown


def test_a_million_faces_are_recoloured_and_pointed_at_and_few_latents_come(
    page: Page, parts_url: str, places: np.ndarray
) -> None:
    parts: list[Response] = []
    page.on("response", lambda response: parts.append(response) if "latents.f16" in response.url else None)
    shown = opened(page, parts_url)
    dots = page.locator(".am-dots")
    with_glasses = dots.evaluate(ORANGE)
    assert with_glasses > 1000
    glasses = of(shown, "present")
    assert glasses + of(shown, "absent") == COUNT
    expect(page.locator('.am-landmark[data-shown="yes"]').nth(5)).to_be_attached()

    shown.colour("Smiling", "attribute:Smiling")
    assert of(shown, "present") + of(shown, "absent") == COUNT
    assert of(shown, "present") != glasses
    assert dots.evaluate(ORANGE) != with_glasses
    shown.colour("Density", "density:Density")
    shown.colour("Eyeglasses", "attribute:Eyeglasses")
    assert dots.evaluate(ORANGE) == with_glasses

    row = int(places[:, 0].argmax())
    page.locator(".am-frame").scroll_into_view_if_needed()
    page.mouse.move(*shown.at(places[row]))
    expect(page.locator(".am-face")).to_have_attribute("data-row", str(row))
    expect(page.locator(".am-face")).to_have_attribute("data-open", "yes")
    page.mouse.click(*shown.at(places[row]))
    shown.wait_for_text(f"row {row} clicks 1")
    sent = [int(response.headers["content-length"]) for response in parts]
    assert sum(sent) < 40_000 * BYTES_OF_A_FACE


def test_a_million_faces_are_filtered_lassoed_zoomed_and_saved(page: Page, parts_url: str, places: np.ndarray) -> None:
    shown = opened(page, parts_url)
    glasses, xy = of(shown, "present"), places
    page.locator(".am-filter summary").click()
    page.locator(".am-add").select_option("Eyeglasses")
    shown.wait(passing=glasses, selected=glasses)
    shown.page.get_by_role("button", name="clear", exact=True).click()
    shown.wait(passing=COUNT, selected=0)

    page.locator(".am-frame").scroll_into_view_if_needed()
    rows = shown.box(xy)
    shown.wait_for_selection()
    said = shown.python("selected ").split()
    assert int(said[1]) == pytest.approx(len(rows), rel=0.01)
    assert int(said[3]) == pytest.approx(rows.sum(), rel=0.01)
    shown.wait(selected=said[1])
    page.get_by_role("button", name="clear", exact=True).click()
    shown.wait_for_text("selected 0 sum 0")

    shown.tool("Lasso Select")
    corners = [shown.share(*corner) for corner in [(0.4, 0.3), (0.6, 0.35), (0.55, 0.7), (0.4, 0.6), (0.4, 0.3)]]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()
    shown.wait_for_selection()
    assert COUNT // 60 < int(shown.data("selected")) < COUNT

    dots = page.locator(".am-dots")
    before = dots.evaluate("c => c.toDataURL()")
    shown.zoom_in()
    assert dots.evaluate("c => c.toDataURL()") != before
    with page.expect_download() as waiting:
        shown.tool("Save the map as a PNG")
    assert waiting.value.suggested_filename == "facespace-map.png"
