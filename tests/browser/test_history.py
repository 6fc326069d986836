"""The browser's Back: one press undoes one thing that the visitor did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_back_from_the_lesson_takes_one_press(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(page).to_have_url(re.compile(r"\?.*model="))
    explorer = page.url
    page.get_by_role("link", name="Lesson").click()
    expect(page).to_have_url(re.compile(r"/lesson\?.*chapter=.*model=|/lesson\?.*model=.*chapter="))
    page.go_back()
    expect(page).to_have_url(explorer)
    expect(page.get_by_role("heading", name="Explore the latent space")).to_be_visible()
