"""The tests' page with a map of any number of seeded synthetic faces, in headless Chromium, for whoever times it."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.server import running_app
from tests.browser.conftest import PARTS_APP
from tests.browser.find_chromium import launch


@contextmanager
def map_page() -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of the map with its filter, to which `&points=26000` and the like is added."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        sync_playwright() as playwright,
        running_app(PARTS_APP, PARTS_SCRATCH=scratch) as server,
    ):
        browser = launch(playwright)
        yield browser, f"{server.url}/map?filters=1"
        browser.close()


def filter_by_score(page: Page) -> str:
    """Add two terms to the map's filter; the label of a slider that narrows one of them."""
    page.locator(".am-filter summary").click()
    for of in ("Eyeglasses", "Young"):
        page.locator(".am-add").select_option(of)
    page.get_by_label("Filter by Eyeglasses").select_option(label="score between")
    label = "Eyeglasses: from, per cent"
    page.get_by_label(label).wait_for()
    page.wait_for_timeout(2000)  # Python's answer to the last choice; nothing of it is to be measured
    return label


def told(times: Sequence[float]) -> str:
    """Milliseconds as "median / slowest (how many)"."""
    return f"{statistics.median(times):,.0f} / {max(times):,.0f} ms ({len(times)})"
