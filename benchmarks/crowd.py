"""A class that drags at once: as many pages as this machine opens in time, and what they cost the server.

The pages are opened without their maps, which the drags do not need and which would take most of this machine's memory
and time: the browsers of a class run on forty machines, here they share the server's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from benchmarks.report import Row
from benchmarks.server import Server, running_app, settle
from benchmarks.visit import processor_seconds, visitor
from tests.browser.find_chromium import launch

PAGES = 40  # a large class
TOGETHER = 4  # pages that open at the same time
OPENING = 240  # seconds, after which no further page is opened
SECONDS = 8  # of rest and of dragging
HAND = """root => {
  const slider = root.querySelector(".rows input[type=range]");
  let step = 0;
  setInterval(() => {
    slider.valueAsNumber = 3 * Math.sin(step++ / 30);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, 16);
}"""


def measure() -> list[Row]:
    """Open the pages, let them rest, then drag in all of them."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        with running_app(FACESPACE_CHECKPOINTS="", FACESPACE_CELEBA="") as server:
            settle(server)
            rows = measure_crowd(browser, server)
        browser.close()
    return rows


def measure_crowd(browser: Browser, server: Server, opening: float = OPENING) -> list[Row]:
    """Drag in many pages at once, with 60 dispatched `input` events a second in each, and read the server's clock."""
    with visitor(browser) as context:
        context.route("**/plotly-gl2d.min.js", lambda route: route.abort())
        pages = open_pages(context, server, time.monotonic() + opening)
        pads = [page.locator("#root .pad") for page in pages]
        pages[0].wait_for_timeout(2000)
        idle = _rate(server, pages[0])
        for pad in pads:
            pad.evaluate(HAND)
        sent, painted = _sent(pages), _frames(pads)
        busy = _rate(server, pages[0])
        sent, frames = (
            _sent(pages) - sent,
            [after - before for after, before in zip(_frames(pads), painted, strict=True)],
        )
    name, count = f"{len(pages)} pages dragging at once for {SECONDS} s", len(pages)
    return [
        Row(f"{name}: faces painted, in all and in the slowest page", f"{sum(frames):,}, {min(frames)}"),
        Row(f"{name}: messages to the server", str(sent), "0"),
        Row(
            "The server's processor time for one page's second of dragging (of rest)",
            f"{busy * 1000 / count:.2f} ms ({idle * 1000 / count:.2f} ms)",
            "as at rest",
        ),
    ]


def open_pages(context: BrowserContext, server: Server, deadline: float) -> list[Page]:
    """Up to PAGES pages with a face, a few at a time; fewer where the time is up before."""
    pages: list[Page] = []
    while len(pages) < PAGES and time.monotonic() < deadline:
        opening = [context.new_page() for _ in range(min(TOGETHER, PAGES - len(pages)))]
        for page in opening:
            page.goto(server.url, wait_until="commit")
        for page in opening:
            page.locator('#root .pad:not([data-frames="0"])').wait_for()
        pages += opening
    return pages


def _sent(pages: Sequence[Page]) -> int:
    return sum(page.evaluate("wire.sent.length") for page in pages)


def _frames(pads: Sequence[Locator]) -> list[int]:
    return [int(pad.get_attribute("data-frames") or 0) for pad in pads]


def _rate(server: Server, page: Page) -> float:
    """Processor seconds that the server takes in each of the next seconds."""
    before, began = processor_seconds(server), time.monotonic()
    page.wait_for_timeout(SECONDS * 1000)
    return (processor_seconds(server) - before) / (time.monotonic() - began)
