"""How long each chapter of the lesson takes until it can be used, and until all of it stands.

It can be used once its text and what is to be tried first are there: the pad, the map, the first chart, else its
question. All of it stands once every picture, chart, pad and map is there and at rest.

A visitor comes from *Explore* and goes through the lesson with *Next*, then a second one with an empty browser of their
own. Opening the app at the lesson with an empty browser is another matter, and stands in a row of its own.
"""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page, sync_playwright

from app.views.lesson.contents import CHAPTERS, Chapter
from benchmarks.report import Row
from benchmarks.server import Server, running_app, settle
from benchmarks.visit import visitor
from tests.browser.find_chromium import launch

GOAL = "usable in 3 s"
PAUSE = 700  # milliseconds between two chapters
PADS, MAPS = {"autoencoder": 1, "generating": 1}, {"exploring": 1}
# Chapters with a chart that gives no answer away, so that it is there at once; the map's own is among them.
CHARTS = ("autoencoder", "dataset", "exploring", "generating", "variational", "prior")
USABLE = """([title, key, chart, pads, maps]) => {
  const fresh = (selector, root = document) =>
    [...root.querySelectorAll(selector)].filter((element) => !element.closest("[data-stale=true]"));
  const shadows = fresh("*").filter((element) => element.shadowRoot).map((element) => element.shadowRoot);
  return (
    fresh("h1").some((heading) => heading.innerText.trim() === title) &&
    (!chart || fresh(".fs-chart img").some((one) => one.complete !== false)) &&
    (chart || fresh(`.st-key-lesson_question_${key}`).length > 0) &&
    shadows.flatMap((root) => [...root.querySelectorAll(".pad[data-state=ready]")]).length >= pads &&
    fresh(".atlas-map:is([data-state=pointing], [data-state=ready])").length >= maps
  );
}"""
AT_REST = """() => {
  const busy =
    "[data-stale=true], [data-testid=stStatusWidget], [data-testid=stSkeleton], [data-testid=stSpinner], " +
    ".atlas-map[data-state=pointing]";
  const script = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
  return script === "notRunning" && !document.querySelector(busy) && [...document.images].every((one) => one.complete);
}"""
LAST = """([title, last]) => {
  const every = (selector) => [...document.querySelectorAll(selector)];
  return (
    every("h1").some((heading) => heading.innerText.trim() === title) &&
    (last || every("button").some((button) => button.innerText.includes("Next: ")))
  );
}"""


def measure() -> list[Row]:
    """A row a chapter, for the first visitor of a server at rest and the next; and one for opening the app there."""
    with sync_playwright() as playwright, running_app(FACESPACE_CELEBA="") as server:
        browser = launch(playwright)
        settle(server)
        first, second = (_walk(browser, server) for _ in range(2))
        opened = [_open(browser, server) for _ in range(2)]
        browser.close()
    rows = []
    for number, times in enumerate(zip(first, second, strict=True), 1):
        way = "from *Next*" if number > 1 else "from the link *Lesson*"
        rows.append(Row(f"Lesson, chapter {number}: {way} until it can be used; until all stands", _said(*times), GOAL))
    return [*rows, Row("The app opened at chapter 1 with an empty browser: the same", _said(*opened), "")]


def _said(first: tuple[float, float], second: tuple[float, float]) -> str:
    return f"{first[0]:.1f}; {first[1]:.1f} s, the next visitor {second[0]:.1f}; {second[1]:.1f} s"


def _open(browser: Browser, server: Server) -> tuple[float, float]:
    """Seconds from opening the app at the lesson."""
    with visitor(browser) as context:
        page = context.new_page()
        began = time.monotonic()
        page.goto(f"{server.url}/lesson", wait_until="commit")
        return until_it_stands(page, CHAPTERS[0], began)


def _walk(browser: Browser, server: Server) -> list[tuple[float, float]]:
    """Seconds for each chapter, until it can be used and until all of it stands."""
    with visitor(browser) as context:
        page = context.new_page()
        page.goto(server.url)
        page.locator('.atlas-map[data-state="ready"]').wait_for()
        seconds: list[tuple[float, float]] = []
        for chapter in CHAPTERS:
            page.wait_for_timeout(PAUSE)
            forward = page.locator(".st-key-lesson_next button") if seconds else page.get_by_role("link", name="Lesson")
            began = time.monotonic()
            forward.click()
            seconds.append(until_it_stands(page, chapter, began))
    return seconds


def until_it_stands(page: Page, chapter: Chapter, began: float) -> tuple[float, float]:
    """Wait for both; the seconds from `began` to each."""
    numbers = [chapter.key, chapter.key in CHARTS, *(counts.get(chapter.key, 0) for counts in (PADS, MAPS))]
    page.wait_for_function(USABLE, arg=[chapter.title, *numbers], polling=50)
    usable = time.monotonic() - began
    page.wait_for_function(LAST, arg=[chapter.title, chapter is CHAPTERS[-1]], polling=50)
    page.wait_for_function(AT_REST, polling=50)
    return usable, time.monotonic() - began
