"""Presenter mode of the lesson."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import at_rest

pytestmark = pytest.mark.browser
NOTHING_SCROLLS = """() => {
  const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.querySelector("[data-testid=stMain]");
  return scrollHeight <= clientHeight && scrollWidth <= clientWidth;
}"""


def at(page: Page, chapter: str, step: str) -> None:
    """One step of the chapter is on the screen, and the address says which."""
    expect(page.locator(".presenter output")).to_have_text(re.compile(rf"^{step} of \d+$"))
    expect(page).to_have_url(re.compile(rf"chapter={chapter}(&|$)"))
    visible = page.locator(f"[class*='st-key-lesson_step_{chapter}_']").evaluate_all(
        "steps => steps.map(step => getComputedStyle(step).visibility)"
    )
    assert visible.count("visible") == 1


def test_keys_lead_through_the_steps_and_a_reload_comes_back_to_the_same(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=prior&dimension=3")  # a link that sets a control uncovers what has it
    page.get_by_role("button", name="Present").click()
    at(page, "prior", "1")
    expect(page.locator("header")).to_be_hidden()
    expect(page.get_by_role("button", name="Shelf", exact=True)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    at(page, "prior", "3")
    expect(page).to_have_url(re.compile("present=3"))
    at_rest(page)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("present=4"))
    at_rest(page)  # the server's answer to a press still has the step before it
    at(page, "prior", "4")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("present=3"))
    page.reload()
    at(page, "prior", "3")

    slider = page.get_by_role("slider", name="Dimension")
    before = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).not_to_have_value(before)
    at(page, "prior", "3")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    at(page, "prior", "2")

    page.keyboard.press("Escape")
    expect(page.locator(".presenter")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("present="))
    expect(page.get_by_role("button", name="Start this chapter anew")).to_be_visible()


@pytest.mark.slow
def test_behind_the_last_step_comes_the_next_chapter_and_back_again(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&present=last")
    expect(page.locator(".presenter output")).to_have_text(re.compile(r"^(\d+) of \1$"))
    expect(page.get_by_text("Predict, then reveal.")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    at(page, "dataset", "1")
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile("chapter=autoencoder"))
    expect(page.get_by_text("Predict, then reveal.")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("button", name="Present")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("chapter", [chapter.key for chapter in CHAPTERS])
def test_every_step_is_whole_on_a_projector(page: Page, app_url: str, chapter: str) -> None:
    """Nothing scrolls: in a small window on the way to the end, in a large one on the way back."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/lesson?chapter={chapter}")
    page.get_by_role("button", name="Skip").click()  # so that what would give the answer away is there too
    expect(page.get_by_role("button", name="Skip")).to_have_count(0)
    page.get_by_role("button", name="Present").click()
    shown = page.locator(".presenter output")
    expect(shown).to_have_text(re.compile(r"^1 of \d+$"))
    at_rest(page)
    count = int(shown.inner_text().split()[-1])
    for step in range(1, count + 1):
        is_whole(page, f"{step} of {count}")
        if step < count:
            page.get_by_role("button", name="Next", exact=True).click()
    page.set_viewport_size({"width": 1920, "height": 1080})
    for step in range(count, 0, -1):
        is_whole(page, f"{step} of {count}")
        if step > 1:
            page.get_by_role("button", name="Back", exact=True).click()


def is_whole(page: Page, step: str) -> None:
    """Wait until this step is there, and all of it."""
    expect(page.locator(".presenter output")).to_have_text(step)
    at_rest(page)
    page.wait_for_function(NOTHING_SCROLLS)


@pytest.mark.slow
def test_the_notes_in_a_second_window_follow_the_presenter(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&present=last")
    expect(page.locator(".presenter output")).to_have_text(re.compile(r"^(\d+) of \1$"))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Notes").click()
    notes = opened.value
    expect(notes.get_by_role("heading", name="1. What is an autoencoder?", level=1)).to_be_visible()
    expect(notes.get_by_text(re.compile(r"On the projector: step (\d+) of \1 of this chapter"))).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(notes.get_by_role("heading", name="2. The dataset", level=1)).to_be_visible()
    expect(notes.get_by_text("On the projector: step 1 of")).to_be_visible()


@pytest.mark.slow
def test_the_worksheet_is_printed_whole_and_without_what_is_not_for_paper(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?sheet=questions")
    last = page.get_by_role("heading", name=f"{len(CHAPTERS)}. {CHAPTERS[-1].title}")
    expect(last).to_be_visible()
    at_rest(page)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))
    assert 3 <= len(pages) <= len(CHAPTERS)  # one alone would be what the window shows
    page.emulate_media(media="print")
    for name in (".stApp header", ".st-key-corner", ".st-key-lesson_sheet_words", ".st-key-language"):
        expect(page.locator(name)).to_be_hidden()
