"""How long a class waits for the lesson's live runs: from the press to the first picture, in a real browser.

A reader's page has stood for some seconds at the press: a process of each kind waits while the chapter is read.
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Row
from benchmarks.server import Server, running_app, settle
from benchmarks.visit import visitor
from tests.browser.find_chromium import launch

ROUNDS = 2
READING = 6000  # milliseconds between the chapter and the press
GOAL = "under 5 s"
THERE = """selector => [...document.querySelectorAll(selector)].some((image) => image.complete && image.naturalWidth)"""
HELD, REBUILT, DRAWN = ('img[alt^="Held-out faces"]', 'img[alt*="as rebuilt by"]', 'img[alt^="Draws."]')


def measure() -> list[Row]:
    """Rows of the table."""
    with sync_playwright() as playwright, running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server:
        browser = launch(playwright)
        settle(server)
        training = [_run(browser, server, "training", "Start training", (HELD, REBUILT)) for _ in range(ROUNDS)]
        learning = [_run(browser, server, "learning", "Start learning", (DRAWN,)) for _ in range(ROUNDS)]
        learnt = _to_its_end(browser, server)
        browser.close()
    held, rebuilt = ([times[i] for times in training] for i in (0, 1))
    return [
        Row("Live run: from the press to the first faces", _said(held), GOAL),
        Row("The same, until both networks have shown what they make of them", _said(rebuilt)),
        Row("Learning the prior: from the press to the first draws", _said([times[0] for times in learning]), GOAL),
        Row("The same, until the run has ended", f"{learnt:.0f} s", "under 60 s"),
    ]


def _to_its_end(browser: Browser, server: Server) -> float:
    """Seconds from the press to the end of a learned prior's run."""
    with visitor(browser) as context:
        page: Page = context.new_page()
        page.goto(f"{server.url}/lesson?chapter=learning")
        start = page.get_by_role("button", name="Start learning")
        start.wait_for()
        page.wait_for_timeout(READING)
        began = time.monotonic()
        start.click()
        page.get_by_role("button", name="Cancel").wait_for()
        page.get_by_role("button", name="Cancel").wait_for(state="detached")
        return time.monotonic() - began


def _said(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} s (worst {max(times):.1f} s of {len(times)})"


def _run(browser: Browser, server: Server, chapter: str, button: str, pictures: tuple[str, ...]) -> list[float]:
    """Start a run as a new visitor, and the seconds until each of the pictures is there; then cancel it."""
    with visitor(browser) as context:
        page: Page = context.new_page()
        page.goto(f"{server.url}/lesson?chapter={chapter}")
        start = page.get_by_role("button", name=button)
        start.wait_for()
        page.wait_for_timeout(READING)
        began = time.monotonic()
        start.click()
        seconds = []
        for picture in pictures:
            page.wait_for_function(THERE, arg=picture, polling=50)
            seconds.append(time.monotonic() - began)
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled.").wait_for()
    return seconds
