"""The map in a real browser, alone on a page with seeded synthetic atlases of 26,000 points."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from latent.projection import place
from tests.browser.conftest import keep_process
from tests.browser.driving import STILL, Finger, HeldBack, Map, alone, at_rest, eventually, still, visit
from tests.browser.parts_app.atlas_data import POINTS, make, nearer_of_100

pytestmark = pytest.mark.browser
PLOTLY = "**/plotly-gl2d.min.js"


@pytest.fixture
def open_map(browser: Browser, visitor: BrowserContext, parts_url: str) -> Iterator[Callable[..., Map]]:
    """Opens a page; at the end there must have been no error on it that the test does not expect."""
    opened_here, errors = [], []

    def opened(
        query: str = "",
        *,
        wait: bool = True,
        script: str = "",
        gone: str = "",
        held: list[HeldBack] | None = None,
        theme: Literal["light", "dark"] | None = None,
        **options: Any,
    ) -> Map:
        size = options.pop("viewport", {"width": 1440, "height": 1150})
        context = visit(browser, **options) if options else visitor
        page = context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        opened_here.append(context if options else page)
        if script:
            page.add_init_script(script)
        if gone:
            page.route(gone, lambda route: route.fulfill(status=404))
        if held is not None:
            held.append(HeldBack(page, PLOTLY))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{parts_url}/map{query}")
        shown = Map(page)
        if wait:
            shown.wait(state="ready", latents="ready")
            at_rest(page)
        return shown

    yield opened
    for one in opened_here:
        if isinstance(one, Page):
            keep_process(one)
        one.close()
    assert errors == []


@pytest.fixture(scope="module")
def atlas() -> tuple[np.ndarray, np.ndarray]:
    """Places and latents of the fixture app's "ae"."""
    made = make("ae", POINTS)
    return made["xy"], made["mu"]


def canvas_pixels(page: Page, selector: str) -> np.ndarray:
    """A 2-D canvas as uint8 [S, S, 3]."""
    values = page.locator(selector).evaluate(
        "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"
    )
    side = int(np.sqrt(len(values) / 4))
    return np.array(values, np.uint8).reshape(side, side, 4)[:, :, :3]


def shot(page: Page) -> np.ndarray:
    """The plot as uint8 [H, W, 3]."""
    return np.asarray(Image.open(io.BytesIO(page.locator(".am-frame").screenshot())).convert("RGB"))


def near(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((np.abs(picture.astype(int) - colour).max(2) < 40).sum())


def test_it_draws_every_point_with_a_legend_from_this_server_only(open_map: Callable[..., Map]) -> None:
    shown = open_map(wait=False)
    hosts: set[str] = set()
    shown.page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None)
    shown.page.reload()
    shown.wait(state="ready", latents="ready", points=POINTS, colouring="attribute:Eyeglasses")
    legend = shown.page.locator(".am-legend").inner_text()
    assert "the classifier's reading" in legend
    counts = [int(word.replace(",", "")) for word in legend.split() if word.replace(",", "").isdigit()]
    assert sum(counts) == POINTS
    assert len(counts) == 2
    assert hosts == {shown.page.url.split("/")[2]}
    assert shown.page.locator(".modebar .plotlyjsicon").count() == 0
    picture = shot(shown.page)
    assert near(picture, (209, 87, 10)) > 500
    assert near(picture, (130, 153, 179)) > 2000


def test_its_dots_stand_before_plotly_is_there_and_stay_as_they_are(open_map: Callable[..., Map]) -> None:
    held: list[HeldBack] = []
    shown = open_map(wait=False, held=held)
    shown.page.add_style_tag(content=".am-marks, .am-toggle, .modebar-container { visibility: hidden }")
    frame = shown.page.locator(".am-frame")
    shown.wait(state="pointing")
    before = np.asarray(Image.open(io.BytesIO(frame.screenshot())).convert("RGB"), float)
    held[0].go_on()
    shown.wait(state="ready", latents="ready")
    expect(shown.page.locator(".am-dots")).to_be_hidden()
    after = np.asarray(Image.open(io.BytesIO(frame.screenshot())).convert("RGB"), float)
    assert before.std() > 10
    assert np.abs(after - before).mean() < 0.1 * np.abs(after - after.mean((0, 1))).mean()


def test_a_face_can_be_pointed_at_and_taken_before_plotly_is_there(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    held: list[HeldBack] = []
    shown = open_map(wait=False, held=held)
    shown.wait(state="pointing")
    row = alone(atlas[0], shown.view())
    shown.page.mouse.move(*shown.at(atlas[0][row]))
    shown.wait(hovered=row)
    shown.page.mouse.down()
    shown.page.mouse.up()
    shown.wait_for_text(f"row {row} clicks 1")
    shown.page.mouse.wheel(0, 120)  # neither this nor a drag does anything yet
    shown.drag(shown.share(0.4, 0.4), shown.share(0.6, 0.6))
    shown.wait(state="pointing")
    held[0].go_on()
    shown.wait(state="ready", latents="ready")
    shown.wait_for_text(f"row {row} clicks 1")
    shown.zoom_in()


def test_a_map_that_is_hidden_when_plotly_comes_is_drawn_once_it_is_seen(open_map: Callable[..., Map]) -> None:
    held: list[HeldBack] = []
    shown = open_map(wait=False, held=held)
    shown.wait(state="pointing")
    hide = shown.page.add_style_tag(content=".atlas-map { display: none }")
    held[0].go_on()
    shown.page.wait_for_function("Boolean(window.Plotly)")
    shown.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    hide.evaluate("style => style.remove()")
    shown.wait(state="ready", latents="ready")
    shown.zoom_in()


def test_recolouring_keeps_the_zoom_and_the_plot(open_map: Callable[..., Map]) -> None:
    shown = open_map()
    view = shown.zoom_in()
    shown.page.locator(".gl-canvas").first.evaluate("canvas => { canvas.mine = true; }")
    before = shot(shown.page)
    for choice, colouring in [
        ("Smiling", "attribute:Smiling"),
        ("Density", "density:Density"),
        ("Direction", "values:Dimension 17"),
        ("Partition", "partition:Part of the data"),
    ]:
        shown.colour(choice, colouring)
        assert shown.view() == view
        after = shot(shown.page)
        assert (after != before).mean() > 0.01
        before = after
    assert shown.page.locator(".gl-canvas").first.evaluate("canvas => canvas.mine") is True
    shown.colour("Smiling (labels)", "attribute:Smiling")
    expect(shown.page.locator(".am-legend")).to_contain_text("CelebA's labels")


def test_hovering_decodes_the_face_and_leaving_hides_it(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray], parts_folder: Path
) -> None:
    shown = open_map()
    xy, mu = atlas
    row = alone(xy, shown.view())
    shown.wait_for_decoder()
    sent: list[str] = []
    shown.page.on("request", lambda request: sent.append(request.url))
    with shown.page.expect_response(lambda response: response.url.endswith("latents.f16")):
        shown.page.mouse.move(*shown.at(xy[row]))
    face = shown.page.locator(".am-face")
    expect(face).to_have_attribute("data-row", str(row))
    expect(face).to_have_attribute("data-open", "yes")
    shown.wait(hovered=row)
    assert re.fullmatch(rf"Face {(row + 1) * 7}\n[A-Z][a-z ]+: \d+\s%", face.inner_text())
    session = onnxruntime.InferenceSession(str(parts_folder / "map-ae.onnx"))
    (expected,) = session.run(None, {"z": mu[row : row + 1].astype(np.float32)})
    painted = canvas_pixels(shown.page, ".am-face canvas").astype(int)
    assert np.abs(painted - expected[0].transpose(1, 2, 0) * 255).max() <= 2
    assert painted.std() > 0
    shown.page.mouse.move(5, 5)
    expect(face).to_have_attribute("data-open", "no")
    shown.wait(hovered="")
    assert [url.partition("latents.f16")[2] for url in sorted(sent)] == ["", f"?each={2 * mu.shape[1]}&rows={row}"]
    sent.clear()
    shown.page.mouse.move(*shown.at(xy[row]))
    expect(face).to_have_attribute("data-open", "yes")
    assert sent == []


def test_a_click_makes_the_face_current_in_both_models(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map()
    xy, _ = atlas
    row = alone(xy, shown.view())
    shown.page.mouse.click(*shown.at(xy[row]))
    shown.wait_for_text(f"row {row} clicks 1")
    stands_at(shown, xy[row])
    shown.page.get_by_text("vae", exact=True).click()
    shown.wait(model="vae", latents="ready")
    elsewhere = xy[row] @ np.array([[0.96, 0.2], [-0.2, 0.96]]) * 1.5 + [10, 3]
    stands_at(shown, elsewhere)
    assert shown.python("row ").startswith(f"row {row} clicks 1")


def stands_at(shown: Map, place_: np.ndarray) -> None:
    """Wait until the marker stands at a place."""
    eventually(lambda: np.allclose([float(one or "nan") for one in shown.marker()], place_, atol=1e-3), shown.marker)


def test_dragging_the_map_is_not_a_click(open_map: Callable[..., Map]) -> None:
    shown = open_map()
    before = shown.view()
    shown.drag(shown.share(0.5, 0.5), shown.share(0.6, 0.6))
    shown.page.wait_for_function(STILL, arg=view_text(before))  # the last step may be drawn after the hand has gone
    after = shown.view()
    width = before[1] - before[0]
    assert after[0] == pytest.approx(before[0] - 0.1 * width, abs=0.01 * width)
    shown.page.mouse.dblclick(*shown.share(0.02, 0.02))
    shown.page.wait_for_function("v => document.querySelector('.atlas-map').dataset.view === v", arg=view_text(before))
    assert shown.python("row ").startswith("row 100 clicks 0")  # neither by now


def view_text(view: list[float]) -> str:
    return " ".join(f"{value:.4f}" for value in view)


def test_box_and_lasso_select_the_rows_inside(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map()
    xy, _ = atlas
    rows = shown.box(xy)
    shown.wait_for_selection()
    said = shown.python("selected ").split()
    assert int(said[1]) == pytest.approx(len(rows), rel=0.01)
    assert len(rows) > POINTS // 30
    assert int(said[3]) == pytest.approx(rows.sum(), rel=0.01)
    shown.wait(selected=said[1])
    shown.colour("Density", "density:Density")
    shown.wait(selected=said[1])
    shown.page.get_by_text("vae", exact=True).click()
    shown.wait(model="vae", selected=said[1])
    shown.page.get_by_role("button", name="clear").click()
    shown.wait_for_text("selected 0 sum 0")
    shown.wait(selected=0)
    shown.tool("Lasso Select")
    corners = [shown.share(*corner) for corner in [(0.4, 0.3), (0.6, 0.35), (0.55, 0.7), (0.4, 0.6), (0.4, 0.3)]]
    shown.page.mouse.move(*corners[0])
    shown.page.mouse.down()
    for corner in corners[1:]:
        shown.page.mouse.move(*corner, steps=6)
    shown.page.mouse.up()
    shown.wait_for_selection()
    assert int(shown.data("selected")) > POINTS // 60


def test_a_brush_over_a_histogram_filters_the_map_and_the_other_histograms(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map("?filters=1")
    page, nearer = shown.page, nearer_of_100(atlas[0])
    page.locator(".am-filter summary").click()
    distance, part = (page.locator(f'.am-histogram[data-of="{of}"]') for of in ("distance", "part"))
    expect(part).to_have_attribute("data-left", str(POINTS))
    bars = distance.locator("svg")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box
    across = [(box["x"] + share * box["width"], box["y"] + 20) for share in (0.25, 0.5)]
    page.mouse.move(*across[0])
    page.mouse.down()
    page.mouse.move(*across[1], steps=4)
    expect(distance.locator("output")).to_have_text(re.compile(r"^2[456] to (49|50|51)\s%$"))
    low, high = (int(word) for word in re.findall(r"\d+", distance.locator("output").inner_text()))
    rows = np.flatnonzero((nearer >= low) & (nearer <= high))
    shown.wait(passing=len(rows), selected=len(rows))  # the hand has not let go
    expect(part).to_have_attribute("data-left", str(len(rows)))
    expect(distance).to_have_attribute("data-left", str(POINTS))
    assert shown.python("selected ").startswith("selected 0 ")
    page.mouse.up()
    shown.wait_for_text(f"selected {len(rows)} sum {rows.sum()}")
    expect(page.get_by_label("Distance from the average face: from, per cent")).to_have_value(str(low))
    bars.click()
    shown.wait(passing=POINTS)
    shown.wait_for_text("selected 0 sum 0")


def test_a_moved_filter_needs_no_update_of_plotly_s_and_looks_as_after_one(
    open_map: Callable[..., Map],
) -> None:
    shown = open_map("?filters=1")
    page = shown.page
    page.locator(".am-filter summary").click()
    page.locator(".am-add").select_option("Eyeglasses")
    present = int((make("ae", POINTS)["scores"][:, 0] > 127).sum())
    shown.wait(passing=present, selected=present)
    shown.wait_for_selection()
    before = shot(page)
    page.evaluate(
        "() => { const { update } = window.Plotly; window.updates = 0;"
        " window.Plotly.update = (...all) => (window.updates++, update(...all)); }"
    )
    page.get_by_label("Filter by Eyeglasses").select_option(label="without it")
    shown.wait(passing=POINTS - present, selected=POINTS - present)
    shown.wait_for_text(f"selected {POINTS - present} sum")
    quick = shot(page)
    assert page.evaluate("window.updates") == 0
    assert (quick != before).mean() > 0.01
    page.evaluate("window.Plotly.redraw(document.querySelector('.am-plot'))")
    slow = shot(page)
    assert (np.abs(quick.astype(int) - slow) > 8).mean() < 0.001


def test_the_marker_follows_the_pad_without_a_word_to_the_server(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map()
    xy, mu = atlas
    shown.wait_for_decoder()
    sent: list[Any] = []
    # The page's socket is open already, so its traffic is counted where it leaves.
    shown.page.evaluate(
        "() => { const send = WebSocket.prototype.send; window.sent = 0;"
        " WebSocket.prototype.send = function (...a) { window.sent++; return send.apply(this, a); }; }"
    )
    shown.page.on("request", lambda request: sent.append(request.url))
    base = shown.python("base ").split()[1]
    start, end = mu[500].astype(np.float32), mu[7000].astype(np.float32)
    places, milliseconds = shown.page.evaluate(
        """async ([base, start, end]) => {
          const { publish } = await import(`${base}/page/topics.mjs`);
          const root = document.querySelector(".atlas-map");
          const seen = new Set(), took = [];
          for (let step = 0; step <= 40; step++) {
            const z = Float32Array.from(start, (value, i) => value + (step / 40) * (end[i] - value));
            const placed = new Promise((resolve) => {
              new MutationObserver((_, observer) => {
                observer.disconnect();
                resolve();
              }).observe(root, { attributeFilter: ["data-marker-ms"] });
            });
            publish("point:ae", { z, source: "pad" });
            await Promise.race([placed, new Promise((resolve) => setTimeout(resolve, 1000))]);
            if (root.dataset.markerMs) took.push(Number(root.dataset.markerMs));
            seen.add(`${root.dataset.markerX} ${root.dataset.markerY}`);
          }
          return [seen.size, Math.min(...took)];
        }""",
        [base, start.tolist(), end.tolist()],
    )
    assert places > 15
    assert milliseconds < 200  # the shortest: what the work takes, and not what else the machine did meanwhile
    middle = (start + np.float32(0.4) * (end - start)).astype(np.float32)
    shown.page.evaluate(
        "async ([base, z]) => (await import(`${base}/page/topics.mjs`))"
        ".publish('point:ae', { z: Float32Array.from(z), source: 'pad' })",
        [base, middle.tolist()],
    )
    expected = place(middle, mu, xy)
    shown.wait(markerX=f"{expected[0]:.4f}", markerY=f"{expected[1]:.4f}")
    assert shown.page.evaluate("() => window.sent") == 0
    assert [url for url in sent if "latents.f16" not in url] == []


def test_keyboard_alone_reaches_and_takes_a_face(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map()
    xy, _ = atlas
    keyboard = shown.page.keyboard
    for _ in range(40):
        keyboard.press("Tab")
        if shown.page.evaluate("() => document.activeElement.classList.contains('am-plot')"):
            break
    label = shown.page.locator(".am-plot").get_attribute("aria-label")
    assert label
    assert f"{POINTS:,} faces" in label
    assert "Eyeglasses" in label
    keyboard.press("ArrowRight")
    shown.wait(highlighted=100)  # it starts at the current face
    x0, x1, _, _ = shown.view()
    least = 6 * (x1 - x0) / shown.page.locator(".am-frame").evaluate("frame => frame.clientWidth")
    keyboard.press("ArrowRight")
    away = xy - xy[100]
    distance = np.hypot(*away.T)
    towards = (away[:, 0] > 0) & (np.abs(away[:, 1]) <= away[:, 0]) & (distance >= least)
    expected = int(np.where(towards, distance, np.inf).argmin())
    shown.wait(highlighted=expected)
    expect(shown.page.locator(".am-face")).to_have_attribute("data-open", "yes")
    expect(shown.page.get_by_role("status").filter(has_text="Enter makes it")).to_be_visible()
    keyboard.press("Enter")
    shown.wait_for_text(f"row {expected} clicks 1")
    keyboard.press("Escape")
    shown.wait(highlighted="")


def test_search_finds_an_image_or_says_that_it_is_not_there(open_map: Callable[..., Map]) -> None:
    shown = open_map()
    field = shown.page.get_by_label("Face number")
    field.fill("000707.jpg")
    field.press("Enter")
    shown.wait(highlighted=100)
    shown.page.get_by_role("button", name="Make Face 707 the current face").click()
    shown.wait_for_text("row 100 clicks 1")
    for typed, answer in [("8", "Face 8 is not on this map."), ("eight", "Type the number of a face")]:
        field.fill(typed)
        field.press("Enter")
        expect(shown.page.locator(".am-says")).to_contain_text(answer)
        shown.wait(highlighted="")


@pytest.mark.slow
def test_a_change_of_theme_keeps_zoom_and_selection(open_map: Callable[..., Map]) -> None:
    shown = open_map(theme="light")
    shown.tool("Box Select")
    shown.drag(shown.share(0.45, 0.3), shown.share(0.6, 0.7))
    shown.wait_for_selection()
    view, selected = shown.zoom_in(), shown.data("selected")
    light = shot(shown.page)
    shown.page.emulate_media(color_scheme="dark")
    shown.wait(theme="dark")
    assert shown.view() == view
    assert shown.data("selected") == selected != "0"
    assert light.mean() > 200
    eventually(lambda: shot(shown.page).mean() < 90, "the plot stays light")


@pytest.mark.slow
def test_leaving_the_page_and_coming_back_keeps_the_view_and_leaks_nothing(open_map: Callable[..., Map]) -> None:
    shown = open_map()
    warnings: list[str] = []
    shown.page.on("console", lambda message: warnings.append(message.text))
    view = shown.zoom_in()
    toggle = shown.page.get_by_text("Show the map")
    for _ in range(6):  # three WebGL contexts each: more than the 16 that Chromium keeps
        toggle.click()
        expect(shown.page.locator(".atlas-map")).to_have_count(0)
        toggle.click()
        shown.wait(state="ready", latents="ready")
    eventually(lambda: shown.view() == pytest.approx(view, rel=1e-3), shown.view)
    assert shown.page.locator(".atlas-map").count() == 1
    assert shown.page.locator("script[src*='plotly']").count() == 1
    assert [text for text in warnings if "Too many active WebGL" in text] == []


@pytest.mark.parametrize(
    ("query", "script", "sentence"),
    [
        ("?fault=short", "", f"The map's places have 100 bytes instead of {8 * POINTS:,}; make the atlas again"),
        ("?fault=webgl", "HTMLCanvasElement.prototype.getContext = () => null;", "The map needs WebGL"),
    ],
)
def test_a_failure_is_one_plain_sentence(open_map: Callable[..., Map], query: str, script: str, sentence: str) -> None:
    shown = open_map(query, wait=False, script=script)
    shown.wait(state="error")
    expect(shown.page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()


def test_a_missing_plotly_is_one_plain_sentence(open_map: Callable[..., Map]) -> None:
    shown = open_map(wait=False, gone=PLOTLY)
    shown.wait(state="error")
    alert = shown.page.get_by_role("alert").filter(has_text="plotly-gl2d.min.js is missing on the server")
    expect(alert).to_be_visible()


def test_a_phone_fits_and_a_tap_shows_and_takes_a_face(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    shown = open_map(viewport={"width": 390, "height": 1200}, has_touch=True, is_mobile=True)
    xy, _ = atlas
    assert shown.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    row = alone(xy, shown.view())
    shown.page.touchscreen.tap(*shown.at(xy[row]))
    shown.wait_for_text(f"row {row} clicks 1")
    expect(shown.page.locator(".am-face")).to_have_attribute("data-open", "yes")


@pytest.mark.slow
def test_one_finger_scrolls_the_page_two_move_the_map_and_after_a_tap_one_does(
    open_map: Callable[..., Map], atlas: tuple[np.ndarray, np.ndarray]
) -> None:
    xy, _ = atlas
    shown = open_map(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    finger = Finger(shown.page)
    scrolled = "[...document.querySelectorAll('*')].reduce((sum, one) => sum + one.scrollTop, 0)"
    shown.page.locator(".am-frame").scroll_into_view_if_needed()
    still(shown.page, scrolled)
    before, view = shown.page.evaluate(scrolled), shown.view()
    finger.swipe((shown.share(0.5, 0.2), shown.share(0.5, 0.7)))  # down, so the page goes up
    shown.page.wait_for_function(f"before => {scrolled} < before", arg=before)
    still(shown.page, scrolled)  # it glides on after the finger has gone
    assert shown.view() == view

    shown.page.locator(".am-frame").scroll_into_view_if_needed()
    still(shown.page, scrolled)
    left, right = shown.share(0.3, 0.5), shown.share(0.6, 0.5)
    finger.swipe((left, shown.share(0.4, 0.6)), (right, shown.share(0.7, 0.6)))
    shown.page.wait_for_function(STILL, arg=view_text(view))  # the last step may be drawn after the fingers have gone
    moved = shown.view()
    width, height = view[1] - view[0], view[3] - view[2]
    assert [moved[0] - view[0], moved[2] - view[2]] == pytest.approx([-0.1 * width, 0.1 * height], abs=0.02 * width)

    row = alone(xy, moved)
    shown.page.touchscreen.tap(*shown.at(xy[row]))
    shown.wait(highlighted=row)
    shown.wait_for_text("clicks 1")
    card = "() => new DOMMatrix(getComputedStyle(document.querySelector('.am-face')).transform).e"
    at, x = shown.page.evaluate(card), shown.at(xy[row])[0]
    before = shown.page.evaluate(scrolled)
    start = shown.share(0.5, 0.5)
    finger.swipe((start, (start[0] + 30, start[1] + 5)))
    shown.page.wait_for_function(STILL, arg=view_text(moved))
    assert shown.page.evaluate(scrolled) == before
    assert shown.page.evaluate(card) - at == pytest.approx(shown.at(xy[row])[0] - x, abs=2)  # the face goes along


def test_faces_stand_on_the_map_take_a_click_and_can_be_switched_off(open_map: Callable[..., Map]) -> None:
    shown = open_map("?faces=yes")
    face = shown.page.locator(".am-landmark[data-shown=yes]").first
    expect(face).to_be_visible()
    expect(shown.page.locator(".am-name", has_text="glasses")).to_be_visible()
    expect(shown.page.locator(".am-plot")).to_have_attribute("aria-label", re.compile("Regions: glasses; blond hair"))
    # Both at once: which face is the first one changes while more of them are decoded.
    row, right, top = face.evaluate(
        "one => [one.dataset.row, one.getBoundingClientRect().right, one.getBoundingClientRect().top]"
    )
    at = right - 4, top + 4  # in its corner, where other dots are nearer
    shown.page.mouse.move(*at)
    shown.wait(hovered=row)
    shown.page.mouse.click(*at)
    shown.wait_for_text(f"row {row} clicks 1")
    shown.page.get_by_role("button", name="Faces").click()
    expect(shown.page.locator(".am-landmark, .am-name")).to_have_count(0)
    shown.page.mouse.move(*at)
    expect(shown.page.locator(".atlas-map")).not_to_have_attribute("data-hovered", str(row))


@pytest.mark.slow
def test_close_up_dots_become_pictures_and_a_lasso_pales_the_others(open_map: Callable[..., Map]) -> None:
    shown = open_map("?faces=yes")
    for _ in range(5):
        shown.zoom_in()
    before = shown.data("view")
    shown.page.get_by_label("Face number").fill("77")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_function(STILL, arg=before)  # now around that face
    x0, x1, y0, y1 = shown.view()
    xy = make("ae", POINTS)["xy"]
    within = (xy[:, 0] > x0) & (xy[:, 0] < x1) & (xy[:, 1] > y0) & (xy[:, 1] < y1)
    assert 0 < within.sum() <= 160
    expect(shown.page.locator(".am-name").first).to_be_hidden()
    shown.page.wait_for_function(
        "most => +document.querySelector('.atlas-map').dataset.facesShown > most", arg=int(within.sum()) // 4
    )
    shown.tool("Box Select")
    shown.drag(shown.share(0.02, 0.1), shown.share(0.5, 0.98))
    shown.wait_for_selection()
    expect(shown.page.locator(".am-landmark[data-faded=yes]").first).to_be_attached()
    expect(shown.page.locator(".am-landmark[data-faded=no]").first).to_be_attached()
