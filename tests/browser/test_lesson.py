"""The lesson, as shipped: a chapter, and walks through all of them that use the widgets of each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.views.lesson.contents import CHAPTERS
from tests.browser.driving import Map, Pad, at_rest

pytestmark = pytest.mark.browser
MOST_WIDTH = 1100  # CSS pixels
ONE_COLUMN = """most => {
  const page = document.querySelector("[data-testid=stMain]");
  const { left, right, width } = document.querySelector(".st-key-lesson_steps").getBoundingClientRect();
  const around = page.getBoundingClientRect();
  const aside = Math.abs(left - around.left - (around.left + page.clientWidth - right));
  return page.scrollWidth <= page.clientWidth && width <= most + 1 && aside <= 2;
}"""
LONG = 240_000  # milliseconds for a process that opens torch, on a machine that has other things to do


def titled(page: Page, place: int) -> None:
    expect(page.get_by_role("heading", name=CHAPTERS[place].title, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"chapter={CHAPTERS[place].key}"))


def predict_and_reveal(page: Page) -> None:
    page.get_by_test_id("stRadio").first.locator("label").nth(1).click()
    page.get_by_role("button", name="Reveal").click()
    expect(page.get_by_text(re.compile(r"^(That is it\.|Measured:)"))).to_be_visible()


def onwards(page: Page, place: int) -> None:
    """Go to the next chapter and answer its question, which uncovers the rest of it."""
    page.get_by_role("button", name=re.compile("^Next: ")).click()
    titled(page, place + 1)
    at_rest(page)  # the question of the chapter before may still stand there
    predict_and_reveal(page)


def changes(page: Page, button: str) -> None:
    """Press a button that draws anew, and see other pictures."""
    at_rest(page)
    sources = "[...document.querySelectorAll('.fs-row img')].map(image => image.getAttribute('src'))"
    before = page.evaluate(sources)
    assert before
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_function(
        f"before => {{ const now = {sources}; return now.length === before.length && "
        "now.some((source, i) => source !== before[i]) }",
        arg=before,
    )


def test_an_answer_uncovers_the_rest_of_a_chapter_and_the_next_one_follows(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=dataset")
    titled(page, 1)
    at_rest(page)
    predict_and_reveal(page)
    changes(page, "Other examples")
    page.get_by_role("button", name=re.compile("^Next: ")).click()
    titled(page, 2)


@pytest.mark.slow
@pytest.mark.parametrize("chapter", [chapter.key for chapter in CHAPTERS])
def test_a_chapter_is_one_column_in_the_middle_of_any_window(page: Page, app_url: str, chapter: str) -> None:
    page.goto(f"{app_url}/lesson?chapter={chapter}")
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("button", name="Skip")).to_have_count(0)
    for width in (2560, 1440, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        page.wait_for_function(ONE_COLUMN, arg=MOST_WIDTH)


@pytest.mark.slow
def test_a_walk_through_the_chapters_on_the_autoencoder(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=autoencoder&k=16")
    titled(page, 0)
    pad = Pad(page).ready()
    expect(pad.slider("Components kept (k)")).to_have_value("16")
    at_rest(page)
    before = pad.settled()
    pad.drag("Components kept (k)", 120)
    pad.changed(before)
    expect(page).not_to_have_url(re.compile("k=16(&|$)"))
    page.get_by_text("Compare with PCA on the pixels").click()
    expect(page.get_by_text("This PCA was fitted here")).to_be_visible()
    onwards(page, 0)

    changes(page, "Other examples")
    page.get_by_text("Rarest first").click()
    expect(page).to_have_url(re.compile("order=least"))
    onwards(page, 1)

    page.get_by_text("PSNR on validation pictures (dB)").first.click()
    expect(page).to_have_url(re.compile("curve=valid_psnr"))
    page.get_by_text("Black hair", exact=True).click()
    expect(page).to_have_url(re.compile("live_colour=Black_Hair"))
    onwards(page, 2)

    Map(page).wait(state="ready")
    page.get_by_role("radiogroup", name="Colour by").get_by_role("radio", name="Eyeglasses").click()
    expect(page.locator(".am-legend")).to_contain_text("Eyeglasses")
    page.get_by_text("Count: how often is a neighbour").click()
    expect(page.get_by_text("no real structure")).to_be_visible()
    page.get_by_text("the seed: chance alone").click()
    expect(page).to_have_url(re.compile("vary=seed"))
    expect(page.get_by_text("of the ten nearest are alike")).to_have_count(
        6
    )  # the answer, PCA, and the maps made beforehand
    expect(page.get_by_role("button", name="Draw these maps")).to_have_count(0)
    onwards(page, 3)

    page.get_by_text("Gaussian fitted to the faces", exact=True).first.click()
    expect(page).to_have_url(re.compile("sampler=gaussian"))
    changes(page, "Draw again")
    Pad(page).ready().drag("From A to B", 60)


@pytest.mark.slow
def test_a_walk_through_the_chapters_on_the_vae(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lesson?chapter=variational&width=2")
    titled(page, 5)
    expect(page.get_by_role("slider", name="Width of the cloud, times sigma")).to_have_value("2")
    changes(page, "Draw new faces")
    onwards(page, 5)

    at_rest(page)
    epsilon = page.locator(".fs-graph .noise b")
    before_text = epsilon.inner_text()
    page.get_by_role("button", name="Redraw epsilon").click()
    expect(epsilon).not_to_have_text(before_text)
    page.get_by_role("slider", name="Multiply sigma by").press("ArrowRight")
    expect(page).to_have_url(re.compile("sigma=1.05"))
    page.get_by_text("Estimate mu's gradient from").click()
    expect(page.get_by_text("times as large")).to_be_visible()
    onwards(page, 6)

    page.get_by_role("radiogroup", name="Model").get_by_role("radio", name="AE", exact=True).click()
    expect(page.get_by_text("AE, 6,000 draws")).to_be_visible()
    changes(page, "Two other draws")
    onwards(page, 7)

    expect(page.get_by_role("heading", name="Fit a better one")).to_be_visible()
    expect(page.get_by_role("button", name="Start learning")).to_be_enabled()
    onwards(page, 8)

    page.get_by_text("GANs", exact=True).first.click()
    page.get_by_role("button", name="See it again").click()
    titled(page, 2)
    page.get_by_role("button", name="Start this chapter anew").click()
    expect(page).not_to_have_url(re.compile("curve="))
    page.go_back()
    assert "Traceback" not in page.inner_text("body")


@pytest.mark.slow
def test_the_class_trains_a_network_one_at_a_time(page: Page, visitor: BrowserContext, app_url: str) -> None:
    address = f"{app_url}/lesson?chapter=training&live_epochs=30"
    other = visitor.new_page()
    for one in (other, page):  # both stand before the run starts, which may be over sooner than a page opens
        one.goto(address)
        expect(one.get_by_role("button", name="Start training")).to_be_enabled()
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text(re.compile(r"^Epoch [0-9]+ of 30"))).to_be_visible(timeout=LONG)
    expect(page.get_by_text("What lies where the faces do")).to_be_visible()
    expect(page.get_by_text("The AE's latent space")).to_be_visible()
    expect(page.get_by_text("The VAE's latent space")).to_be_visible()
    expect(page.get_by_text("since there is no CelebA folder here")).to_be_visible()

    other.get_by_role("button", name="Start training").click()
    expect(other.get_by_text("Someone else's run is going; yours is number 2 in line.")).to_be_visible()
    other.get_by_role("button", name="Leave the line").click()
    expect(other.get_by_text("You left the line.")).to_be_visible()
    other.get_by_role("button", name="Train anew").click()
    expect(other.get_by_text("yours is number 2 in line")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    expect(other.get_by_role("button", name="Cancel")).to_be_visible()

    page.get_by_role("button", name="Train anew").click()
    expect(page.get_by_text("yours is number 2 in line")).to_be_visible()
    other.close()  # and with it goes the run
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
