"""Presenter mode of the lesson."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import at_rest

pytestmark = pytest.mark.browser


def at(page: Page, chapter: str, step: str) -> None:
    """One step of the chapter is on the screen, and the address says which."""
    expect(page.locator(".presenter output")).to_have_text(re.compile(rf"^{step} of \d+$"))
    expect(page).to_have_url(re.compile(rf"chapter={chapter}(&|$)"))
    visible = page.locator(f"[class*='st-key-lesson_step_{chapter}_']").evaluate_all(
        "steps => steps.map(step => getComputedStyle(step).visibility)"
    )
    assert visible.count("visible") == 1


def test_keys_lead_through_the_steps_and_a_reload_comes_back_to_the_same(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=prior&dimension=3")  # a link that sets a control uncovers what has it
    page.get_by_role("button", name="Present").click()
    at(page, "prior", "1")
    expect(page.locator("header")).to_be_hidden()
    expect(page.get_by_role("button", name="Shelf", exact=True)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    at(page, "prior", "3")
    expect(page).to_have_url(re.compile("present=3"))
    at_rest(page)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("present=4"))
    at_rest(page)  # the server's answer to a press still has the step before it
    at(page, "prior", "4")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("present=3"))
    page.reload()
    at(page, "prior", "3")

    slider = page.get_by_role("slider", name="Dimension")
    before = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).not_to_have_value(before)
    at(page, "prior", "3")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    at(page, "prior", "2")

    page.keyboard.press("Escape")
    expect(page.locator(".presenter")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("present="))
    expect(page.get_by_role("button", name="Start this chapter anew")).to_be_visible()


@pytest.mark.slow
def test_behind_the_last_step_comes_the_next_chapter_and_back_again(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&present=last")
    expect(page.locator(".presenter output")).to_have_text(re.compile(r"^(\d+) of \1$"))
    expect(page.get_by_text("Predict, then reveal.")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    at(page, "dataset", "1")
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile("chapter=autoencoder"))
    expect(page.get_by_text("Predict, then reveal.")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("button", name="Present")).to_be_visible()
