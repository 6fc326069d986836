"""Figures of a page as files: a press saves what is on the screen, pixel by pixel, and fingers find the button too."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page, expect

from app.drawing.picture_files import read_provenance
from tests.browser.driving import at_rest, eventually, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GAP = 4  # as in pictures.mjs
CHAPTER = "/lesson?chapter=autoencoder&revealed=yes"


def press(page: Page, button: Locator) -> Download:
    with page.expect_download() as waiting:
        button.press("Enter")
    return waiting.value


def pixels(address: str) -> np.ndarray:
    picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    return np.asarray(picture.convert("RGB")).astype(int)


def test_a_row_of_pictures_is_saved_as_it_was_decoded_with_the_names_of_its_pictures(page: Page, app_url: str) -> None:
    page.goto(app_url + CHAPTER)
    figure = page.locator(".fs-kept").filter(has=page.get_by_alt_text("Out", exact=True))
    button = figure.get_by_role("button", name="Save as PNG: In, Out")
    at_rest(page)
    expect(button).to_have_css("visibility", "visible")
    expect(button).to_have_css("opacity", "0")
    figure.locator("img").first.hover()
    expect(button).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(button).to_have_css("opacity", "0")
    button.focus()
    page.keyboard.press("Shift")  # the focus is one of the keyboard's, which shows it
    expect(button).to_have_css("opacity", "1")
    saved = press(page, button)
    assert saved.suggested_filename == "facespace-autoencoder-in.png"
    content = Path(saved.path()).read_bytes()
    shown = [pixels(str(image.get_attribute("src"))) for image in figure.locator("img").all()]
    assert len(shown) == 3
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    side = shown[0].shape[0]
    assert sheet.shape == (side, 3 * side + 2 * GAP, 3)
    for at, picture in enumerate(shown):
        left = at * (side + GAP)
        assert np.abs(sheet[:, left : left + side] - picture).max() <= 4  # two decoders of JPEG
    facts = read_provenance(content)
    assert facts is not None
    assert facts["pictures"][:2] == ["In", "Out"]
    assert "chapter=autoencoder" in facts["page"]


def test_a_drawn_map_and_a_chart_are_saved_as_svg(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=exploring&revealed=yes")
    saved = press(page, page.get_by_role("button", name=re.compile("^Save as SVG: A map of")).first)
    assert re.fullmatch(r"facespace-exploring-[a-z-]+\.svg", saved.suggested_filename)
    drawing = ElementTree.fromstring(Path(saved.path()).read_text(encoding="utf-8"))
    assert drawing.tag.endswith("svg")
    marks = drawing.find("{http://www.w3.org/2000/svg}svg")
    assert marks is not None
    assert len(marks) == 2  # those with the attribute, and the others
    page.goto(app_url + CHAPTER)
    chart = page.get_by_role("img", name="Chart: sd over Dimension of z")
    at_rest(page)
    chart.scroll_into_view_if_needed()
    chart.hover()
    expect(chart.locator("output")).to_contain_text("Dimension of z: 6")  # of 128, in the middle
    saved = press(page, page.get_by_role("button", name="Save as SVG: Chart: sd over Dimension of z"))
    assert saved.suggested_filename == "facespace-autoencoder-sd-dimension-of-z.svg"
    drawing = ElementTree.fromstring(Path(saved.path()).read_text(encoding="utf-8"))
    texts = [one.text for one in drawing.iter() if one.tag.endswith("text")]
    assert {"sd", "Dimension of z", "0", "100"} <= set(texts)
    assert len([one for one in drawing.iter() if one.tag.endswith("path")]) == 3  # lines behind, bars up and down


def test_fingers_find_the_button_below_the_picture_and_a_projector_has_none(browser: Browser, app_url: str) -> None:
    phone = visit(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="de")
    page = phone.new_page()
    try:
        page.goto(app_url + CHAPTER + "&lang=de")
        figure = page.locator(".fs-kept").filter(has=page.locator("img")).first
        button = figure.get_by_role("button", name=re.compile("^Als PNG speichern"))
        expect(button).to_be_visible()
        expect(button).to_have_text("Als PNG speichern")
        expect(button).to_have_css("opacity", "1")
        at_rest(page)
        below = "figure => figure.querySelector('.fs-save').getBoundingClientRect().top >= "
        below += "Math.max(...[...figure.querySelectorAll('img')].map((i) => i.getBoundingClientRect().bottom))"
        eventually(lambda: bool(figure.evaluate(below)), "the button lies on the pictures")
        box = button.bounding_box()
        assert box
        assert box["height"] >= 32
        page.goto(f"{app_url}/lesson?chapter=autoencoder&revealed=yes&present=last")
        expect(page.locator("[data-presenter] .fs-save").first).to_be_attached()
        for hidden in page.locator(".fs-save").all():
            expect(hidden).to_be_hidden()
    finally:
        phone.close()
