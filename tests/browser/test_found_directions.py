"""Edit, as shipped: a direction that nobody named is found, kept, saved as a file and taken in again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Pad, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_found_direction_moves_the_same_pixels_after_its_file_was_taken_in(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    page.goto(f"{app_url}/edit?model=vae")
    pad = Pad(page).ready()
    original = pad.settled()
    page.get_by_text("Find directions that nobody named").click()
    page.get_by_text("What varies independently of the rest").click()
    expect(page.get_by_text("independent component analysis")).to_be_visible()
    page.get_by_role("button", name="Look for directions").click()
    expect(page.get_by_text("changes a pixel by").first).to_be_visible()
    at_rest(page)  # the last of them is there
    name = page.get_by_role("textbox", name="Call it", exact=True).last
    name.fill("Mine")
    name.press("Enter")
    page.get_by_role("button", name="Keep under this name").last.click()
    bank = pad.root.get_by_role("button", name="Your direction")
    bank.click()
    pad.slider("Mine").fill("2")
    moved = pad.changed(original)

    page.get_by_text("Keep, save and take in directions").click()
    at_rest(page)
    page.get_by_test_id("stSelectbox").filter(has_text="Direction").get_by_role("combobox").click()
    page.get_by_role("option", name="Mine", exact=True).click()
    expect(page.get_by_role("textbox", name="Call it", exact=True).first).to_have_value("Mine")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    saved = tmp_path / "mine.json"
    waiting.value.save_as(saved)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(0)
    expect(bank).to_have_count(0)
    pad.shows(original)
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(saved)
    bank.click()
    pad.slider("Mine").fill("2")
    pad.shows(moved)
