"""Take the README's picture again: `python -m benchmarks.screenshot` writes assets/explore.png."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from benchmarks.server import ROOT, running_app
from tests.browser.driving import Map, Pad
from tests.browser.find_chromium import launch


def main() -> None:
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url)
        shown, pad = Map(page), Pad(page)
        shown.wait(state="ready", latents="ready")
        page.get_by_label("Face number").fill("128681")
        page.get_by_role("button", name="Find").click()
        page.locator(".am-found").click()
        page.get_by_text("Face 128681 of CelebA").wait_for()
        pad.drag(pad.first_slider(), 45)
        page.wait_for_timeout(2000)
        page.screenshot(path=ROOT / "assets" / "explore.png")
        browser.close()


if __name__ == "__main__":
    main()
