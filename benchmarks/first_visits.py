"""The first visitor of a server that was just started: how long each page and each chapter takes.

Each has a server of its own, which has this moment answered for the first time, and a browser with an empty cache. A
page can be used once what one does there first is ready: the sliders, the map, the faces drawn, the place for a photo,
the table. What that means for a chapter, and when all stands, says `lesson.py`.

Each is visited three times; the row has the medians, and of being usable the range as well.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from app.views.lesson.contents import CHAPTERS
from benchmarks import lesson
from benchmarks.report import Row
from benchmarks.server import ROOT, running_app
from benchmarks.visit import visitor
from tests.browser.find_chromium import launch

GOAL = "usable in 3 s"
VISITS = 3
PAD, MAP = '#root .pad[data-state="ready"]', ".atlas-map:is([data-state=pointing], [data-state=ready])"
# What has to be there, a CSS selector each, which looks into components as well.
PAGES = {
    "explore": (PAD, MAP),
    "generate": (".face-grid button",),
    "edit": (PAD,),
    "morph": (f"{PAD} >> nth=1",),
    "your-face": ("[data-testid=stFileUploader] button",),
    "models": (".stMarkdown table",),
}


def measure() -> list[Row]:
    """A row a page and a chapter, of an app that was installed by `make install`."""
    subprocess.run([sys.executable, "-m", "app.beforehand"], cwd=ROOT, check=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        visit_page(browser, "your-face")  # the first visit of all also reads browser and packages from the disk
        rows = [_row(f"/{name}", partial(visit_page, browser, name)) for name in PAGES]
        for number in range(1, len(CHAPTERS) + 1):
            rows.append(_row(f"/lesson, chapter {number}", partial(visit_chapter, browser, number)))
        browser.close()
    return rows


def visit_page(browser: Browser, name: str) -> tuple[float, float]:
    """Seconds from opening a page of a fresh server until it can be used, and until all stands."""
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server, visitor(browser) as context:
        page, began = context.new_page(), time.monotonic()
        page.goto(f"{server.url}/{name}", wait_until="commit")
        for selector in PAGES[name]:
            page.locator(selector).first.wait_for()
        usable = time.monotonic() - began
        page.wait_for_function(lesson.AT_REST, polling=50)
        return usable, time.monotonic() - began


def visit_chapter(browser: Browser, number: int) -> tuple[float, float]:
    """The same for a chapter, by its number."""
    chapter = CHAPTERS[number - 1]
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server, visitor(browser) as context:
        page, began = context.new_page(), time.monotonic()
        page.goto(f"{server.url}/lesson?chapter={chapter.key}", wait_until="commit")
        return lesson.until_it_stands(page, chapter, began)


def _row(name: str, visit: Callable[[], tuple[float, float]]) -> Row:
    usable, stands = zip(*(visit() for _ in range(VISITS)), strict=True)
    said = f"{median(usable):.1f} s ({min(usable):.1f} to {max(usable):.1f}); {median(stands):.1f} s"
    return Row(name, said, GOAL)
