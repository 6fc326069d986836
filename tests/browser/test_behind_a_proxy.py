"""Behind a proxy that strips a prefix, and in somebody else's frame: every address is relative to the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Map, Pad
from tests.browser.prefix_proxy import behind_a_prefix

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_everything_is_found_under_the_prefix(page: Page, app_url: str) -> None:
    failed: list[str] = []
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    with behind_a_prefix(app_url) as outside:
        page.set_content(f'<iframe src="{outside}?embed=true&model=vae" width="1400" height="860"></iframe>')
        frame = page.frame_locator("iframe")
        pad = frame.locator("#root .pad")
        expect(pad).to_have_attribute("data-source", "browser")
        frames = pad.get_attribute("data-frames")
        pad.locator(".rows input[type=range]").first.press("ArrowRight")
        expect(pad).not_to_have_attribute("data-frames", str(frames))

        page.goto(f"{outside}?model=ae")
        Pad(page).ready()
        Map(page).wait(state="ready", latents="ready")
        page.get_by_role("link", name="Generate").first.click()
        expect(page.locator(".face-grid button").first).to_have_attribute("style", re.compile("background-image"))
        page.close()
    assert failed == []
