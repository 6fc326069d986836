"""The pad that stands before Streamlit does, and its way into Streamlit's page."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.driving import PATIENCE, HeldBack, Pad, at_rest

pytestmark = pytest.mark.browser
BUNDLE = "**/static/js/index.*.js"
EARLY = "#facespace-early"
ANOTHER = r"""new MutationObserver((_, observer) => {
  const given = document.getElementById("facespace-page-head");
  if (!given?.textContent.includes('"signature"')) return;
  observer.disconnect();
  given.textContent = given.textContent.replace(/"signature": "\w+"/, '"signature": "another"');
}).observe(document, { childList: true, subtree: true });"""


class EarlyPad(Pad):
    """The pad in front of a page that Streamlit has not drawn yet."""

    @property
    def root(self) -> Locator:
        return self.page.locator(f"{EARLY} .pad")


def held_back(page: Page, address: str) -> tuple[EarlyPad, HeldBack]:
    """Open a page whose Streamlit waits for a word, once its early pad shows a face."""
    bundle = HeldBack(page, BUNDLE)
    page.goto(address, wait_until="commit")
    pad = EarlyPad(page).ready()
    expect(page.locator("#root")).to_be_empty()
    return pad, bundle


@pytest.fixture
def opened(page: Page, app_url: str) -> Page:
    """A page of a server that has opened its checkpoints: it hands no pad over before."""
    end = time.monotonic() + PATIENCE / 1000
    while "facespace-early-pad" not in page.request.get(app_url, headers={"accept": "text/html"}).text():
        assert time.monotonic() < end, "the server hands over no pad"
        time.sleep(0.5)
    return page


def test_the_face_stands_and_moves_before_streamlit_does_and_both_stay(opened: Page, app_url: str) -> None:
    runtime: list[Route] = []
    opened.route("**/vendor/ort*", lambda route: runtime.append(route))  # noqa: PLW0108 -- Playwright marks what it is given
    pad, bundle = held_back(opened, app_url)
    name = pad.first_slider()
    before, frames = pad.settled(), int(pad.data("frames"))
    pad.drag(name, 120, steps=20, watched=True)
    pad.changed(before)
    assert int(pad.data("frames")) - frames >= 20
    assert pad.data("source") == "browser"
    assert not runtime  # 14 MB that are for networks made elsewhere, encoders and the search for faces
    moved, value, frames = pad.settled(), pad.value(name), int(pad.data("frames"))
    assert value != 0
    bundle.go_on()
    later = Pad(opened).ready()
    expect(opened.locator(EARLY)).to_have_count(0)
    assert (later.pixels() == moved).all()
    assert later.value(name) == value
    assert int(later.data("frames")) == frames  # the same picture, not one drawn anew
    opened.wait_for_url(re.compile(r"[?&]w="))  # Python has heard of it
    later.press("Undo")
    expect(later.slider(name)).to_have_value("0")


def test_the_servers_face_stands_until_the_browsers_own_is_there(opened: Page, app_url: str) -> None:
    end = time.monotonic() + PATIENCE / 1000  # the server does so once it has had some seconds to itself
    while "data:image/jpeg" not in opened.request.get(app_url, headers={"accept": "text/html"}).text():
        assert time.monotonic() < end, "no face comes with the HTML"
        time.sleep(0.5)
    decoder = HeldBack(opened, "**/decoder.onnx*")
    opened.route(BUNDLE, lambda route: None)
    opened.goto(app_url, wait_until="commit")
    pad = EarlyPad(opened)
    expect(pad.root).to_have_attribute("data-source", "server")
    servers = pad.pixels().astype(int)
    assert servers.std() > 20
    assert pad.data("frames") == "0"
    decoder.go_on()
    pad.ready()
    expect(pad.root).to_have_attribute("data-source", "browser")
    assert abs(pad.pixels().astype(int) - servers).mean() < 3


def test_a_hand_that_is_on_a_slider_keeps_it(opened: Page, app_url: str) -> None:
    pad, bundle = held_back(opened, app_url)
    name = pad.first_slider()
    pad.drag(name, 40, hold=True)
    bundle.go_on()
    expect(opened.get_by_role("heading", name="Explore the latent space")).to_be_visible()
    expect(opened.locator("#root .pad")).to_have_count(1)
    at_rest(opened)
    expect(opened.locator(EARLY)).to_have_count(1)
    frames = int(pad.data("frames"))
    box = pad.slider(name).bounding_box()
    assert box
    opened.mouse.move(box["x"] + box["width"] - 30, box["y"] + 5, steps=5)
    expect(pad.root).not_to_have_attribute("data-frames", str(frames))
    value = pad.value(name)
    opened.mouse.up()
    expect(opened.locator(EARLY)).to_have_count(0)
    assert Pad(opened).ready().value(name) == value
    opened.wait_for_url(re.compile(r"[?&]w="))


@pytest.mark.slow
def test_it_stands_where_it_will_stand_in_the_theme_that_will_come(
    visitor: BrowserContext, opened: Page, app_url: str
) -> None:
    looks = set()
    for scheme, width in (("light", 1440), ("dark", 1200)):  # on one line and on two; beside a narrower map
        page = visitor.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        pad, bundle = held_back(page, app_url)
        look = (
            "pad => [pad, pad.querySelector('.tools button')].map((one) => getComputedStyle(one))"
            ".flatMap(({ color, backgroundColor, borderColor }) => [color, backgroundColor, borderColor])"
        )
        before, style = pad.root.bounding_box(), pad.root.evaluate(look)
        bundle.go_on()
        later = Pad(page).ready()
        expect(page.locator(EARLY)).to_have_count(0)
        at_rest(page)
        after = later.root.bounding_box()
        assert before
        assert after
        assert [before[side] for side in ("x", "y", "width")] == pytest.approx(
            [after[side] for side in ("x", "y", "width")], abs=2
        )
        assert later.root.evaluate(look) == style
        looks.add(str(style))
        page.close()
    assert len(looks) == 2


@pytest.mark.slow
def test_where_the_page_shows_something_else_it_gives_way(opened: Page, app_url: str) -> None:
    opened.add_init_script(ANOTHER)
    pad, bundle = held_back(opened, app_url)
    pad.settled()
    bundle.go_on()
    Pad(opened).ready()
    expect(opened.locator(EARLY)).to_have_count(0)
    expect(opened.locator(".pad")).to_have_count(1)


@pytest.mark.slow
def test_other_pages_and_phones_show_none(opened: Page, visitor: BrowserContext, app_url: str) -> None:
    opened.goto(f"{app_url}/lesson", wait_until="commit")
    expect(opened.get_by_role("heading").first).to_be_visible()
    expect(opened.locator(EARLY)).to_have_count(0)
    page = visitor.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.route(BUNDLE, lambda route: None)
    page.goto(app_url, wait_until="commit")
    expect(page.locator(EARLY)).to_be_hidden()
    expect(page.locator(f"{EARLY} .pad")).to_have_attribute("data-state", "ready")  # but what it found out is kept
    page.close()
