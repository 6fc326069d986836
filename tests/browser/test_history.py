"""The browser's Back: one press undoes one thing that the visitor did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Pad, at_rest

pytestmark = pytest.mark.browser


def test_back_from_the_lesson_takes_one_press(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(page).to_have_url(re.compile(r"\?.*model="))
    at_rest(page)
    explorer = page.url
    page.get_by_role("link", name="Lesson").click()
    expect(page).to_have_url(re.compile(r"/lesson\?.*chapter=.*model=|/lesson\?.*model=.*chapter="))
    at_rest(page)
    page.go_back()
    expect(page).to_have_url(explorer)
    expect(page.get_by_role("heading", name="Explore the latent space")).to_be_visible()


def test_back_brings_the_sliders_back_under_their_bank(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?model=vae&bank=attributes&w=attribute-Smiling:1.5")
    pad = Pad(page).ready()
    attributes = pad.root.get_by_role("button", name=re.compile("^Attributes"))
    expect(attributes).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"bank=attributes"))
    pad.press("Dimensions")
    expect(page).to_have_url(re.compile(r"bank=dimensions"))
    page.go_back()
    expect(attributes).to_have_attribute("aria-pressed", "true")
    expect(pad.slider("Smiling")).to_have_value("1.5")
    expect(page).to_have_url(re.compile(r"bank=attributes"))


def test_undo_brings_the_face_back_that_another_one_was_taken_after(page: Page, app_url: str) -> None:
    face = re.compile("Face 1 ")
    page.goto(f"{app_url}/?model=vae&bank=attributes&w=attribute-Smiling:1.5")
    pad = Pad(page).ready()
    expect(pad.slider("Smiling")).to_have_value("1.5")
    before, named = pad.settled(), page.get_by_text("of CelebA, decoded by")
    page.get_by_role("button", name="Random face").click()
    expect(named).not_to_have_text(face)
    expect(pad.slider("Smiling")).to_have_value("0")
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    taken = named.inner_text()
    pad.press("Undo")
    expect(named).to_have_text(face)
    expect(pad.slider("Smiling")).to_have_value("1.5")
    expect(page).to_have_url(re.compile(r"w=attribute-Smiling"))
    pad.shows(before)
    pad.press("Undo")
    expect(pad.slider("Smiling")).to_have_value("0")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    pad.press("Redo")
    expect(pad.slider("Smiling")).to_have_value("1.5")
    pad.press("Redo")
    expect(named).to_have_text(taken)
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()


@pytest.mark.slow
def test_the_address_names_the_bank_that_stays_on_screen_with_another_face(page: Page, app_url: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(app_url)
    pad = Pad(page).ready()
    pad.press("Attributes")
    expect(page).to_have_url(re.compile(r"bank=attributes"))
    page.get_by_role("button", name="Random face").click()
    expect(page).to_have_url(re.compile(r"face=\d+.*bank=|bank=.*face=\d+"))
    expect(pad.root.get_by_role("button", name=re.compile("^Attributes"))).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"bank=attributes"))
    assert errors == []
