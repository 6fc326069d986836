"""A map of vectors whose model stays elsewhere: as the file that a browser opens, and on the page Models."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import facespace
from tests.browser.driving import Map, at_rest

PIXELS = """([trace, point]) => {
  const plot = document.querySelector(".plotly-graph-div");
  const { xaxis, yaxis, _size } = plot._fullLayout;
  const { x, y } = plot.calcdata[trace][0].t;
  const box = plot.getBoundingClientRect();
  return [box.left + _size.l + xaxis.l2p(x[point]), box.top + _size.t + yaxis.l2p(y[point])];
}"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_parquet_file_of_codes_becomes_a_map_with_labels_and_pictures(page: Page, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    z = random.standard_normal((60, 2)).astype(np.float32)
    z[4] = (6, 6)  # alone, and the second dog
    kinds = np.array(["cat", "dog", "owl"] * 20)
    pd.DataFrame({"kind": kinds, "code": list(z)}).to_parquet(tmp_path / "codes.parquet")
    pictures = np.repeat(random.integers(0, 255, (60, 1, 1, 3), np.uint8), 32, 1).repeat(32, 2)
    facespace.open_vectors(tmp_path / "codes.parquet").save_map(tmp_path / "map.html", "kind", pictures=pictures)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    page.goto((tmp_path / "map.html").as_uri())
    legend = page.locator(".legendtext")
    expect(legend).to_have_text(["cat", "dog", "owl"])
    drawn = page.evaluate("document.querySelector('.plotly-graph-div')._fullData.reduce((n, t) => n + t._length, 0)")
    assert drawn == 60
    assert asked == []
    x, y = page.evaluate(PIXELS, [1, 1])
    picture = page.locator("body > img")
    page.mouse.move(x - 40, y)
    page.mouse.move(x, y, steps=8)  # the last of them is not lost to Plotly's pause between two looks
    expect(picture).to_be_visible()
    expect(page.locator(".hovertext")).to_contain_text("kind: dog")
    content = base64.b64decode(str(picture.get_attribute("src")).partition(",")[2])
    colour = np.asarray(Image.open(io.BytesIO(content))).mean((0, 1))
    assert np.abs(colour - pictures[4, 0, 0]).max() < 4


def test_vectors_that_are_brought_to_the_page_become_a_map_with_labels_a_filter_and_pictures(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    middles = np.array([[0, 0], [12, 0], [0, 12]])
    z = (middles[np.arange(60) % 3] + random.standard_normal((60, 2))).astype(np.float32)
    z[4] = (30, 30)  # alone
    kinds = np.array(["cat", "dog", "owl"] * 20)
    pd.DataFrame({"kind": kinds, "age": np.arange(60), "code": list(z)}).to_parquet(tmp_path / "codes.parquet")
    pictures = np.repeat(random.integers(0, 255, (60, 1, 1, 3), np.uint8), 32, 1).repeat(32, 2)
    np.save(tmp_path / "pictures.npy", pictures)
    np.save(tmp_path / "broken.npy", np.zeros(7))
    page.goto(f"{app_url}/models")
    page.get_by_text("Map vectors of a model that stays elsewhere").click()
    box = page.locator(".st-key-vectors")
    files = box.locator("input[type=file]")
    files.nth(0).set_input_files(tmp_path / "broken.npy")
    page.get_by_role("button", name="Map broken.npy").click()
    expect(page.get_by_text("broken.npy holds float64 of shape 7; save an array")).to_be_visible()
    files.nth(0).set_input_files(tmp_path / "codes.parquet")
    files.nth(2).set_input_files(tmp_path / "pictures.npy")
    page.get_by_role("button", name="Map codes.parquet with its pictures").click()
    expect(page.get_by_text("codes.parquet: 60 vectors of 2 numbers.")).to_be_visible()
    shown = Map(page)
    shown.wait(state="ready", latents="ready", points=60)
    expect(page.locator(".am-legend")).to_contain_text("dog 20 (33 %)")
    at_rest(page)  # nothing moves the map under the hand
    page.locator(".am-plot").scroll_into_view_if_needed()
    page.mouse.move(*shown.at(z[4]))
    shown.wait(hovered=4)
    card = page.locator(".am-face")
    expect(card).to_have_attribute("data-row", "4")
    expect(card).to_have_attribute("data-open", "yes")
    expect(card).to_have_text("Row 4\nkind: dog")
    page.mouse.click(*shown.at(z[4]))
    shown.wait(highlighted=4)
    expect(page.locator(".am-says")).to_have_text("Row 4. kind: dog")
    assert "face" not in page.locator(".atlas-map").inner_text().lower()
    middle = card.locator("canvas").evaluate("c => [...c.getContext('2d').getImageData(48, 48, 1, 1).data]")
    assert np.abs(np.array(middle[:3]) - pictures[4, 0, 0]).max() < 6
    page.locator(".am-filter summary").click()
    page.locator(".am-add").select_option("own:kind")
    page.get_by_label("Filter by kind").select_option(label="owl")
    shown.wait(passing=20, selected=20)
    expect(page.get_by_role("button", name="Save these 20 as CSV")).to_be_visible()
