"""The map's filter in headless Chromium: from the hand's move to the painted map, at 26,000 and at 200,000 points.

Seeded synthetic faces of three attributes. The clock runs inside the page: from a slider's `input` event until the map
has been drawn anew and the graphics card (here the processor) has finished with it, the counts and the histograms too.
Each of the moves narrows or widens a score range of one attribute, with another term there. Cells read
"median / slowest (how many)".
"""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.map_page import filter_by_score, map_page, told
from benchmarks.report import Row
from tests.browser.driving import Map, visit

MOVES = 12
SIZES = ((26_000, "under 100 ms"), (200_000, "under 300 ms"))
CLOCK = """async ([label, moves]) => {
  const root = document.querySelector(".atlas-map");
  const slider = root.querySelector(`input[aria-label="${label}"]`);
  const frame = () => new Promise(requestAnimationFrame);
  const finished = () => {
    for (const canvas of root.querySelectorAll("canvas.gl-canvas")) {
      const gl = canvas.getContext("webgl");
      gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    }
  };
  const times = [];
  for (let move = 0; move < moves; move++) {
    const before = root.dataset.passing;
    slider.value = String(10 + ((move * 7) % 60));
    const started = performance.now();
    delete root.dataset.filterMs;
    slider.dispatchEvent(new Event("input"));
    while (!root.dataset.filterMs) await frame();
    finished();
    times.push(performance.now() - started);
    if (root.dataset.passing === before) throw new Error("nothing was filtered");
    await frame();
    await frame();
  }
  return times;
}"""


def measure() -> list[Row]:
    """Move a score range on maps of two sizes."""
    with map_page() as (browser, url):
        return [
            Row(f"From the move of a filter to the painted map, {points:,} faces", told(times), goal)
            for points, goal in SIZES
            for times in [_times(browser, f"{url}&points={points}")]
        ]


def _times(browser: Browser, url: str) -> list[float]:
    """Milliseconds of each move."""
    context = visit(browser)
    page = context.new_page()
    page.goto(url)
    shown = Map(page)
    shown.wait(state="ready", latents="ready")
    times: list[float] = page.evaluate(CLOCK, [filter_by_score(page), MOVES])
    context.close()
    return times
