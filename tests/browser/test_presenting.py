"""Presenter mode of the lesson, and joining a class from another address than localhost."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.server.class_network import interfaces
from tests.browser.conftest import TEACHERS_CODE
from tests.browser.driving import Pad, at_rest

pytestmark = pytest.mark.browser


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


@pytest.mark.skipif(not interfaces(), reason="this machine has no network")
def test_a_second_browser_joins_by_the_address_in_the_dialog(
    visitor: BrowserContext, page: Page, class_app: str
) -> None:
    page.goto(f"{class_app}/lesson?chapter=prior")
    page.get_by_role("button", name="Join").click()
    poster = page.get_by_role("dialog").locator(".fs-join")
    join = poster.locator("strong").inner_text()
    assert join == f"http://{interfaces()[0].address}:{urlsplit(class_app).port}"
    link = (poster.get_by_role("img").get_attribute("alt") or "").removeprefix("Code for ")
    assert link.startswith(f"{join}/lesson?")
    expect(page.get_by_text("browsers switch off the camera")).to_be_visible()

    student = visitor.new_page()
    student.set_viewport_size({"width": 390, "height": 844})
    student.goto(link)
    assert student.evaluate("isSecureContext") is False
    expect(student.get_by_role("heading", name="Why a normal prior?", level=1)).to_be_visible()
    student.goto(join)
    Pad(student).ready()
    frames = student.locator("#root .pad").get_attribute("data-frames")
    student.locator("#root .pad .rows input[type=range]").first.press("ArrowRight")
    expect(student.locator("#root .pad")).not_to_have_attribute("data-frames", str(frames))
    student.goto(f"{join}/your-face")
    expect(student.get_by_text("over plain http browsers keep the camera")).to_be_visible()


@pytest.mark.skipif(not interfaces(), reason="this machine has no network")
def test_a_class_answers_together_and_looks_where_the_teacher_points(
    visitor: BrowserContext, page: Page, class_app: str
) -> None:
    student = visitor.new_page()
    student.goto(f"{class_app}/lesson?chapter=reparametrisation")
    student.get_by_test_id("stRadio").get_by_text("The score function").click()

    page.goto(f"{class_app}/lesson?chapter=reparametrisation")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("For the teacher", exact=True).click()
    page.get_by_label("Owner's code").fill(TEACHERS_CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 answer of the class so far.")).to_be_visible()
    expect(student.get_by_text("What the class said")).to_have_count(0)
    page.get_by_role("button", name="Show what the class said").click()
    expect(student.get_by_text("What the class said")).to_be_visible()

    page.goto(f"{class_app}/lesson?chapter=prior&dimension=3&face=7")
    page.get_by_role("button", name="Join").click()  # a page that is opened anew is a session of its own
    page.get_by_text("For the teacher", exact=True).click()
    page.get_by_label("Owner's code").fill(TEACHERS_CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Everyone look here").click()
    expect(student.get_by_role("heading", name="Why a normal prior?", level=1)).to_be_visible()
    at_rest(student)
    expect(student.get_by_role("slider", name="Dimension")).to_have_value("3")
    student.get_by_role("button", name="Back to my face").click()
    expect(student).to_have_url(re.compile("chapter=reparametrisation"))
    expect(student.get_by_role("button", name="Back to my face")).to_have_count(0)


def test_the_default_shows_nothing_of_a_class(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(page.get_by_role("button", name="Shelf", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Join")).to_have_count(0)
