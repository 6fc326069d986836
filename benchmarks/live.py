"""The pad and the map in headless Chromium, beside `st.slider` with torch on the server.

Drags are Playwright's mouse moves on a real slider. Times are taken inside the page: from the slider's `input` event
to the moment when a face of that step or of a later one is on the canvas. The screen's next refresh is not counted.
Cells read "median / 95th percentile (how many)".
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from benchmarks.live_slider import STEPS, measure_slider
from benchmarks.report import Row
from benchmarks.server import ROOT, Server, running_app, settle
from benchmarks.visit import PATIENCE, open_app, profile, spread, visitor
from latent.atlas import Atlas, save_atlas
from models.checkpoints import save_checkpoint
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.networks import Autoencoder
from tests.browser.find_chromium import launch

DRAGS = 3  # of each kind and model
RELEASES = 12
VISITS = 3
HOVERS = 40
POINTS = 26_000
SEEDED = "seeded-64"
COLOURINGS = ("Smiling", "Blond hair", "How crowded", "Wearing hat", "Training or test part", "Eyeglasses")

PROBE = """root => {
  const COARSE = 0.2; // milliseconds: browsers blur their clocks
  const probe = (window.probe = { steps: [], faces: [], marks: [], sent: 0, waiting: [] });
  const covered = () => (probe.faces.at(-1)?.of ?? 0) >= probe.steps.at(-1) - COARSE;
  root.addEventListener("input", ({ timeStamp }) => probe.steps.push(timeStamp), true);
  new MutationObserver(() => {
    const at = performance.now();
    probe.faces.push({ at, of: at - Number(root.dataset.inputToPaintMs) });
    if (covered()) probe.waiting.splice(0).forEach((done) => done());
  }).observe(root, { attributeFilter: ["data-frames"] });
  const map = document.querySelector(".atlas-map");
  const mark = () => probe.marks.push(Number(map.dataset.markerMs));
  new MutationObserver(mark).observe(map, { attributeFilter: ["data-marker-ms"] });
  probe.begin = () => Object.assign(probe, { steps: [], faces: [], marks: [], sent: wire.sent.length });
  probe.painted = () => new Promise((done, fail) => {
    if (!probe.steps.length || covered()) return done();
    probe.waiting.push(done);
    setTimeout(() => fail(new Error("No face was painted for a step.")), 10000);
  });
  probe.outcome = () => ({
    waits: probe.steps.map((step) => probe.faces.find(({ of }) => of >= step - COARSE).at - step),
    faces: probe.faces.length,
    marks: probe.marks,
    sent: wire.sent.length - probe.sent,
  });
}"""
RECOLOUR = """() => {
  const recolour = (window.recolour = { chosen: 0, drawn: 0 });
  document.addEventListener("pointerdown", (event) => (recolour.chosen = event.timeStamp), true);
  const drawn = () => (recolour.drawn = performance.now());
  new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    .observe(document.querySelector(".atlas-map"), { attributeFilter: ["data-colouring"] });
}"""
LOADED = """performance.getEntriesByType("resource").filter(({ name }) => name.includes("/facespace/"))
  .map(({ transferSize }) => transferSize)"""


@dataclass
class Drags:
    """What drags of one kind came to; times in milliseconds."""

    waits: list[float] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    marks: list[float] = field(default_factory=list)
    sent: int = 0
    releases: list[float] = field(default_factory=list)


def measure() -> list[Row]:
    """Drive the shipped pair and a seeded network of 64 px, then `st.slider` with the same decoders."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        seeded = Path(scratch) / SEEDED
        write_seeded(seeded)
        browser = launch(playwright)
        with running_app(FACESPACE_CHECKPOINTS=str(seeded), FACESPACE_CELEBA="") as server:
            with visitor(browser) as context:
                open_app(context, server, SEEDED)  # the server's own first time is in the table `app`
            settle(server)
            rows = measure_opening(playwright, server)
            rows += measure_drags(browser, server, ("AE", "VAE"), "128 px, shipped")
            rows += measure_slider(browser, ROOT / "checkpoints" / "vae", "128 px")
            rows += measure_drags(browser, server, (SEEDED,), "64 px, seeded weights")
            rows += measure_slider(browser, seeded, "64 px")
            rows += measure_recolouring(browser, server)
        browser.close()
    return rows


def write_seeded(folder: Path) -> None:
    """A checkpoint of 64 px that was never trained, with made-up encodings."""
    torch.manual_seed(0)
    network = Autoencoder(ModelConfig("ae", image_size=64, latent_dim=128, width=32)).eval()
    with torch.no_grad():  # as much contrast as trained weights give, so that each step changes the picture
        logits = network.decode(torch.randn(8, 128)).logit()
        last: torch.nn.Module = network.decoder.convolutions[-2]
        assert isinstance(last, torch.nn.ConvTranspose2d)
        last.weight.div_((logits - logits.mean((0, 2, 3), keepdim=True)).std())
    digest = save_checkpoint(network, folder, {})
    random = np.random.default_rng(0)
    xy = random.normal(0, 1, (POINTS, 2)) + random.choice([-4, 0, 4], (POINTS, 2))
    mu = xy @ random.normal(0, 0.3, (2, 128)) + random.normal(0, 0.5, (POINTS, 128))
    atlas = Atlas(
        image=np.arange(1, POINTS + 1, dtype=np.int32),
        partition=random.choice(3, POINTS).astype(np.uint8),
        scores=random.integers(0, 256, (POINTS, len(ATTRIBUTES)), np.uint8),
        attributes=ATTRIBUTES,
        mu=mu.astype(np.float16),
        logvar=None,
        xy=xy.astype(np.float32),
        effect=np.ones(128, np.float32),
        checkpoint_sha256=digest,
    )
    save_atlas(atlas, folder / "atlas.npz")


def measure_opening(playwright: Playwright, server: Server) -> list[Row]:
    """Visit with new browser profiles, twice with each; times begin where the browser starts to load the page.

    The first face is the server's, which comes with the HTML. It follows a hand once the browser's own is on the canvas
    of a pad whose sliders are there. That pad stands in front of the page until Streamlit has drawn it, and then moves
    into it; so when that happens is a row of its own.
    """
    visits: tuple[list[float], list[float]] = ([], [])
    live: tuple[list[float], list[float]] = ([], [])
    placed: tuple[list[float], list[float]] = ([], [])
    dots: tuple[list[float], list[float]] = ([], [])
    loaded = []
    for _ in range(VISITS):
        with tempfile.TemporaryDirectory() as folder, profile(playwright, Path(folder)) as context:
            for seen, follows, settled, mapped in zip(visits, live, placed, dots, strict=True):
                page = open_app(context, server)
                seen.append(page.evaluate("wire.face / 1000"))
                follows.append(page.evaluate("wire.seen / 1000"))
                settled.append(page.evaluate("wire.placed / 1000"))
                mapped.append(page.evaluate("wire.dots / 1000"))
                assert page.evaluate("wire.sliders"), "the face has no sliders"
                sizes = page.evaluate(LOADED)
                assert len(sizes) > 6, "the app's own files are not under /facespace/"
                page.close()
            loaded.append(sum(sizes))
    return [
        Row("Page open to first face on screen, new browser profile", spread(visits[0], "s"), "under 3 s"),
        Row("Page open to first face on screen, second visit", spread(visits[1], "s"), "under 1.5 s"),
        Row("Page open to a face that follows the sliders, new profile", spread(live[0], "s")),
        Row("Page open to a face that follows the sliders, second visit", spread(live[1], "s")),
        Row("Page open to that pad's place in Streamlit's page, new profile", spread(placed[0], "s")),
        Row("Page open to that pad's place in Streamlit's page, second visit", spread(placed[1], "s")),
        Row(f"Page open to the map's {POINTS:,} dots, new profile", spread(dots[0], "s")),
        Row(f"Page open to the map's {POINTS:,} dots, second visit", spread(dots[1], "s")),
        Row("Bytes of the app's files downloaded at the second visit", f"{max(loaded):,}", "0"),
    ]


def measure_drags(browser: Browser, server: Server, models: Sequence[str], what: str) -> list[Row]:
    """Drag, release and hover in each of the models; `what` names them."""
    single, quick, short, hovers = Drags(), Drags(), Drags(), []
    for model in models:
        with visitor(browser) as context:
            page = open_app(context, server, model)
            page.locator("#root .pad").evaluate(PROBE)
            for _ in range(DRAGS):
                _drag(page, single, one_at_a_time=True)
                _drag(page, quick)
            for _ in range(RELEASES // len(models)):
                _drag(page, short, steps=3)
            hovers += _hover(page)
    goals = ("under 16 / 33 ms", "median under 25 ms") if what.startswith("128") else ("", "")
    releases = single.releases + quick.releases + short.releases
    sent = single.sent + quick.sent + short.sent
    return [
        Row(f"{what}: input event to painted face, one step at a time", spread(single.waits), goals[0]),
        Row(f"{what}: the same, mouse moves as fast as they come", spread(quick.waits), goals[1]),
        Row(f"{what}: faces painted in a drag of {STEPS} such moves", f"{np.median(quick.faces):.0f}", "at least 30"),
        Row(f"{what}: messages to the server during {len(releases)} drags", str(sent), "0"),
        Row(f"{what}: release to the end of Python's answer", spread(releases), "median under 200 ms"),
        Row(f"{what}: placing the map's marker, for each frame", spread(quick.marks)),
        Row(f"{what}: pointing at a dot to its decoded face", spread(hovers), "median under 40 ms"),
    ]


def _drag(page: Page, result: Drags, steps: int = STEPS, *, one_at_a_time: bool = False) -> None:
    """Pull the first slider from one end towards the other, and add to `result` what happened until the answer."""
    slider = page.locator("#root .pad .rows input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    ends = [box["x"] + 9, box["x"] + box["width"] - 9]
    right = slider.evaluate("slider => slider.valueAsNumber > 0")
    # A short drag begins at the other end, lest it ends where the last one did and nothing changes.
    start, end = reversed(ends) if right == (steps == STEPS) else ends
    move, y = (end - start) / STEPS, box["y"] + box["height"] / 2
    page.mouse.move(start, y)
    page.mouse.down()
    page.wait_for_timeout(300)
    page.evaluate("probe.begin()")
    if one_at_a_time:
        for step in range(1, steps + 1):
            page.mouse.move(start + move * step, y)
            page.evaluate("probe.painted()")
    else:
        page.mouse.move(start + move * steps, y, steps=steps)
        page.evaluate("probe.painted()")
    seen = page.evaluate("probe.outcome()")
    page.mouse.up()
    result.releases.append(page.evaluate("wire.answer('heard')"))
    result.waits += seen["waits"]
    result.marks += seen["marks"]
    result.sent += seen["sent"]
    result.faces.append(seen["faces"])


def _hover(page: Page) -> list[float]:
    """Point all over the map; the milliseconds from the pointer's event to the face, as the map itself takes them."""
    plot, shown, card = page.locator(".am-plot"), page.locator(".atlas-map"), page.locator(".am-face")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    times, before = [], None
    for across, down in np.random.default_rng(0).uniform(0.25, 0.75, (HOVERS, 2)):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_timeout(150)
        hovered = shown.get_attribute("data-hovered")
        if hovered and hovered != before:
            page.locator(f'.am-face[data-open="yes"][data-row="{hovered}"]').wait_for()
            times.append(float(card.get_attribute("data-ms") or "nan"))
        before = hovered
    return times


def measure_recolouring(browser: Browser, server: Server) -> list[Row]:
    """Recolour a zoomed map by choosing in the box; each time ends at the second frame after the change."""
    times, kept = [], 0
    with visitor(browser) as context:
        page = open_app(context, server)
        page.locator('.modebar-btn[data-title="Zoom in"]').click()
        page.wait_for_timeout(500)
        page.evaluate(RECOLOUR)
        shown, picture = page.locator(".atlas-map"), page.locator(".am-frame")
        view = shown.get_attribute("data-view")
        for name in COLOURINGS:
            before = picture.screenshot()
            page.get_by_role("combobox", name="Colour the map by").fill(name)
            page.get_by_role("option", name=name, exact=True).click()
            page.wait_for_function("recolour.drawn > recolour.chosen", timeout=PATIENCE)
            times.append(page.evaluate("recolour.drawn - recolour.chosen"))
            kept += shown.get_attribute("data-view") == view and picture.screenshot() != before
    return [
        Row(f"Choosing a colouring to {POINTS:,} recoloured points", spread(times), "under 500 ms"),
        Row("The points looked different and the zoom stayed", f"{kept} of {len(times)} times", "each time"),
    ]
