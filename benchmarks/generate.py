"""How long a grid of samples and an animation take, in a real browser on the server's own machine."""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import Row
from benchmarks.server import running_app
from tests.browser.find_chromium import launch

ROUNDS = 8
GRIDS = "grids => grids.map(g => [g.firstChild?.style.backgroundImage ?? '', Number(g.dataset.drawn) / 1000])"


def measure() -> list[Row]:
    """Rows of the table."""
    with sync_playwright() as playwright, running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.url}/generate?sampler=gaussian&n=64")
        expect(page.get_by_role("button", name="Sample 64", exact=True)).to_have_count(2, timeout=60_000)
        grids = [_next_seed(page) for _ in range(ROUNDS)][1:]
        page.goto(f"{server.url}/morph?show=way")
        expect(page.locator(".pad[data-state=ready]")).to_have_count(2, timeout=60_000)
        page.wait_for_timeout(2000)
        animation = _animation(page)
        browser.close()
    first, both = ([times[i] for times in grids] for i in (0, 1))
    return [
        Row(
            "64 new samples: from the press to the first grid",
            f"{statistics.median(first):.2f} s",
            "under 1 s",
        ),
        Row(
            "The same, until the grids of both models stand",
            f"{statistics.median(both):.2f} s (worst {max(both):.2f} s)",
        ),
        Row("An animation of 60 frames at 256 px, from the press to its download", f"{animation:.2f} s", "under 5 s"),
    ]


def _next_seed(page: Page) -> tuple[float, float]:
    """Seconds from the press to the first and to the last grid."""
    grids = page.locator(".face-grid")
    before = [sheet for sheet, _ in grids.evaluate_all(GRIDS)]
    page.wait_for_timeout(1500)
    began = time.time()
    page.get_by_role("button", name="Next seed").click()
    now = grids.evaluate_all(GRIDS)
    while any(sheet in before for sheet, _ in now):
        page.wait_for_timeout(50)
        now = grids.evaluate_all(GRIDS)
    drawn = [moment - began for _, moment in now]
    return min(drawn), max(drawn)


def _animation(page: Page) -> float:
    began = time.monotonic()
    page.get_by_role("button", name="Make an animation").first.click()
    expect(page.get_by_role("button", name="Save the animation")).to_be_visible(timeout=60_000)
    return time.monotonic() - began
