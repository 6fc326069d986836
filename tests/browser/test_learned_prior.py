"""The learned prior on Generate, as shipped: asking for attributes, and the way from noise to a face."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.server import running_app
from tests.browser.driving import Pad, at_rest, eventually

pytestmark = pytest.mark.browser
LEARNED = "/generate?sampler=learned&seed=7&t=1&n=16&model=vae"


PAINTED = """stage => {
  const moments = [];
  const note = new MutationObserver(() => moments.push(performance.now() / 1000));
  note.observe(stage, { attributeFilter: ["data-painted"] });
  return moments;
}"""
"""When each face is painted from now on, in seconds."""


def stage(page: Page):
    """The VAE's, beside that of the AE."""
    return page.locator(".noise-path").last


def shown(page: Page) -> list[str]:
    """What the faces hold, once all are drawn for the time that the slider shows."""
    page.wait_for_function(
        "() => { const at = (root, found = []) => { for (const e of root.querySelectorAll('*')) {"
        " if (e.matches('.noise-path')) found.push(e); if (e.shadowRoot) at(e.shadowRoot, found); } return found; };"
        " const root = at(document).at(-1);"
        " return root && root.dataset.shown === String(Number(root.querySelector('input').value)); }"
    )
    return stage(page).evaluate("root => [...root.querySelectorAll('.faces canvas')].map((c) => c.toDataURL())")


def drag_to(page: Page, time: float) -> None:
    stage(page).locator("input").evaluate(
        "(slider, time) => { slider.value = time; slider.dispatchEvent(new Event('input')); }", time
    )


def test_time_is_moved_forward_and_back_in_the_browser_alone(page: Page, app_url: str) -> None:
    server = Pad(page, app_url + LEARNED)  # counts what goes there; files are read ahead whatever the hand does
    expect(page.locator(".noise-path")).to_have_count(2)
    stage(page).scroll_into_view_if_needed()
    arrived = shown(page)
    assert len(set(arrived)) == 8
    at_rest(page)
    before_it, asked = server.to_server, list[str]()
    assert before_it > 0
    page.on("request", lambda request: None if request.method == "GET" else asked.append(request.url))
    drag_to(page, 0)
    noise = shown(page)
    assert not set(noise) & set(arrived)
    expect(stage(page).get_by_role("status")).to_contain_text("Pure noise")
    drag_to(page, 0.5)
    assert shown(page) not in (noise, arrived)
    drag_to(page, 1)
    assert shown(page) == arrived
    painted = stage(page).evaluate_handle(PAINTED)
    stage(page).get_by_role("button", name="Play").click()
    stage(page).get_by_role("button", name="Pause").wait_for()
    eventually(lambda: len(painted.json_value()) >= 160)
    stage(page).get_by_role("button", name="Pause").click()
    moments = painted.json_value()
    quickest = min(later - one for one, later in zip(moments, moments[8:], strict=False))
    assert 8 / quickest >= 20  # faces a second where the machine does nothing else
    assert asked == []
    assert server.to_server == before_it
    with page.expect_download() as waiting:
        stage(page).get_by_role("button", name="Save", exact=True).click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_same_seed_draws_the_same_pictures_after_a_restart(page: Page, app_url: str) -> None:
    seen = []
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS="") as restarted:
        for address in (app_url, restarted.url):
            page.goto(address + LEARNED)
            expect(page.locator(".noise-path")).to_have_count(2)
            stage(page).scroll_into_view_if_needed()
            seen.append(shown(page))
    assert seen[0] == seen[1]


@pytest.mark.slow
def test_a_wish_is_drawn_and_stands_in_the_address(page: Page, app_url: str) -> None:
    page.goto(app_url + LEARNED)
    expect(page.get_by_role("button", name="Sample 16")).to_have_count(2)
    at_rest(page)
    sheet = "b => b.style.backgroundImage"
    free = page.get_by_role("button", name="Sample 1", exact=True).last.evaluate(sheet)
    page.goto(f"{app_url}/generate?sampler=learned--150--Eyeglasses--no-Male&seed=7&t=1&n=16&model=vae")
    expect(page.get_by_text("Eyeglasses").first).to_be_visible()
    expect(page.get_by_role("button", name="Sample 16")).to_have_count(2)
    at_rest(page)
    wished = page.get_by_role("button", name="Sample 1", exact=True).last
    assert wished.evaluate(sheet) != free
    wished.click()
    page.wait_for_url("**sampler=learned--150--Eyeglasses--no-Male**")
    expect(page.get_by_text("Sample 1 of seed 7")).to_be_visible()
    page.get_by_role("button", name="Edit it").click()
    page.wait_for_url("**sample=learned--150--Eyeglasses--no-Male.7.0.1**")
