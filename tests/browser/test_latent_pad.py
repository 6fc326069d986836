"""The latent pad in a real browser, alone on a page with tiny seeded networks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from app.components.latent_pad import combine
from app.server.frontend_files import missing
from models import load_checkpoint
from tests.browser.driving import Finger, Pad, at_rest, eventually, still, visit
from tests.browser.parts_app.points import DIMENSIONS, banks, point

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(missing()), reason="the front-end files are not installed: python -m app.server.frontend_files"
    ),
]


@pytest.fixture
def address(parts_url: str) -> str:
    """The pad's page."""
    return parts_url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = visit(browser)
    yield context
    context.close()


@pytest.fixture
def pad(page: Page, address: str) -> Pad:
    pad = Pad(page, address).ready()
    at_rest(page)
    return pad


def torch_picture(folder: Path, number: int, weights: dict[str, float]) -> np.ndarray:
    """What torch decodes: [S, S, 3] in 0 to 255, not rounded."""
    directions = {direction.key: direction for bank in banks() for direction in bank.directions}
    z = combine(point(number), directions, weights)
    with torch.inference_mode():
        return load_checkpoint(folder).decode(torch.from_numpy(z)[None])[0].permute(1, 2, 0).numpy() * 255


def test_a_drag_paints_many_faces_and_sends_nothing_and_its_release_reruns_the_fragment_alone(pad: Pad) -> None:
    pad.root.evaluate(
        """root => {
          const canvas = root.querySelector("canvas");
          window.seen = new Set();
          new MutationObserver(() => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            window.seen.add(data.join());
          }).observe(root, { attributeFilter: ["data-frames"] });
        }"""
    )
    pad.python_knows({})
    sent, before = pad.to_server, pad.python()["fragment"]
    full = pad.page.get_by_text("full runs").inner_text()
    pad.drag("Dimension 0", 110, steps=36, hold=True, watched=True)
    pad.page.wait_for_function("window.seen.size >= 30")
    assert pad.to_server == sent
    assert pad.data("source") == "browser"
    pad.page.mouse.up()
    expect(pad.page.get_by_text('"weights": {"dim-0"')).to_be_visible()
    assert pad.to_server == sent + 1
    assert pad.python()["fragment"] == before + 1
    assert pad.page.get_by_text("full runs").inner_text() == full


def test_pixels_are_those_of_torch(pad: Pad, parts_folder: Path) -> None:
    for model in ("vae", "ae"):
        if model == "ae":
            pad.press("Reset all")
            pad.python_knows({})
            pad.page.get_by_role("combobox", name="Model").click()
            pad.page.get_by_role("option", name="ae", exact=True).click()
            pad.shows(torch_picture(parts_folder / "ae", 0, {}), 2)
            pad.press("Dimensions")
        pad.drag("Dimension 1", 60)
        pad.press("Attributes")
        pad.drag("Smiling", -50)
        expect(pad.page.get_by_text('"smiling"')).to_be_visible()
        weights = pad.python()["weights"]
        assert set(weights) == {"dim-1", "smiling"}
        expected = torch_picture(parts_folder / model, 0, weights)
        assert expected.std() > 10
        pad.shows(expected, 2)


def test_state_survives_rerun_theme_and_a_switch_of_the_page(pad: Pad) -> None:
    decoders: list[str] = []
    pad.page.on("request", lambda request: decoders.append(request.url) if ".onnx" in request.url else None)
    pad.drag("Dimension 0", 60)
    pad.press("Attributes")
    pad.drag("Smiling", -40)
    expect(pad.page.get_by_text('"smiling"')).to_be_visible()
    weights, picture = pad.python()["weights"], pad.settled()

    def all_is_there() -> None:
        pad.ready()
        pad.python_knows(weights)
        assert pad.value("Smiling") == weights["smiling"]
        pad.shows(picture)

    pad.page.keyboard.press("Escape")
    pad.page.get_by_text("full runs").click()
    pad.page.keyboard.press("r")
    expect(pad.page.get_by_text("full runs 2")).to_be_visible()
    all_is_there()
    light = pad.root.evaluate("root => getComputedStyle(root).color")
    pad.page.emulate_media(color_scheme="dark")
    expect(pad.root).not_to_have_css("color", light)
    all_is_there()
    for _ in range(3):
        pad.page.get_by_role("link", name="Other").click()
        expect(pad.page.get_by_text("another page")).to_be_visible()
        pad.page.get_by_role("link", name="Explore").click()
        all_is_there()
    assert decoders == []  # the page's one session serves every visit
    pad.press("Undo")
    expect(pad.slider("Smiling")).to_have_value("0")


@pytest.mark.slow
def test_state_survives_a_lost_connection(context: BrowserContext, address: str) -> None:
    sockets: list[Any] = []
    page = context.new_page()

    def keep(route: Any) -> None:
        sockets.append(route)
        route.connect_to_server()

    page.route_web_socket("**/_stcore/stream**", keep)
    pad = Pad(page, address).ready()
    pad.drag("Dimension 0", 60)
    expect(page.get_by_text('"dim-0"')).to_be_visible()
    weights, picture = pad.python()["weights"], pad.settled()
    sockets[-1].close()
    eventually(lambda: page.evaluate("1") == 1 and len(sockets) > 1, "nobody connects again")
    at_rest(page)
    pad.python_knows(weights)
    assert pad.value("Dimension 0") == weights["dim-0"]
    pad.shows(picture)
    pad.drag("Dimension 1", 30)
    expect(page.get_by_text('"dim-1"')).to_be_visible()


def test_weights_of_all_banks_add_up_and_a_new_point_starts_anew_under_the_bank_on_screen(
    pad: Pad, parts_folder: Path
) -> None:
    pad.press("Morph")
    pad.drag("Towards face B", 60)
    expect(pad.page.get_by_text('"morph"')).to_be_visible()
    pad.press("Dimensions")
    expect(pad.root.get_by_role("button", name="Morph")).to_have_text("Morph \u00b7 1")
    pad.page.get_by_role("spinbutton", name="Point").fill("3")
    pad.page.get_by_role("spinbutton", name="Point").press("Enter")
    pad.python_knows({})
    expect(pad.root.get_by_role("button", name="Morph")).to_have_text("Morph")
    pad.shows(torch_picture(parts_folder / "vae", 3, {}), 2)
    pad.page.get_by_role("spinbutton", name="Point").fill("0")  # back: a new stay, so anew again
    pad.page.get_by_role("spinbutton", name="Point").press("Enter")
    pad.shows(torch_picture(parts_folder / "vae", 0, {}), 2)
    pad.python_knows({})
    pad.press("Attributes")
    expect(pad.page.get_by_text('"bank": "attributes"')).to_be_visible()
    pad.page.get_by_role("spinbutton", name="Point").fill("3")
    pad.page.get_by_role("spinbutton", name="Point").press("Enter")
    expect(pad.page.get_by_text("full runs 4")).to_be_visible()
    expect(pad.root.get_by_role("button", name="Attributes")).to_have_attribute("aria-pressed", "true")
    assert pad.python()["bank"] == "attributes"


def test_keyboard_alone_does_everything(pad: Pad) -> None:
    pad.root.get_by_role("button", name="Dimensions").focus()
    for _ in range(3):
        pad.page.keyboard.press("Tab")
    expect(pad.slider("Dimension 0")).to_be_focused()
    for _ in range(5):
        pad.page.keyboard.press("ArrowRight")
    pad.python_knows({"dim-0": 0.25})
    expect(pad.slider("Dimension 0")).to_have_attribute("aria-valuetext", "+0.25 sd")
    expect(pad.root.get_by_role("img")).to_have_attribute("aria-label", "Decoded face. Moved: Dimension 0 +0.25 sd.")
    pad.page.keyboard.press("Control+z")
    pad.python_knows({})
    pad.page.keyboard.press("Control+y")
    pad.python_knows({"dim-0": 0.25})
    expect(pad.slider("Dimension 0")).to_be_focused()
    pad.page.keyboard.press("Delete")
    pad.python_knows({})
    pad.page.keyboard.press("Tab")
    expect(number(pad, "Dimension 0")).to_be_focused()
    pad.page.keyboard.press("Tab")
    expect(pad.slider("Dimension 1")).to_be_focused()  # an unmoved slider has nothing to reset


def number(pad: Pad, name: str) -> Locator:
    """The field beside a slider."""
    return pad.root.get_by_role("textbox", name=f"{name}, number", exact=True)


def test_a_number_can_be_typed_and_a_button_resets_it(pad: Pad) -> None:
    field = number(pad, "Dimension 3")
    field.click()
    pad.page.keyboard.type("-1,25")
    pad.page.keyboard.press("Enter")
    pad.python_knows({"dim-3": -1.25})
    assert pad.value("Dimension 3") == -1.25
    expect(field).to_have_value("\u22121.25")
    field.fill("99")  # beyond the end: the end
    field.press("Tab")
    pad.python_knows({"dim-3": 3.0})
    expect(field).to_have_value("+3.00")
    field.fill("a lot")
    field.press("Enter")
    expect(field).to_have_value("+3.00")
    pad.page.keyboard.press("Control+z")
    pad.python_knows({"dim-3": -1.25})
    pad.press("Reset Dimension 3")
    pad.python_knows({})
    expect(field).to_have_value("0.00")
    expect(pad.slider("Dimension 3")).to_be_focused()


def test_a_double_click_and_reset_all_are_one_step_each(pad: Pad) -> None:
    pad.drag("Dimension 3", 70)
    expect(pad.page.get_by_text('"dim-3"')).to_be_visible()
    weight = pad.python()["weights"]["dim-3"]
    pad.slider("Dimension 3").dblclick(position={"x": 30, "y": 14})
    pad.python_knows({})
    pad.press("Undo")
    pad.python_knows({"dim-3": weight})
    pad.press("Attributes")
    pad.drag("Smiling", 50)
    expect(pad.page.get_by_text('"smiling"')).to_be_visible()
    weights = pad.python()["weights"]
    pad.press("Reset all")
    pad.python_knows({})
    expect(pad.root.get_by_role("button", name="Reset all")).to_be_disabled()
    pad.press("Undo")
    pad.python_knows(weights)


def test_before_shows_the_point_while_held_and_what_is_saved_is_a_png(pad: Pad, tmp_path: Path) -> None:
    start = pad.settled()
    pad.drag("Dimension 0", 90)
    moved = pad.changed(start)
    pad.root.get_by_role("button", name="Before").hover()
    pad.page.mouse.down()
    pad.shows(start)
    pad.page.mouse.up()
    pad.shows(moved)
    with pad.page.expect_download() as download:
        pad.press("Save")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    picture = Image.open(path)
    assert (path.name, picture.size) == ("facespace-vae.png", (512, 512))
    small = np.asarray(picture.convert("RGB").resize((64, 64), Image.Resampling.BOX))
    assert np.corrcoef(small.ravel(), pad.pixels()[:, :, :3].ravel())[0, 1] > 0.9  # smoothed, not another picture


def test_the_gauge_follows_the_hand_and_nothing_the_wheel_and_all_dimensions_can_be_shown(pad: Pad) -> None:
    squared = float(np.square(combine(point(0), {d.key: d for b in banks() for d in b.directions}, {})).sum())
    gauge = pad.root.locator(".gauge")
    expect(gauge).to_have_attribute("data-share", re.compile(r"\d"))
    share = float(str(gauge.get_attribute("data-share")))
    assert share == pytest.approx(np.clip((squared - 4) / 36 * 100, 0, 100), abs=0.2)
    pad.slider("Dimension 0").focus()
    pad.slider("Dimension 0").hover()
    pad.page.mouse.wheel(0, 300)
    pad.page.keyboard.press("ArrowRight")  # one step, from where the slider still stands
    pad.python_knows({"dim-0": 0.05})
    expect(pad.root.get_by_role("slider")).to_have_count(12)
    pad.root.get_by_role("combobox", name="How many sliders").select_option("16")
    expect(pad.root.get_by_role("slider")).to_have_count(DIMENSIONS)
    expect(pad.slider("Dimension 15, unused")).to_be_visible()
    expect(pad.root.locator(".row.unused")).to_have_count(2)
    pad.press("Attributes")
    for name in ("Eyeglasses", "Smiling"):
        pad.slider(name).focus()
        pad.page.keyboard.press("End")
    expect(pad.root.locator(".words")).to_contain_text("held-out face")
    expect(pad.root.locator(".gauge")).not_to_have_attribute("data-share", f"{share:.1f}")
    expect(pad.root.locator(".prior")).to_contain_text("is about 4.0 long")


def test_a_phone_shows_the_face_large_and_a_finger_scrolls_or_moves_a_slider_but_never_both(
    browser: Browser, address: str
) -> None:
    context = visit(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    pad = Pad(context.new_page(), address).ready()
    box = pad.root.locator("canvas").bounding_box()
    assert box
    assert box["width"] >= 320
    assert pad.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    low = pad.root.evaluate("r => Math.min(...[...r.querySelectorAll('.row')].map(e => e.offsetHeight))")
    assert low >= 44  # room for a finger
    pad.slider("Dimension 9").scroll_into_view_if_needed()
    picture, slider = pad.root.locator("canvas").bounding_box(), pad.slider("Dimension 9").bounding_box()
    assert picture
    assert slider
    assert picture["y"] >= 0  # the face stays in view
    assert slider["y"] >= picture["y"] + picture["height"]

    finger = Finger(pad.page)
    scrolled = "[...document.querySelectorAll('*')].reduce((sum, one) => sum + one.scrollTop, 0)"
    slider = pad.slider("Dimension 3")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
    before = pad.page.evaluate(scrolled)
    finger.swipe(((x, y), (x + 8, y - 150)))
    pad.page.wait_for_function(f"before => {scrolled} > before", arg=before)
    still(pad.page, scrolled)  # it glides on after the finger has gone
    assert pad.value("Dimension 3") == 0
    assert pad.data("weights") == ""  # nobody heard of it

    slider.scroll_into_view_if_needed()
    still(pad.page, scrolled)
    box = slider.bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
    finger.swipe(((x, y), (x - 60, y + 4)))
    expect(pad.root).to_have_attribute("data-weights", re.compile(r"dim-3"))
    moved = pad.value("Dimension 3")
    assert moved == pytest.approx(-60 / (box["width"] - 18) * 6, abs=0.1)
    pad.python_knows({"dim-3": moved})
    pad.page.touchscreen.tap(x, y)  # a tap on the track is no movement
    pad.slider("Dimension 4").evaluate("s => new Promise((done) => setTimeout(done, 50))")
    assert pad.value("Dimension 3") == moved
    context.close()


@pytest.mark.slow
def test_a_second_visit_downloads_nothing_again(context: BrowserContext, address: str) -> None:
    Pad(context.new_page(), address).ready()
    again = Pad(context.new_page(), address).ready()
    sizes = again.page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/facespace/')).map(e => e.transferSize)"
    )
    assert len(sizes) >= 6
    assert sum(sizes) == 0


def slowed(route: Route) -> None:
    """The worker of a decoder that takes 250 ms for each face."""
    response, begun = route.fetch(), "const started = performance.now();"
    body = response.text().replace(begun, f"{begun} while (performance.now() - started < 250);")
    route.fulfill(response=response, body=body)


@pytest.mark.slow
def test_a_decoder_that_is_too_slow_to_drag_says_so_and_draws_on_release(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/decoding_worker.mjs", slowed)
    pad = Pad(page, address).ready()
    slider = pad.first_slider()
    for pixels in (30, 60):  # the second decode tells that it is not only the first that takes long
        before = pad.pixels()
        pad.drag(slider, pixels)
        pad.changed(before)
    expect(pad.root.locator(".readout")).to_contain_text("drawn when you pause or let go")
    before, frames = pad.settled(), int(pad.data("frames"))
    moves = pad.slider(slider).evaluate_handle(MOVES)
    pad.drag(slider, -100, steps=15)
    pad.changed(before)
    moved = moves.json_value()
    assert len(moved) > 8
    paused = sum(later - one > PAUSE_MS for one, later in pairwise(moved))
    assert int(pad.data("frames")) - frames <= 1 + paused  # one frame, and one more wherever this machine paused


PAUSE_MS = 190  # a little less than in pace.mjs
MOVES = """slider => {
  const moves = [];
  slider.addEventListener("input", () => moves.push(performance.now()));
  return moves;
}"""
"""When a slider moves from now on, in milliseconds."""


def gone(pattern: str) -> Callable[[Page], None]:
    return lambda page: page.route(pattern, lambda route: route.fulfill(status=404))


def brought_without(pattern: str) -> Callable[[Page], None]:
    """A network that is none of ours, and something missing of the runtime that it needs."""
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", DIMENSIONS]) for name in ("z", "image")]
    graph = helper.make_graph([helper.make_node("Identity", ["z"], ["image"])], "theirs", ends[:1], ends[1:])
    theirs = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString()

    def spoil(page: Page) -> None:
        page.route("**/decoder.onnx", lambda route: route.fulfill(body=theirs))
        gone(pattern)(page)

    return spoil


def garbage(route: Route) -> None:
    route.fulfill(status=200, body=b"not a decoder" * 100)


FAILURES: dict[str, tuple[Callable[[Page], None], str]] = {
    "assets missing": (brought_without("**/vendor/**"), "front-end files are missing"),
    "wasm missing": (brought_without("**/*.wasm"), "could not be opened in this browser"),
    "webassembly off": (lambda page: page.add_init_script("delete window.WebAssembly"), "WebAssembly is switched off"),
    "decoder missing": (gone("**/decoder.onnx"), "could not be fetched"),
    "decoder broken": (lambda page: page.route("**/decoder.onnx", garbage), "could not be opened"),
}


@pytest.mark.parametrize(
    "failure", ["assets missing", *(pytest.param(one, marks=pytest.mark.slow) for one in list(FAILURES)[1:])]
)
def test_without_a_decoder_one_sentence_and_the_server_decodes(
    context: BrowserContext, address: str, parts_folder: Path, failure: str
) -> None:
    spoil, words = FAILURES[failure]
    page = context.new_page()
    spoil(page)
    pad = Pad(page, address)
    expect(pad.root.get_by_role("alert")).to_contain_text(words)
    expect(pad.root).to_have_attribute("data-source", "server")
    before = pad.settled()
    assert np.abs(before[:, :, :3] - torch_picture(parts_folder / "vae", 0, {})).max() <= 1
    pad.drag("Dimension 0", 80, hold=True)
    assert np.array_equal(pad.settled(), before)  # only on release
    pad.page.mouse.up()
    expect(page.get_by_text('"dim-0"')).to_be_visible()
    expected = torch_picture(parts_folder / "vae", 0, pad.python()["weights"])
    pad.shows(expected, 1)
    assert pad.data("frames") == "0"
