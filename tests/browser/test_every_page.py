"""Every page and chapter, light and dark: axe-core finds nothing serious, nothing jumps while it is drawn, and nothing
is loaded or run that the page's policy (app/server/answer_headers.py) refuses."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.server.frontend_files import CHECKS
from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import at_rest

pytestmark = pytest.mark.browser
PLACES = ["explore", "generate", "edit", "morph", "your-face", "models"]
PLACES += [f"lesson?chapter={chapter.key}" for chapter in CHAPTERS]
ALWAYS = ("explore", "lesson?chapter=dataset")  # a pad, a map, a chapter; the sweep is slow
MOST_SHIFT = 0.1  # of the layout in one burst: what https://web.dev/articles/cls calls good
GAP, BURST = 1000, 5000  # ms: a burst ends with so long a rest, or after so long; as that page has it
COUNT_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { hadRecentInput, startTime, value, sources } of list.getEntries())
    if (!hadRecentInput)
      window.shifts.push([startTime, value, sources.map(({ node }) => node?.className ?? "?").join(", ")]);
}).observe({ type: "layout-shift", buffered: true });
"""
DARK = "getComputedStyle(document.querySelector('.stApp')).backgroundColor === 'rgb(22, 25, 28)'"
NOTHING_FADES = "document.getAnimations().every(({ effect }) => effect.getTiming().iterations === Infinity)"
NO_SHAPES_OF_WHAT_COMES = ".stApp [data-testid=stSkeleton]"


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script."""
    script = CHECKS / "node_modules" / "axe-core" / "axe.min.js"
    assert script.is_file(), "axe-core is not here. Run: python -m app.server.frontend_files --checks"
    return script.read_text(encoding="utf-8")


def found(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds serious, or finds wrong with the order of headings; a line each."""
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    return [
        f"{problem['id']}: {node['html'][:160]} {node['failureSummary']}"
        for problem in page.evaluate("options => axe.run(options)", options)["violations"]
        if problem["impact"] in ("serious", "critical") or problem["id"] == "heading-order"
        for node in problem["nodes"]
    ]


def worst_burst(shifts: list[tuple[float, float, str]]) -> float:
    """The cumulative layout shift: the largest sum of shifts (when, how much, of what) that belong to one burst."""
    worst = held = 0.0
    began = last = -float(BURST)
    for when, value, _ in shifts:
        if when - last >= GAP or when - began >= BURST:
            held, began = 0.0, when
        held, last = held + value, when
        worst = max(worst, held)
    return worst


def test_a_burst_ends_with_a_rest_or_after_five_seconds() -> None:
    assert worst_burst([]) == 0
    near = [(0.0, 0.06, ""), (900.0, 0.05, "")]
    assert worst_burst(near) == pytest.approx(0.11)
    assert worst_burst([near[0], (1000.0, 0.05, "")]) == 0.06
    assert worst_burst([(900.0 * i, 0.01, "") for i in range(9)]) == pytest.approx(0.06)


@pytest.mark.parametrize(
    "place", [place if place in ALWAYS else pytest.param(place, marks=pytest.mark.slow) for place in PLACES]
)
def test_a_page_can_be_read_by_everybody_and_does_not_jump(page: Page, app_url: str, axe: str, place: str) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.add_init_script(COUNT_SHIFTS)
    page.goto(f"{app_url}/{place}")
    at_rest(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(NO_SHAPES_OF_WHAT_COMES)).to_have_count(0)
    pads = page.locator("#root .pad:visible")
    if pads.count():
        expect(pads.first).to_have_attribute("data-state", "ready")
    assert refused == []
    shifts = page.evaluate("window.shifts")
    assert worst_burst(shifts) < MOST_SHIFT, shifts
    page.evaluate(axe)  # from outside of the page, so the policy does not hold it
    assert not found(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    page.wait_for_function(NOTHING_FADES)
    assert not found(page, ["color-contrast"])


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 768, 2560])
def test_your_face_does_not_jump_in_a_window_of_any_width(page: Page, app_url: str, width: int) -> None:
    page.add_init_script(COUNT_SHIFTS)
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(f"{app_url}/your-face")
    expect(page.locator('.atlas-map[data-state="ready"]')).to_be_attached()
    at_rest(page)
    shifts = page.evaluate("window.shifts")
    assert worst_burst(shifts) < MOST_SHIFT, shifts
