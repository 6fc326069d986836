"""Hands for the pad and the map: what browser tests and benchmarks do on a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.runs import LISTEN

PATIENCE = 120_000  # milliseconds; other jobs may keep both cores busy, and only what fails waits so long
expect.set_options(timeout=PATIENCE)

# For so many of the screen's refreshes in a row: what a hand or the server has set off shows itself within one or two.
AT_REST = """root => new Promise((done) => {
  let still = 0;
  const look = () => {
    const script = document.querySelector("[data-test-script-state]");
    const running = script && script.dataset.testScriptState !== "notRunning";
    const busy = root.dataset.busy || running || window.awaitsRun?.();
    still = busy ? 0 : still + 1;
    if (still > 5) done(); else requestAnimationFrame(look);
  };
  look();
})"""
STILL = """before => new Promise((done) => {
  let last = before, still = 0;
  const look = () => {
    const { view } = document.querySelector(".atlas-map").dataset;
    still = view === last && view !== before ? still + 1 : 0;
    last = view;
    if (still > 5) done(true); else requestAnimationFrame(look);
  };
  look();
})"""


# An element does not move any more: what is drawn above it moves what comes below.
STANDS = """one => new Promise((done) => {
  let last = "", same = 0;
  const look = () => {
    const { x, y, width } = one.getBoundingClientRect(), now = [x, y, width].join();
    same = now === last ? same + 1 : 0;
    last = now;
    if (same > 2) done(); else requestAnimationFrame(look);
  };
  look();
})"""

# The page has all that it has asked for, and nothing of the page before is left.
RESTS = """() => {
  const app = document.querySelector("[data-test-script-state]")?.dataset;
  return app?.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED" && !window.awaitsRun?.() &&
    !document.querySelector("[data-stale=true], [data-testid=stStatusWidget]");
}"""


def visit(browser: Browser, **options: Any) -> BrowserContext:
    """A new visitor with a patience of our own: Playwright's ends after half a minute."""
    still = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}  # no face moves by itself
    context = browser.new_context(**{**still, **options})
    return patient(context)


def patient(context: BrowserContext) -> BrowserContext:
    """A context with our patience, whose pages know what they wait for (runs.py)."""
    context.set_default_timeout(PATIENCE)
    context.add_init_script(LISTEN)
    return context


def at_rest(page: Page) -> None:
    """Wait until what the page has asked for has run to its end and nothing of the page before is left.

    Also right after the page was opened, and after a press that asks for a run at once; what a component says a moment
    later, such as a text once no key follows, is to be waited for by what comes of it.
    """
    page.wait_for_function(RESTS)


def still(page: Page, expression: str) -> Any:
    """What a JavaScript expression gives, as text, once it has not changed for some of the screen's refreshes."""
    return page.wait_for_function(
        f"""() => new Promise((done) => {{
          let last = "", same = 0;
          const look = () => {{
            const now = String({expression});
            same = now === last ? same + 1 : 0;
            last = now;
            if (same > 9) done([now]); else requestAnimationFrame(look);
          }};
          look();
        }})"""
    ).json_value()[0]


def eventually(look: Callable[[], bool], problem: Callable[[], object] | str = "it does not come to be") -> None:
    """Look until it is so, for what no locator can wait for."""
    end = time.monotonic() + PATIENCE / 1000
    while not look():
        assert time.monotonic() < end, problem() if callable(problem) else problem
        time.sleep(0.05)


class HeldBack:
    """Requests that wait until they are let go, also those that are yet to come then."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._waiting: list[Route] = []
        self._open = False
        page.route(pattern, lambda route: self._take(route))  # noqa: PLW0108 -- Playwright marks what it is given

    def go_on(self) -> None:
        """Let them go."""
        self._open = True
        for route in self._waiting:
            route.continue_()

    def _take(self, route: Route) -> None:
        if self._open:
            route.continue_()
        else:
            self._waiting.append(route)


class Pad:
    """The pad on a page, or the one of a number where there are several (-1 is the last)."""

    def __init__(self, page: Page, address: str | None = None, *, number: int | None = None) -> None:
        self.page = page
        self.number = number
        self.to_server = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._count))
        if address is not None:
            page.goto(address)

    def _count(self, _: Any) -> None:
        self.to_server += 1

    @property
    def root(self) -> Locator:
        pads = self.page.locator("#root .pad")  # Streamlit's page, not what stands in for it while that loads
        return pads if self.number is None else pads.nth(self.number)

    def data(self, name: str) -> str:
        return str(self.root.evaluate("(root, name) => root.dataset[name] ?? ''", name))

    def ready(self) -> Pad:
        expect(self.root).to_have_attribute("data-state", "ready")
        return self

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name, exact=True)

    def value(self, name: str) -> float:
        return float(self.slider(name).input_value())

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name).first.click()

    def drag(self, name: str, pixels: float, steps: int = 10, *, hold: bool = False, watched: bool = False) -> None:
        """Drag a slider sideways, by more pixels a step than a step of the slider has if each step is to be seen."""
        slider = self.slider(name)
        slider.scroll_into_view_if_needed()
        slider.evaluate(STANDS)
        box = slider.bounding_box()
        assert box
        share = slider.evaluate("s => (s.value - s.min) / (s.max - s.min)")
        x, y = box["x"] + 9 + (box["width"] - 18) * share, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, steps + 1):
            frames = self.data("frames")
            self.page.mouse.move(x + pixels * step / steps, y)
            if watched:
                expect(self.root).not_to_have_attribute("data-frames", frames)
        if not hold:
            self.page.mouse.up()

    def python(self) -> dict[str, Any]:
        text = self.page.get_by_text("python {").inner_text()
        return dict(json.loads(text.removeprefix("python ")))

    def python_knows(self, weights: dict[str, float]) -> None:
        """Wait until Python knows these weights."""
        expect(self.page.get_by_text(f'"weights": {json.dumps(weights)}')).to_be_visible()

    def pixels(self) -> np.ndarray:
        data = self.root.evaluate(
            "root => { const c = root.querySelector('canvas');"
            "return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data] }"
        )
        side = int((len(data) / 4) ** 0.5)
        return np.array(data, np.uint8).reshape(side, side, 4)

    def settled(self) -> np.ndarray:
        """The picture once the decoder has nothing more to do, nor has the server."""
        self.root.evaluate(AT_REST)
        return self.pixels()

    def changed(self, before: np.ndarray) -> np.ndarray:
        """The picture once it is another one than before."""
        return self._once(lambda picture: not np.array_equal(picture, before), "the picture stays as it was")

    def differs(self, before: np.ndarray, mean: float) -> None:
        """Wait until the picture's values differ from another by more than this on average."""
        self._once(
            lambda picture: bool(np.abs(picture.astype(float) - before).mean() > mean), "the picture is much the same"
        )

    def shows(self, expected: np.ndarray, most: float = 0, mean: float = 255) -> None:
        """Wait for a picture [S, S, 3 or 4]: how far values may be from it, at most and on average."""

        def close(picture: np.ndarray) -> bool:
            apart = np.abs(picture[:, :, : expected.shape[2]].astype(float) - expected)
            return bool(apart.max() <= most and apart.mean() <= mean)

        self._once(close, "the picture differs from what is expected")

    def _once(self, right: Callable[[np.ndarray], bool], problem: str) -> np.ndarray:
        end = time.monotonic() + PATIENCE / 1000
        while not right(picture := self.settled()):
            assert time.monotonic() < end, problem
        return picture

    def first_slider(self) -> str:
        """Name of the topmost slider."""
        slider = self.root.locator(".rows").get_by_role("slider").first
        return str(slider.evaluate("s => s.labels[0]?.innerText ?? s.ariaLabel"))


class Finger:
    """Fingers on a phone's screen, moved in steps as a hand does."""

    def __init__(self, page: Page) -> None:
        self.protocol = page.context.new_cdp_session(page)

    def swipe(self, *ways: tuple[tuple[float, float], tuple[float, float]], steps: int = 12) -> None:
        """One gesture: each finger goes its way from a start to an end."""
        for step in range(steps + 1):
            self._touch(
                "touchMove" if step else "touchStart",
                [
                    {"id": finger, **{axis: a + (b - a) * step / steps for axis, a, b in zip("xy", *way, strict=True)}}
                    for finger, way in enumerate(ways)
                ],
            )
        self._touch("touchEnd", [])

    def _touch(self, kind: str, points: list[dict[str, float]]) -> None:
        self.protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


class Map:
    """The map on a page, with the arithmetic between pixels and places."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def data(self, name: str) -> str:
        value = self.page.locator(".atlas-map").evaluate("(root, name) => root.dataset[name] ?? ''", name)
        return str(value)

    def wait(self, **wanted: Any) -> None:
        """Until the root's data attributes have these values."""
        self.page.wait_for_function(
            "wanted => Object.entries(wanted).every("
            "([key, value]) => (document.querySelector('.atlas-map')?.dataset[key] ?? '') === value)",
            arg={key: str(value) for key, value in wanted.items()},
        )

    def wait_for_text(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_be_visible()

    def wait_for_decoder(self) -> None:
        expect(self.page.locator(".am-face")).to_have_attribute("data-decoder", "ready")

    def wait_for_selection(self) -> None:
        """Until Python knows of a selection."""
        expect(self.page.get_by_text("selected 0 sum 0")).to_have_count(0)

    def python(self, line: str) -> str:
        """One of the page's lines of text, such as "selected 0 sum 0"."""
        lines = self.page.get_by_test_id("stText").all_inner_texts()
        return next(text for text in lines if text.startswith(line))

    def view(self) -> list[float]:
        return [float(value) for value in self.data("view").split()]

    def at(self, place_: Any) -> tuple[float, float]:
        """Pixels on the page of a place on the map."""
        box = self.page.locator(".am-plot").bounding_box()
        assert box
        x0, x1, y0, y1 = self.view()
        across, down = (place_[0] - x0) / (x1 - x0), (y1 - place_[1]) / (y1 - y0)
        return float(box["x"] + across * box["width"]), float(box["y"] + down * box["height"])

    def share(self, across: float, down: float) -> tuple[float, float]:
        """Pixels on the page of a place within the plot, each 0 to 1."""
        box = self.page.locator(".am-plot").bounding_box()
        assert box
        return box["x"] + across * box["width"], box["y"] + down * box["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def colour(self, choice: str, colouring: str) -> None:
        self.page.get_by_test_id("stRadio").nth(1).get_by_text(choice, exact=True).click()
        self.wait(colouring=colouring)

    def box(self, xy: np.ndarray) -> np.ndarray:
        """Drag a box over the middle of the map; the rows of its places [N, 2] that lie inside."""
        x0, x1, y0, y1 = self.view()
        self.tool("Box Select")
        self.drag(self.share(0.45, 0.3), self.share(0.6, 0.7))
        left, right = x0 + 0.45 * (x1 - x0), x0 + 0.6 * (x1 - x0)
        bottom, top = y1 - 0.7 * (y1 - y0), y1 - 0.3 * (y1 - y0)
        return np.flatnonzero((xy[:, 0] > left) & (xy[:, 0] < right) & (xy[:, 1] > bottom) & (xy[:, 1] < top))

    def tool(self, title: str) -> None:
        self.page.locator(f'.modebar-btn[data-title="{title}"]').click()

    def zoom_in(self) -> list[float]:
        """Zoom with the mode bar and return the view once it has settled."""
        before = self.data("view")
        self.tool("Zoom in")
        self.page.wait_for_function(STILL, arg=before)
        return self.view()

    def marker(self) -> tuple[str, str]:
        """Where the marker of the current point stands, in the map's units."""
        return self.data("markerX"), self.data("markerY")

    def wait_for_marker(self, before: tuple[str, str]) -> None:
        """Until the marker stands elsewhere than before."""
        self.page.wait_for_function(
            "([x, y]) => { const { markerX = '', markerY = '' } = document.querySelector('.atlas-map').dataset;"
            "return markerX !== x || markerY !== y }",
            arg=list(before),
        )


def alone(xy: np.ndarray, view: list[float]) -> int:
    """A row in view that has no other point around it, so that pointing at it is not ambiguous."""
    x0, x1, y0, y1 = view
    margin = (x1 - x0) / 12
    inside = (xy[:, 0] > x0 + margin) & (xy[:, 0] < x1 - margin) & (xy[:, 1] > y0 + margin) & (xy[:, 1] < y1 - margin)
    candidates = np.flatnonzero(inside)[:400]
    gaps = [np.partition(np.hypot(*(xy - xy[row]).T), 1)[1] for row in candidates]
    return int(candidates[int(np.argmax(gaps))])
