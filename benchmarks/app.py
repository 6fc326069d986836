"""The app from outside: start, first map, memory of the server and of further visitors, decoding on the server."""

from __future__ import annotations

import statistics
import time

import psutil
import torch
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Row
from benchmarks.server import ROOT, Server, running_app, settle
from models import load_checkpoint
from tests.browser.find_chromium import launch

STARTS = 3
VISITORS = 5
MAP_DRAWN = ".atlas-map[data-state=ready]"


def measure() -> list[Row]:
    """Start the app a few times, open its page, visit it from further browser profiles, read its memory."""
    starts, maps, later = [], [], []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(STARTS):
            with running_app() as server:
                starts.append(server.seconds)
                maps.append(_open(browser, server)[1])
                later.append(_open(browser, server)[1])
        with running_app() as server:
            first, _ = _open(browser, server)
            for title in ("VAE", "AE"):
                first.get_by_role("radio", name=title, exact=True).click()
                first.wait_for_timeout(3000)
            settle(server)
            both = _memory(server)
            for _ in range(VISITORS):
                _open(browser, server)
            more = (_memory(server) - both) / VISITORS
        browser.close()
    return [
        Row("From starting the app to its first answer", f"{statistics.median(starts):.1f} s", "under 3 s"),
        Row("From opening the page to the drawn map of 26,000 faces, the moment the server answers",
            f"{statistics.median(maps):.1f} s", "under 5 s"),
        Row("The same for the next visitor (a new browser profile)", f"{statistics.median(later):.1f} s", "under 5 s"),
        Row("Server memory with both checkpoints open", f"{both / 1e6:.0f} MB", "under 1,200 MB"),
        Row("A further visitor adds", f"{more / 1e6:.0f} MB", "under 30 MB"),
        _decoding(),
    ]  # fmt: skip


def _open(browser: Browser, server: Server) -> tuple[Page, float]:
    """A fresh visitor: the page and the seconds until the map is drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
    began = time.monotonic()
    page.goto(server.url)
    page.locator(MAP_DRAWN).wait_for(timeout=60_000)
    return page, time.monotonic() - began


def _memory(server: Server) -> int:
    """Resident bytes of the server and its children."""
    process = psutil.Process(server.process.pid)
    return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])


@torch.inference_mode()
def _decoding() -> Row:
    network = load_checkpoint(ROOT / "checkpoints" / "vae")
    torch.set_num_threads(1)
    z = torch.zeros(1, network.config.latent_dim)
    times = []
    for _ in range(200):
        began = time.perf_counter()
        network.decode(z)
        times.append(time.perf_counter() - began)
    size = network.config.image_size
    return Row(f"Decoding one face of {size} px in torch on one core", f"{statistics.median(times) * 1000:.1f} ms",
               "under 10 ms")  # fmt: skip
