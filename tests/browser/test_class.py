"""What needs the app in another process, as a class gets it: joining it, answering together, a CelebA folder, seeds."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from app.server.class_network import interfaces
from models.images import crop_aligned
from tests.browser.conftest import TEACHERS_CODE
from tests.browser.driving import Map, Pad, at_rest
from tests.browser.test_generate_edit_morph import GRID, sheets

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.skipif(not interfaces(), reason="this machine has no network")
def test_a_second_browser_joins_by_the_address_in_the_dialog(
    visitor: BrowserContext, page: Page, class_app: str
) -> None:
    page.goto(f"{class_app}/lesson?chapter=prior")
    at_rest(page)
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
    student.get_by_test_id("stExpandSidebarButton").click()  # nothing lies on it
    student.get_by_role("link", name="Explore").click()
    expect(student.get_by_role("heading", name="Explore the latent space")).to_be_visible()
    Pad(student).ready()
    at_rest(student)
    frames = student.locator("#root .pad").get_attribute("data-frames")
    student.locator("#root .pad .rows input[type=range]").first.press("ArrowRight")
    expect(student.locator("#root .pad")).not_to_have_attribute("data-frames", str(frames))
    student.goto(f"{join}/your-face")
    expect(student.get_by_text("over plain http browsers keep the camera")).to_be_visible()


def be_the_teacher(page: Page) -> None:
    """Give the code, once nothing draws the field anew while it is typed."""
    at_rest(page)
    page.get_by_role("button", name="Join").click()
    page.get_by_text("For the teacher", exact=True).click()
    at_rest(page)
    code = page.get_by_label("Owner's code")
    code.fill(TEACHERS_CODE)
    code.press("Enter")


@pytest.mark.skipif(not interfaces(), reason="this machine has no network")
def test_a_class_answers_together_and_looks_where_the_teacher_points(
    visitor: BrowserContext, page: Page, class_app: str
) -> None:
    student = visitor.new_page()
    student.goto(f"{class_app}/lesson?chapter=reparametrisation")
    at_rest(student)
    student.get_by_test_id("stRadio").get_by_text("The score function").click()

    page.goto(f"{class_app}/lesson?chapter=reparametrisation")
    be_the_teacher(page)
    expect(page.get_by_text("1 answer of the class so far.")).to_be_visible()
    expect(student.get_by_text("What the class said")).to_have_count(0)
    page.get_by_role("button", name="Show what the class said").click()
    expect(student.get_by_text("What the class said")).to_be_visible()

    page.goto(f"{class_app}/lesson?chapter=prior&dimension=3&face=7")
    be_the_teacher(page)  # a page that is opened anew is a session of its own
    page.get_by_role("button", name="Everyone look here").click()
    expect(student.get_by_role("heading", name="Why a normal prior?", level=1)).to_be_visible()
    at_rest(student)
    expect(student.get_by_role("slider", name="Dimension")).to_have_value("3")
    student.get_by_role("button", name="Back to my face").click()
    expect(student).to_have_url(re.compile("chapter=reparametrisation"))
    expect(student.get_by_role("button", name="Back to my face")).to_have_count(0)


def test_originals_and_true_labels_where_the_viewer_has_celeba(page: Page, class_app: str, celeba_folder: Path) -> None:
    page.goto(class_app)
    shown = Map(page)
    shown.wait(state="ready")
    expect(page.locator(".am-legend")).to_contain_text("labels")
    expect(page.locator(".beside img")).to_be_visible()
    source = page.locator(".beside img").get_attribute("src")
    content = page.evaluate("async url => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]", source)
    with Image.open(celeba_folder / "img_align_celeba" / "000001.jpg") as picture:
        expected = crop_aligned(picture, 128).astype(int)
    sent = np.asarray(Image.open(io.BytesIO(bytes(content)))).astype(int)
    assert sent.shape == expected.shape
    assert np.abs(sent - expected).mean() < 1
    assert np.abs(sent - expected).max() <= 16


def test_a_seed_gives_the_same_grid_in_another_process(page: Page, app_url: str, class_app: str) -> None:
    page.goto(app_url + GRID)
    before = sheets(page)
    other = page.context.new_page()  # so that what either address has kept is cleared after the test
    other.goto(class_app + GRID)
    assert sheets(other) == before
