"""A photo on the page *Your face*, in headless Chromium: from the drop to the last picture.

The clock runs inside the page: from the file box's `change` event until the photo with its marks, the crop, every
reconstruction, error picture and draw, the neighbours, the attributes, the slider's face and the ring on the map are
all there. Each measurement is a fresh visitor's first photo, with the page at rest. Cells read
"median / slowest (how many)".
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Row
from benchmarks.server import ROOT, Server, running_app, settle
from tests.browser.find_chromium import launch

VISITORS = 5
PATIENCE = 60_000  # milliseconds
CLOCK = """{
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    window.dropped = performance.now();
    window.ringBefore = document.querySelector(".atlas-map")?.dataset.markerX;
  }, true);
  const deep = (root, selector) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? deep(e.shadowRoot, selector) : [])),
  ];
  window.everything = () => {
    // What costs little is asked first, so that the question itself holds nothing up.
    const map = document.querySelector(".atlas-map");
    if (!document.querySelector(".fs-bars") || !map?.dataset.markerX || map.dataset.markerX === window.ringBefore) {
      return false;
    }
    const pad = deep(document, ".pad")[0];
    if (pad?.dataset.state !== "ready" || pad.dataset.frames === "0") return false;
    const pictures = [...deep(document, ".fs-row img"), ...deep(document, ".face-marks img")];
    return pictures.length >= 17 && pictures.every((p) => p.complete && p.naturalWidth);
  };
  window.settled = async () => {
    while (!window.dropped || !window.everything()) await new Promise(requestAnimationFrame);
    return performance.now() - window.dropped;
  };
}"""


def measure() -> list[Row]:
    """Photos of 1 and 12 megapixels for visitors who come one after the other, and what a photo adds to memory."""
    with sync_playwright() as playwright, running_app(FACESPACE_CELEBA="") as server:
        browser = launch(playwright)
        settle(server)
        with _visitor(browser, server) as page:  # opens what the server opens once
            _time(page, photo(1))
        rest = psutil.Process(server.process.pid).memory_info().rss
        rows = []
        for megapixels, goal in ((1, "under 1 s"), (12, "under 2 s")):
            times = []
            for _ in range(VISITORS):
                with _visitor(browser, server) as page:
                    times.append(_time(page, photo(megapixels)))
            what = f"Photo of a face, {megapixels} megapixel{'s' * (megapixels > 1)}: from the drop to the last picture"
            rows.append(Row(what, f"{statistics.median(times):.2f} / {max(times):.2f} s ({len(times)})", goal))
        grown = psutil.Process(server.process.pid).memory_info().rss - rest
        rows.append(Row(f"Server memory after {2 * VISITORS} such visitors, beyond the first", f"{grown / 1e6:.0f} MB"))
        browser.close()
    return rows


def photo(megapixels: float) -> bytes:
    """The public-domain portrait as a JPEG of so many megapixels, with some room around it."""
    with Image.open(ROOT / "assets" / "portrait.jpg") as opened:
        portrait = opened.convert("RGB")
    height = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    width = round(height * 3 / 4)
    wide = Image.new("RGB", (width, height), (120, 130, 140))
    share = 0.8
    side = (round(width * share), round(width * share * portrait.height / portrait.width))
    wide.paste(portrait.resize(side), ((width - side[0]) // 2, (height - side[1]) // 2))
    buffer = io.BytesIO()
    wide.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@contextmanager
def _visitor(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(CLOCK)
    page = context.new_page()
    page.goto(f"{server.url}/your-face")
    page.locator('.atlas-map[data-state="ready"][data-latents="ready"]').wait_for()
    page.locator('.am-face[data-decoder="ready"]').wait_for(state="attached")
    time.sleep(1.5)
    yield page
    context.close()


def _time(page: Page, data: bytes) -> float:
    """Seconds from the drop to everything."""
    page.locator("input[type=file]").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": data})
    return float(page.evaluate("settled()")) / 1000
