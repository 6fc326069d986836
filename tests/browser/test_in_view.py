"""What stays in view while a page scrolls, on the screen of a small laptop."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.driving import Map, Pad, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEIGHT = 757
ON_TOP = """slider => {
  const { left, width, top, height } = slider.getBoundingClientRect();
  let there = document.elementFromPoint(left + width / 2, top + height / 2);
  while (there?.shadowRoot) there = there.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
  return there === slider;
}"""
AT = """(element, y) => {
  document.querySelector("[data-testid=stMain]").scrollBy(0, element.getBoundingClientRect().top - y);
}"""


@pytest.fixture
def small(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    return page


def test_the_face_and_its_buttons_are_seen_down_to_the_last_slider_of_edit(small: Page, app_url: str) -> None:
    pad = Pad(small, f"{app_url}/edit?model=vae").ready()
    at_rest(small)
    pad.slider("Blurry").evaluate(AT, HEIGHT - 100)
    expect(pad.slider("Blurry")).to_be_in_viewport(ratio=1)
    expect(pad.root.locator(".picture canvas").first).to_be_in_viewport(ratio=1)
    undo = pad.root.get_by_role("button", name="Undo")
    expect(undo).to_be_in_viewport(ratio=1)
    pad.drag("Blurry", 40)
    undo.click()
    expect(undo).to_be_disabled()


def test_a_large_face_does_not_slide_over_the_one_slider_that_it_has(small: Page, app_url: str) -> None:
    pad = Pad(small, f"{app_url}/lesson?chapter=autoencoder&model=vae").ready()
    at_rest(small)
    slider = pad.slider("Components kept (k)")
    for y in (HEIGHT - 120, HEIGHT // 2, 150):
        slider.evaluate(AT, y)
        assert slider.evaluate(ON_TOP), f"at {y}"


def test_a_map_behind_the_header_is_whole_without_a_graphics_card(small: Page, app_url: str) -> None:
    small.goto(f"{app_url}/explore?model=vae")
    shown = Map(small)
    shown.wait(state="ready", latents="ready")
    small.add_style_tag(content=".am-marks, .am-toggle, .am-current { visibility: hidden }")
    at_rest(small)

    def dots_below() -> int:
        """Pixels of dots in the map's lowest fifth."""
        box = small.locator(".am-frame").bounding_box()
        assert box
        whole = np.asarray(Image.open(io.BytesIO(small.screenshot())).convert("RGB"), int)  # one of a part looks anew
        top, left = int(box["y"] + 0.8 * box["height"]), int(box["x"])
        picture = whole[top : int(box["y"] + 0.98 * box["height"]), left + 80 : left + int(box["width"]) - 8]
        return int((np.abs(picture - picture[-1, -20]).max(2) > 30).sum())

    before = dots_below()
    assert before > 100
    small.locator(".am-frame").evaluate(AT, 20)
    at_rest(small)
    assert dots_below() > 0.8 * before
