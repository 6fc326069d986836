"""Every page and chapter, light and dark: axe-core finds nothing serious, nothing jumps while it is drawn, and nothing
is loaded or run that the page's policy (app/server/answer_headers.py) refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.server.frontend_files import CHECKS
from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import at_rest, eventually

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

# Of its words or of what holds them: a part that hides what goes beyond its edge, with words that do.
WHERE_IT_IS_CUT = """said => {
  const words = document.createRange();
  words.selectNodeContents(said);
  const { left, right, top, bottom } = words.getBoundingClientRect();
  const cut = [];
  for (let at = said; at; at = at.parentElement) {
    const edge = at.getBoundingClientRect();
    const hides = at.tagName === "BUTTON" || getComputedStyle(at).overflow !== "visible";
    if (hides && (left < edge.left - 1 || right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1))
      cut.push(at.tagName + " " + at.className);
  }
  return cut;
}"""

# A page, a table or a row of choices that is wider than its place.
TOO_WIDE = """() => [...document.querySelectorAll(".stMain, .stMain .stMarkdown, .stMain [role=radiogroup]")]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className} ${one.scrollWidth} > ${one.clientWidth}: ${one.innerText.slice(0, 60)}`)"""
# What a hand would have to push sideways to see the whole of it; lines of code and formulas may be of any length.
SIDEWAYS = """() => [...document.querySelectorAll(".stMain *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 2 && !one.closest("pre, .katex-display, svg")
    && one.checkVisibility() && ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
  .map((one) => `${one.className} ${one.scrollWidth} > ${one.clientWidth}: ${one.innerText.slice(0, 60)}`)"""
ALONE = "saves => saves.filter((save) => save.offsetTop !== save.previousElementSibling.offsetTop).length"
STREAMLITS_ENGLISH = re.compile(r"\bper file\b|^\d+ more$|^Upload$")

# What can be used, in the shadow roots of components too.
USABLE = """() => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? within(one.shadowRoot) : [])]);
  return within(document).filter((one) => one.matches("a[href], button, input, select, textarea, summary") &&
    one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]") && one.type !== "file" &&
    one.checkVisibility({ visibilityProperty: true }));
}"""
FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}"""
# Within a row of choices arrow keys go on from the one that is reached.
NOT_REACHED = f"""() => ({USABLE})()
  .filter((one) => ![one, ...(one.closest("[role=radiogroup]")?.querySelectorAll("button, input") ?? [])]
    .some((other) => window.reached.has(other)))
  .map((one) => one.tagName + " " + (one.ariaLabel || one.innerText || one.className).slice(0, 60))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script."""
    script = CHECKS / "node_modules" / "axe-core" / "axe.min.js"
    assert script.is_file(), "axe-core is not here. Run: python -m app.server.frontend_files --checks"
    return script.read_text(encoding="utf-8")


def parts_are_ready(page: Page) -> None:
    """Wait until each map and each pad that is seen can be used."""
    for part in (".atlas-map:visible", "#root .pad:visible"):
        for at in range(page.locator(part).count()):
            expect(page.locator(part).nth(at)).to_have_attribute("data-state", "ready")


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
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    at_rest(page)
    expect(page.locator(NO_SHAPES_OF_WHAT_COMES)).to_have_count(0)
    pads = page.locator("#root .pad:visible")
    if pads.count():
        expect(pads.first).to_have_attribute("data-state", "ready")
    assert refused == []
    shifts = page.evaluate("window.shifts")
    assert worst_burst(shifts) < MOST_SHIFT, shifts
    page.wait_for_function(NOTHING_FADES)
    page.evaluate(axe)  # from outside of the page, so the policy does not hold it
    assert not found(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    page.wait_for_function(NOTHING_FADES)
    assert not found(page, ["color-contrast"])


@pytest.mark.slow
@pytest.mark.parametrize(("width", "language"), [(390, "de"), (768, "de"), (2560, "en")])
@pytest.mark.parametrize("place", PLACES)
def test_no_page_jumps_or_is_cut_on_a_phone_a_tablet_or_a_large_screen(
    page: Page, app_url: str, place: str, width: int, language: str
) -> None:
    page.add_init_script(COUNT_SHIFTS)
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(f"{app_url}/{place}{'&' if '?' in place else '?'}lang={language}")
    at_rest(page)
    expect(page.locator(NO_SHAPES_OF_WHAT_COMES)).to_have_count(0)
    parts_are_ready(page)
    shifts = page.evaluate("window.shifts")
    assert worst_burst(shifts) < MOST_SHIFT, shifts
    for faults in (TOO_WIDE, SIDEWAYS):
        eventually(lambda faults=faults: page.evaluate(faults) == [], lambda faults=faults: page.evaluate(faults))
    assert page.locator("#root .pad:visible .tools [data-do=save]").evaluate_all(ALONE) == 0  # in its row
    if language != "en":
        expect(page.locator("body").get_by_text(STREAMLITS_ENGLISH)).to_have_count(0)
        expect(page.get_by_test_id("stSliderThumbValue").filter(has_text=re.compile(r"\d\.\d"))).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES[:6])
def test_the_tab_key_alone_reaches_every_control(page: Page, app_url: str, place: str) -> None:
    page.goto(f"{app_url}/{place}")
    at_rest(page)
    expect(page.locator(NO_SHAPES_OF_WHAT_COMES)).to_have_count(0)
    parts_are_ready(page)
    page.evaluate("window.reached = new Set()")
    for _ in range(2 * page.evaluate(f"({USABLE})().length")):
        page.keyboard.press("Tab")
        page.evaluate(f"window.reached.add(({FOCUSED})())")
    assert page.evaluate(NOT_REACHED) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Try it with a portrait"), ("de", "Mit einem Porträt probieren")]
)
def test_the_words_on_the_portraits_button_are_whole(
    page: Page, app_url: str, width: int, language: str, words: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{app_url}/your-face?lang={language}")
    said = page.get_by_role("button", name=words).get_by_text(words, exact=True)
    expect(said).to_be_visible()
    at_rest(page)
    eventually(lambda: said.evaluate(WHERE_IT_IS_CUT) == [], lambda: said.evaluate(WHERE_IT_IS_CUT))
    box = said.bounding_box()
    assert box
    assert 0 <= box["x"] <= width - box["width"]
