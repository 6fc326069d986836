"""The Models page with the shipped checkpoints, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.driving import Pad, at_rest, still

pytestmark = pytest.mark.browser
ADDRESS = "/models?cards="
BOXES = (
    "JSON.stringify([...document.querySelectorAll('.js-plotly-plot text')].map((one) => one.getBoundingClientRect()))"
)


def drawn(page: Page) -> None:
    """Until both cards are on the page to their end, and nothing of the cards before."""
    expect(page.get_by_role("heading", name="Origin")).to_be_visible()
    expect(page.get_by_text(re.compile("The commands? that trains? it"))).to_have_count(2)
    at_rest(page)


def click_point(page: Page, label: str) -> None:
    """Click a point of the family's plot. It is found by its label, which stands over it."""
    plot = page.locator(".js-plotly-plot").first
    plot.scroll_into_view_if_needed()
    still(page, BOXES)
    box = plot.locator("text", has_text=re.compile(f"^{re.escape(label)}$")).last.bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] + 8
    page.mouse.move(*place)
    page.mouse.click(*place)


def test_a_click_on_a_point_opens_its_card_and_back_the_one_before(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}{ADDRESS}ae,vae")
    drawn(page)
    expect(page.locator(".fs-net")).to_have_count(2)
    click_point(page, "0.1")
    expect(page).to_have_url(re.compile("cards=ae%2Cfamily%2Fbeta-0.1"))
    drawn(page)
    expect(page.get_by_text("beta 0.1, trained with a perceptual term. One of the lesson's family.")).to_be_visible()
    film = page.locator(".timelapse")
    expect(film).to_have_attribute("data-at", "8")
    slider = film.get_by_role("slider")
    slider.press("ArrowLeft")
    expect(film.locator("output")).to_contain_text("After epoch 7 of 8")
    expect(film.locator("img.shown")).to_have_js_property("naturalWidth", 8 * 64)
    with page.expect_download() as waiting:
        film.get_by_role("button", name="Save", exact=True).click()
    assert re.match(r"facespace-models-after-epoch-7-of-8", waiting.value.suggested_filename)
    with Image.open(waiting.value.path()) as kept:
        assert kept.width == 8 * 64
    slider.press("Home")
    film.get_by_role("button", name="Play").click()
    expect(film).to_have_attribute("data-at", "8")
    page.go_back()
    expect(page.get_by_text("beta 0.1, trained with a perceptual term. One of the lesson's family.")).to_have_count(0)
    expect(page).to_have_url(re.compile("cards=ae(,|%2C)vae"))
    drawn(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


@pytest.mark.slow
def test_on_a_phone_nothing_runs_over_the_edge(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{app_url}{ADDRESS}vae,family/beta-1")
    drawn(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    assert page.locator(".fs-chart img").count() > 5
    expect(page.locator(".timelapse img.shown")).to_be_visible()
    blocks = "[data-testid=stMain] :is(.fs-net, .stPlotlyChart, .fs-chart, .timelapse, img, table, pre)"
    page.wait_for_function(
        "blocks => [...document.querySelectorAll(blocks)].every((one) => one.getBoundingClientRect().right <= 390)",
        arg=blocks,
    )
    page.wait_for_function("document.documentElement.scrollWidth === 390")


@pytest.mark.slow
def test_one_models_map_becomes_the_others_under_a_slider(page: Page, app_url: str) -> None:
    heard = Pad(page)  # counts what goes to the server
    page.goto(f"{app_url}{ADDRESS}ae,vae&compare=1")
    maps = page.locator(".two-maps")
    expect(maps).to_have_attribute("data-shown", "0")
    drawn(page)
    before, picture = heard.to_server, "root => root.querySelector('canvas').toDataURL()"
    first = maps.evaluate(picture)
    slider = maps.get_by_role("slider")
    slider.press("End")
    expect(maps).to_have_attribute("data-shown", "1")
    expect(maps.locator(".words")).to_have_text("The map of VAE")
    second = maps.evaluate(picture)
    assert second != first
    with page.expect_download() as waiting:
        maps.get_by_role("button", name="Save", exact=True).click()
    saved = Path(waiting.value.path()).read_bytes()
    assert saved.startswith(b"\x89PNG")
    assert b'"share":1' in saved  # which of the two, among its facts
    slider.press("Home")
    expect(maps).to_have_attribute("data-shown", "0")
    assert maps.evaluate(picture) == first
    assert before > 0
    assert heard.to_server == before  # the server has heard nothing of it
    page.get_by_role("radio", name="Neighbours in common").click()
    expect(page.get_by_text("The 1,000 faces that were asked")).to_be_visible()
    expect(page.get_by_text("are among its ten nearest in VAE")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the comparison as CSV").click()
    table = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert table[0] == "attribute,neighbours_in_common_percent,error_AE,error_VAE,difference"
    assert len(table) == 1 + 34
