"""The whole app, as shipped, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from benchmarks.server import running_app
from tests.browser.driving import visit
from tests.browser.find_chromium import launch


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:  # one for all: a second one in the same thread is refused
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The app with the shipped checkpoints and no CelebA folder, as on a clean clone."""
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server:
        yield server.url


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor for most tests: who comes again has Streamlit's code and ours in the cache, which saves seconds."""
    context = visit(browser)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page, and with it a Streamlit session, of its own."""
    page = visitor.new_page()
    yield page
    page.context.unroute_all()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")  # a theme that was chosen, for example
    page.close()
