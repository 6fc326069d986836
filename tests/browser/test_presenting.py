"""Presenter mode of the lesson."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import HeldBack, at_rest

pytestmark = pytest.mark.browser
NOTHING_SCROLLS = """() => {
  const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.querySelector("[data-testid=stMain]");
  return scrollHeight <= clientHeight && scrollWidth <= clientWidth;
}"""

READABLE = """selector => [...document.querySelectorAll(selector)].length > 0 &&
  [...document.querySelectorAll(selector)].every((one) => parseFloat(getComputedStyle(one).fontSize) >= 11.5)"""
AS_THE_BAR = """() => {
  const fit = Number(document.documentElement.style.getPropertyValue("--fs-fit"));
  return Math.abs(fit * getComputedStyle(document.querySelector(".st-key-corner")).zoom - 1) < 0.01;
}"""  # it is no larger on a slide with large letters
ONE_STEP = """steps => [...document.querySelectorAll(steps)]
  .filter((step) => getComputedStyle(step).visibility === "visible").length === 1"""
NOT_EMPTY = """() => {
  const step = document.querySelector(`.${document.documentElement.dataset.presenter}`);
  const parts = [...step.querySelectorAll("p, li, h2, td, label, img, canvas, svg, button")];
  return Math.max(...parts.map((part) => part.getBoundingClientRect().bottom)) > 0.35 * innerHeight;
}"""  # what stands on it reaches down a third of the window at least


def at(page: Page, chapter: str, step: str) -> None:
    """One step of the chapter is on the screen, and the address says which."""
    expect(page.locator(".presenter output")).to_have_text(re.compile(rf"^{step} of \d+$"))
    expect(page).to_have_url(re.compile(rf"chapter={chapter}(&|$)"))
    page.wait_for_function(ONE_STEP, arg=f"[class*='st-key-lesson_step_{chapter}_']")


def test_keys_lead_through_the_steps(page: Page, app_url: str) -> None:
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
    page.keyboard.press("Escape")
    expect(page.locator(".presenter")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("present="))
    expect(page.get_by_role("button", name="Start this chapter anew")).to_be_visible()


@pytest.mark.slow
def test_a_reload_comes_back_to_the_same_step_and_a_slider_keeps_its_keys(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=prior&dimension=3&present=3")
    at(page, "prior", "3")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("present=4"))
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
def test_no_slide_is_blank_while_the_bars_code_is_still_on_its_way(page: Page, app_url: str) -> None:
    """Also where a link counts more steps than there are."""
    bar = HeldBack(page, "**/presenter/presenter.mjs*")
    page.goto(f"{app_url}/lesson?chapter=onward&present=9")
    question = page.get_by_text("Predict, then reveal.")
    expect(question).to_be_visible()
    expect(page.locator("html[data-presenter]")).to_have_count(0)
    page.goto(f"{app_url}/lesson?chapter=dataset&present=6")
    doubts = page.get_by_role("heading", name="Doubts")
    expect(doubts).to_be_visible()
    expect(page.locator("html[data-presenter]")).to_have_count(0)
    bar.go_on()
    at(page, "dataset", "6")
    expect(doubts).to_be_visible()


@pytest.mark.slow
def test_no_key_leads_to_a_button_of_another_slide(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&present=5")
    at(page, "autoencoder", "5")
    expect(page.get_by_role("button", name="Switch all on")).to_be_visible()
    expect(page.get_by_role("button", name="Help for Model")).to_have_count(0)  # on the first slide


@pytest.mark.slow
def test_on_a_phone_letters_and_the_class_s_buttons_keep_their_size(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/lesson?chapter=autoencoder&present=2")
    at(page, "autoencoder", "2")
    for selector in ("figcaption", "p"):
        page.wait_for_function(READABLE, arg=f".st-key-lesson_step_autoencoder_1 {selector}")
    page.wait_for_function(AS_THE_BAR)


@pytest.mark.slow
@pytest.mark.parametrize("chapter", [chapter.key for chapter in CHAPTERS])
def test_every_step_is_whole_on_a_projector(page: Page, app_url: str, chapter: str) -> None:
    """Nothing scrolls, and none is nearly empty: in a small window on the way to the end, in a large one back.

    Nobody answers the question: who goes on behind it sees what it covered.
    """
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/lesson?chapter={chapter}")
    expect(page.get_by_role("button", name="Skip")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Present", exact=True).click()
    shown = page.locator(".presenter output")
    expect(shown).to_have_text(re.compile(r"^1 of \d+$"))
    at_rest(page)
    step = 1
    while True:
        is_whole(page, step)
        if step == (count := steps(page)):  # there are more once the question is behind
            break
        page.get_by_role("button", name="Next", exact=True).click()
        step += 1
    page.set_viewport_size({"width": 1920, "height": 1080})
    for step in range(count, 0, -1):
        is_whole(page, step)
        if step > 1:
            page.get_by_role("button", name="Back", exact=True).click()


def steps(page: Page) -> int:
    """How many the chapter has."""
    return int(page.locator(".presenter output").inner_text().split()[-1])


def is_whole(page: Page, step: int) -> None:
    """Wait until this step is there, and all of it."""
    expect(page.locator(".presenter output")).to_have_text(re.compile(rf"^{step} of \d+$"))
    at_rest(page)
    page.wait_for_function(NOTHING_SCROLLS)
    page.wait_for_function(NOT_EMPTY)


@pytest.mark.slow
def test_four_faces_stand_large_beside_their_words(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{app_url}/lesson?chapter=training&present=2")
    at(page, "training", "2")
    expect(page.locator(".st-key-lesson_figure_training_blur img")).to_have_count(4)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.st-key-lesson_figure_training_blur img')]"
        ".every((face) => face.getBoundingClientRect().width > 0.28 * innerHeight)"
    )
    page.wait_for_function(NOTHING_SCROLLS)


@pytest.mark.slow
def test_a_live_run_is_seen_epoch_by_epoch_on_its_slide(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=training&live_epochs=30&present=last")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".fs-chart.even img")).to_have_count(2)
    page.evaluate(
        """() => {
          window.framesWithout = 0;
          const look = () => {
            if (document.querySelectorAll(".fs-chart.even img").length < 2) window.framesWithout += 1;
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    for epoch in (2, 4):  # as many as were seen; the server may be ahead by then
        expect(page.get_by_text(re.compile(rf"^Epoch ([{epoch}-9]|[1-3]\d) of 30"))).to_be_visible()
        expect(page.get_by_text("a dot for each face").first).to_be_visible()
    page.wait_for_function(NOTHING_SCROLLS)
    assert page.evaluate("window.framesWithout") == 0  # a new epoch's charts stand where the last ones stood
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()


@pytest.mark.slow
def test_a_slider_alone_is_as_wide_as_its_pad(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&k=64&present=6")
    slider = page.get_by_role("slider", name="Components kept (k)")
    expect(slider).to_be_visible()
    page.wait_for_function(
        "(slider) => slider.offsetWidth > 0.9 * slider.closest('.pad').offsetWidth", arg=slider.element_handle()
    )


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
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_worksheet_is_printed_whole_and_without_what_is_not_for_paper(
    page: Page, app_url: str, language: str
) -> None:
    page.goto(f"{app_url}/lesson?sheet=questions&lang={language}")
    last = page.get_by_role("heading", name=f"{len(CHAPTERS)}. ")
    expect(last).to_be_visible()
    at_rest(page)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))
    assert 3 <= len(pages) <= len(CHAPTERS) / 2  # one alone would be what the window shows; two questions to a page
    page.emulate_media(media="print")
    for name in (".stApp header", ".st-key-corner", ".st-key-lesson_sheet_words", ".st-key-language"):
        expect(page.locator(name)).to_be_hidden()
