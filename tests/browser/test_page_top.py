"""Each page and chapter begins at its top, whatever was read before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import at_rest

pytestmark = pytest.mark.browser
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def at_the_top(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_focused()
    page.wait_for_function(f"{SCROLLED} === 0")
    at_rest(page)
    assert page.evaluate(SCROLLED) == 0


def read_on(page: Page, onward: Locator) -> None:
    """Scroll to the foot of a page that grows no more."""
    expect(onward).to_be_visible()
    at_rest(page)
    onward.scroll_into_view_if_needed()
    page.wait_for_function(f"{SCROLLED} > 500")


def test_the_next_chapter_and_another_page_begin_at_their_top(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=reparametrisation")
    onward = page.get_by_role("button", name=re.compile("^Next: "))
    read_on(page, onward)
    onward.click()
    at_the_top(page, CHAPTERS[7].title)
    read_on(page, onward)
    page.get_by_role("link", name="Models").click()
    at_the_top(page, "Models")


@pytest.mark.slow
def test_a_page_that_was_just_opened_leaves_the_focus_alone(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=dataset")
    expect(page.get_by_role("heading", name=CHAPTERS[1].title, level=1)).to_be_visible()
    at_rest(page)
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.slow
def test_the_keyboard_sees_where_it_is_among_the_pages(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/edit")
    explore = page.get_by_role("link", name="Explore")
    expect(explore).to_be_visible()
    page.keyboard.press("Tab")
    explore.focus()
    expect(explore).to_have_css("outline-style", "solid")
