"""Explore's filter, as shipped: columns of one's own, the browser's Back, and the histograms as a file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from latent.atlas import Atlas, load_atlas
from tests.browser.driving import Map, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHIPPED = Path(__file__).parents[2] / "checkpoints"


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_atlas(SHIPPED / "ae" / "atlas.npz")


def table_of(atlas: Atlas) -> pd.DataFrame:
    """The first thousand faces: ages 0 to 49 in turn, and fair hair under 10."""
    age = np.arange(1000) % 50
    return pd.DataFrame({"image": atlas.image[:1000], "age": age, "hair": np.where(age < 10, "fair", "dark")})


def test_columns_that_a_visitor_brings_filter_the_map_and_back_brings_the_filter_back(
    page: Page, app_url: str, atlas: Atlas, tmp_path: Path
) -> None:
    table_of(atlas).to_parquet(tmp_path / "mine.parquet")
    page.goto(f"{app_url}/?model=ae")
    shown = Map(page)
    shown.wait(state="ready", latents="ready")
    page.get_by_role("button", name="Filter by columns of your own").click()
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(tmp_path / "mine.parquet")
    expect(page.get_by_text("mine.parquet: 1,000 faces, to filter by age, hair")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".am-filter summary").click()
    page.locator(".am-add").select_option("own:hair")
    shown.wait(passing=800, selected=800)  # "dark" comes first
    expect(page).to_have_url(re.compile("filter=own%253Ahair%3Ais0"))
    page.locator('.am-histogram[data-of="own:hair"] svg').click(position={"x": 150, "y": 20})
    shown.wait(passing=200, selected=200)
    expect(page).to_have_url(re.compile("filter=own%253Ahair%3Ais1"))
    # Each change is a step that Back takes; one that comes before the page has heard of the last makes one with it.
    page.locator(".am-add").select_option("own:age")
    expect(page).to_have_url(re.compile("own%253Aage%3A50-100"))
    page.get_by_label("age: from, per cent").fill("0")
    expect(page).to_have_url(re.compile("own%253Aage%3A0-100"))
    page.get_by_label("age: to, per cent").fill("10")
    shown.wait(passing=100, selected=100)  # ages 0 to 4, of 0 to 49
    expect(page).to_have_url(re.compile("own%253Aage%3A0-10$|own%253Aage%3A0-10&"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the histograms as SVG").click()
    drawing = waiting.value.path().read_text(encoding="utf-8")
    for told in (">age<", ">hair<", ">fair<", ">Part of the data<"):
        assert told in drawing
    page.go_back()
    shown.wait(passing=200, selected=200)
    expect(page).to_have_url(re.compile("own%253Aage%3A0-100"))
    expect(page.get_by_text("Your selection: 200 faces")).to_be_visible()


def test_a_table_beside_a_checkpoint_filters_its_map_for_every_visitor(
    page: Page, app_url: str, checkpoints: Path, atlas: Atlas
) -> None:
    own = checkpoints / "known"
    own.mkdir()
    for file in ("config.json", "model.safetensors", "atlas.npz"):
        shutil.copy(SHIPPED / "ae" / file, own / file)
    table = table_of(atlas)
    table["name"] = [f"{number:06d}.jpg" for number in table.pop("image")]
    table.to_csv(own / "columns.csv", index=False)
    page.goto(f"{app_url}/?model=known&filter=own%253Ahair%3Ais1")
    shown = Map(page)
    shown.wait(state="ready", passing=200, selected=200)
    expect(page.locator(".am-passing")).to_contain_text("200 of 26,000 faces")
    page.get_by_label("Filter by hair").select_option(label="dark")
    shown.wait(passing=800, selected=800)
    page.get_by_role("button", name="Take it along").click()
    page.get_by_role("button", name="Keep 12 of them on the shelf").click()
    page.get_by_role("button", name="Shelf \u00b7 12").click()
    dark = {str(number) for number in atlas.image[:1000][np.arange(1000) % 50 >= 10]}
    names = page.get_by_test_id("stPopoverBody").get_by_role("textbox")
    expect(names).to_have_count(12)
    assert {name.input_value().split()[-1] for name in names.all()} <= dark


def test_two_quick_backs_take_two_steps_back(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?model=ae")
    shown = Map(page)
    shown.wait(state="ready", latents="ready")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.locator(".am-filter summary").click()
    lines = page.locator(".am-of")
    for gap in (
        60,
        90,
        120,
        150,
        180,
        220,
        260,
    ):  # milliseconds: the map reports the first one's filter at some of them
        for count, of in enumerate(("Smiling", "Male"), 1):
            page.locator(".am-add").select_option(of)
            expect(lines).to_have_count(count)
            expect(page).to_have_url(re.compile(rf"{of}(:|%3A)with(&|$)"))
            at_rest(page)
        page.evaluate("gap => { history.back(); setTimeout(() => history.back(), gap); }", gap)
        expect(page).not_to_have_url(re.compile("filter="))
        shown.wait(passing=26000, selected=0)
        at_rest(page)
        expect(lines).to_have_count(0)
        expect(page).not_to_have_url(re.compile("filter="))
