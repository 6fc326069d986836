"""The map in headless Chromium, without a graphics card, at 200,000 and at 1,000,000 points: is it still at hand?

Seeded synthetic faces of three attributes. The clocks run inside the page, and stop once the graphics card (here the
processor) has finished. Cells read "median / slowest (how many)".
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.map_page import filter_by_score, map_page, told
from benchmarks.report import Row
from tests.browser.driving import Map, visit

SIZES = (200_000, 1_000_000)
GOALS = {"recolour": "under 500 ms", "hover": "under 50 ms"}
COLOURS = (("Smiling", "attribute:Smiling"), ("Density", "density:Density"), ("Direction", "values:Dimension 17"),
           ("Partition", "partition:Part of the data"), ("Eyeglasses", "attribute:Eyeglasses"))  # fmt: skip
TOLD = {
    "open": "opened: from the address to the drawn map",
    "recolour": "recoloured: in the browser, once Python has said by what",
    "hover": "pointed at: from the move of the mouse to the ring",
    "pan": "moved or zoomed by a step",
    "filter": "filtered: from the move of the slider",
    "lasso": "lassoed: from the release of the mouse",
}
CLOCKS = """() => {
  const root = document.querySelector(".atlas-map"), plot = root.querySelector(".am-plot");
  const frame = () => new Promise(requestAnimationFrame);
  const finished = () => {
    for (const canvas of root.querySelectorAll("canvas")) {
      const gl = canvas.classList.contains("gl-canvas") && canvas.getContext("webgl");
      if (gl) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    }
  };
  let up = 0;
  window.addEventListener("pointerup", () => { up = performance.now(); }, { capture: true });
  window.clocks = {
    async recolour(before) {
      while (root.dataset.colouring === before) await frame();
      const started = performance.now();
      finished();
      return Number(root.dataset.drawMs) + performance.now() - started;
    },
    async hover(count) {
      const { left, top, width, height } = plot.getBoundingClientRect();
      const times = [];
      for (let i = 0; times.length < count && i < 50 * count; i++) {
        const before = root.dataset.hovered;
        const [across, down] = [0.618, 0.414].map((step) => 0.2 + 0.6 * ((i * step) % 1));
        const at = { clientX: left + width * across, clientY: top + height * down };
        const started = performance.now();
        plot.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true, pointerType: "mouse" }));
        if (!root.dataset.hovered || root.dataset.hovered === before) continue;
        await frame();
        times.push(performance.now() - started);
      }
      return times;
    },
    async pan(count) {
      const { x, y } = { x: plot.layout.xaxis.range.slice(), y: plot.layout.yaxis.range.slice() };
      const times = [];
      for (let i = 1; i <= count; i++) {
        const by = 0.02 * i;
        const started = performance.now();
        const ranges = { "xaxis.range": [x[0] + by, x[1] - by], "yaxis.range": [y[0] + by, y[1] - by] };
        await window.Plotly.relayout(plot, ranges);
        await frame();
        finished();
        times.push(performance.now() - started);
      }
      return times;
    },
    async filter(label, count) {
      const slider = root.querySelector(`input[aria-label="${label}"]`);
      const times = [];
      for (let move = 0; move < count; move++) {
        slider.value = String(10 + ((move * 7) % 60));
        const started = performance.now();
        delete root.dataset.filterMs;
        slider.dispatchEvent(new Event("input"));
        while (!root.dataset.filterMs) await frame();
        finished();
        times.push(performance.now() - started);
      }
      return times;
    },
    async lasso(before) {
      while (root.dataset.selected === before) await frame();
      finished();
      return performance.now() - up;
    },
  };
}"""


def measure() -> list[Row]:
    """Use maps of two sizes."""
    with map_page() as (browser, url):
        return [
            Row(f"{points:,} faces {TOLD[what]}", told(times), GOALS.get(what, "") if points == SIZES[-1] else "")
            for points in SIZES
            for what, times in _times(browser, f"{url}&faces=1&points={points}").items()
        ]


def _times(browser: Browser, url: str) -> dict[str, list[float]]:
    """Milliseconds of each thing that a hand does."""
    context = visit(browser)
    page = context.new_page()
    page.goto(url)  # the server makes its arrays once
    Map(page).wait(state="ready", latents="ready")
    page.goto("about:blank")
    page.goto(url)
    shown = Map(page)
    shown.wait(state="ready", latents="ready")
    times: dict[str, list[float]] = {"open": [page.evaluate("performance.now()")]}
    page.evaluate(CLOCKS)
    times["recolour"] = [_recolour(page, shown, choice) for choice, _ in COLOURS]
    times["hover"] = page.evaluate("clocks.hover(30)")
    times["pan"] = page.evaluate("clocks.pan(12)")
    label = filter_by_score(page)
    times["filter"] = page.evaluate("label => clocks.filter(label, 12)", label)
    shown.tool("Lasso Select")
    before = shown.data("selected")
    page.locator(".am-plot").scroll_into_view_if_needed()
    corners = [shown.share(*at) for at in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()
    times["lasso"] = [page.evaluate("before => clocks.lasso(before)", before)]
    context.close()
    return times


def _recolour(page: Page, shown: Map, choice: str) -> Any:
    before = shown.data("colouring")
    page.get_by_test_id("stRadio").nth(1).get_by_text(choice, exact=True).click()
    return page.evaluate("before => clocks.recolour(before)", before)
