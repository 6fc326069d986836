"""What the table `live` compares with: `st.slider` and torch on the server (the page: slider_app/door.py)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.report import Row
from benchmarks.server import ROOT, running_app
from benchmarks.visit import processor_seconds, spread, visitor

RELEASES = 20
STEPS = 60  # of a drag


def measure_slider(browser: Browser, folder: Path, what: str) -> list[Row]:
    """Drag and release `st.slider`; a face counts when its picture has loaded."""
    times, during = [], 0
    app = ROOT / "benchmarks" / "slider_app"
    with running_app(app, FACESPACE_SLIDER=str(folder)) as server, visitor(browser) as context:
        for _ in range(2):
            page = context.new_page()
            page.goto(server.url)
            page.locator("img").wait_for()
            page.wait_for_timeout(2000)
        opened = page.evaluate("wire.pictures[0] / 1000")
        box = page.get_by_test_id("stSlider").bounding_box()
        handle = page.get_by_role("slider").bounding_box()
        assert box
        assert handle
        left, right = (box["x"] + share * box["width"] for share in (0.25, 0.75))
        y = handle["y"] + handle["height"] / 2
        before = processor_seconds(server)
        for release in range(RELEASES):
            start, end = (right, left) if release % 2 else (left, right)
            end += release  # a face that was shown before would come from the browser's memory
            page.mouse.move(start, y)
            page.mouse.down()
            pictures = page.evaluate("wire.pictures.length")
            page.mouse.move(end, y, steps=STEPS)
            during += page.evaluate("wire.pictures.length") - pictures
            page.mouse.up()
            times.append(page.evaluate("wire.answer('pictures')"))
        used = (processor_seconds(server) - before) / RELEASES
    name = f"{what}, `st.slider` and torch on the server"
    return [
        Row(f"{name}: page open to first face, second visit", f"{opened:.1f} s"),
        Row(f"{name}: faces seen in {RELEASES} drags of {STEPS} moves before the release", str(during)),
        Row(f"{name}: release to the new face", spread(times)),
        Row(f"{name}: the server's processor time for a face", f"{used * 1000:.0f} ms"),
    ]
