"""A visitor's browser for the table `live`: pages that note when messages and pictures come and go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from benchmarks.server import Server
from tests.browser.find_chromium import launch_with_profile

PATIENCE = 60_000  # milliseconds
WIRE = """{
  window.wire = { sent: [], heard: [], pictures: [], released: 0, face: 0, seen: 0, sliders: 0, placed: 0, dots: 0 };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...args) { wire.sent.push(performance.now()); return send.apply(this, args); };
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", () => wire.heard.push(performance.now()));
    }
  };
  document.addEventListener("pointerup", (event) => (wire.released = event.timeStamp), true);
  const loaded = ({ target }) => target.tagName === "IMG" && wire.pictures.push(performance.now());
  document.addEventListener("load", loaded, true);
  const canvas = CanvasRenderingContext2D.prototype;
  const { putImageData: put, drawImage: draw } = canvas;
  canvas.drawImage = function (...args) { // the first face, the server's, which the next frame brings to the screen
    draw.apply(this, args);
    if (this.canvas.closest(".pad")) requestAnimationFrame(() => (wire.face ||= performance.now()));
  };
  const painted = new Set();
  canvas.putImageData = function (...args) { // the first of this browser's own faces, and the map's dots
    put.apply(this, args);
    const what = this.canvas.closest(".pad") ? "seen" : this.canvas.matches(".am-dots") && "dots";
    if (!what || painted.has(what)) return;
    if (painted.add(what).size === 2) canvas.putImageData = put;
    if (what === "seen") wire.sliders = this.canvas.getRootNode().querySelectorAll(".rows input[type=range]").length;
    requestAnimationFrame(() => {
      wire[what] = performance.now();
      if (what === "seen") wire.face ||= wire.seen;
    });
  };
  new MutationObserver((changes, observer) => { // the pad that stood in front has gone to its place in Streamlit's page
    if (!changes.some(({ removedNodes }) => [...removedNodes].some(({ id }) => id === "facespace-early"))) return;
    wire.placed = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
  // From the release to the last entry of a list, once nothing has followed it for a while.
  wire.answer = async (list) => {
    const began = performance.now();
    while (performance.now() - began < 20000) {
      const last = wire[list].at(-1) ?? 0;
      if (last > wire.released && performance.now() - last > 300) return last - wire.released;
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error("The server did not answer a release.");
  };
}"""


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor with an empty cache, which is kept in memory and keeps no file of more than a few MB."""
    with _closing(browser.new_context(viewport={"width": 1440, "height": 900})) as context:
        yield context


@contextmanager
def profile(playwright: Playwright, folder: Path) -> Iterator[BrowserContext]:
    """A browser of its own with its cache on disk, as people have it."""
    with _closing(launch_with_profile(playwright, folder)) as context:
        yield context


@contextmanager
def _closing(context: BrowserContext) -> Iterator[BrowserContext]:
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WIRE)
    try:
        yield context
    finally:
        context.close()


def open_app(context: BrowserContext, server: Server, model: str | None = None) -> Page:
    """A page of the app with pad and map at rest."""
    page = context.new_page()
    page.goto(server.url)
    page.locator('#root .pad:not([data-frames="0"])').wait_for()
    page.locator('.atlas-map[data-state="ready"][data-latents="ready"]').wait_for()
    if model:
        page.get_by_role("radio", name=model, exact=True).click()
        page.get_by_text(f"decoded by the {model}").wait_for()
        page.locator(f'.atlas-map[data-model="{model.lower()}"][data-latents="ready"]').wait_for()
    page.locator('.am-face[data-decoder="ready"]').wait_for(state="attached")
    page.wait_for_timeout(1500)
    return page


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Median and 95th percentile with the number of values, such as "7.1 / 14.0 ms (180)"."""
    median, p95 = np.percentile(values, [50, 95])
    digits = 0 if median >= 100 else 1
    return f"{median:.{digits}f} / {p95:.{digits}f} {unit} ({len(values)})"


def processor_seconds(server: Server) -> float:
    """Processor time that a server and its children have taken so far."""
    process = psutil.Process(server.process.pid)
    times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
    return float(sum(one.user + one.system for one in times))
