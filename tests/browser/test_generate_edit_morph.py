"""Generate, Edit, Morph, the shelf and links, as shipped: one story a test."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, TimeoutError, expect
from pyarrow import csv

from app.drawing.picture_files import read_provenance
from latent.atlas import load_atlas
from tests.browser.driving import Pad, at_rest, visit

pytestmark = pytest.mark.browser
IMAGES = load_atlas(Path(__file__).parents[2] / "checkpoints" / "ae" / "atlas.npz").image
HELD_OUT, OTHER = int(IMAGES[-1]), int(IMAGES[-7])
SAID = """button => {
  const said = [];
  const hear = () => said.at(-1) === button.textContent || said.push(button.textContent);
  new MutationObserver(hear).observe(button, { childList: true });
  return said;
}"""
"""What a button says from now on, one word after the other."""
GRID = "/generate?sampler=gaussian&seed=7&t=0.8&n=16"


def sheets(page: Page) -> list[str]:
    """The pictures of the two grids, once both are drawn."""
    expect(page.get_by_role("button", name="Sample 16")).to_have_count(2)
    at_rest(page)
    for grid in grids(page):
        expect(grid.locator("button").first).to_have_css("background-image", re.compile("^url"))
    return [str(grid.locator("button").first.evaluate("b => b.style.backgroundImage")) for grid in grids(page)]


def grids(page: Page):
    return page.locator(".face-grid").all()


def download(page: Page, button: str, exact: bool = False) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=exact).first.click()
    return Path(waiting.value.path()).read_bytes()


def test_a_sample_of_a_seed_is_saved_kept_and_edited(page: Page, app_url: str) -> None:
    page.goto(app_url + GRID)
    before = sheets(page)
    assert before[0] != before[1]
    facts = read_provenance(download(page, "Save as PNG"))
    assert facts is not None
    assert facts["point"] == {"kind": "samples", "sampler": "gaussian", "seed": 7, "temperature": 0.8, "count": 16}
    page.get_by_role("button", name="Next seed").click()
    page.wait_for_url("**seed=8**")
    at_rest(page)  # the grids of the seed before are gone
    page.get_by_role("button", name="Sample 3", exact=True).nth(1).click()
    expect(page.get_by_text("Sample 3 of seed 8")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Edit it")).to_be_in_viewport()
    page.get_by_role("button", name="Keep on the shelf").click()
    message = page.wait_for_function("document.querySelector('[data-testid=stToast]')?.getBoundingClientRect().top")
    assert message.json_value() > 450  # at the foot of the window, where it covers no open shelf
    expect(page.get_by_role("button", name="Shelf \u00b7 1")).to_be_visible()
    page.get_by_role("button", name="Edit it").click()
    expect(page.get_by_text("Sample 3 of seed 8, decoded by the VAE")).to_be_visible()
    page.wait_for_url("**sample=gaussian.8.2.0.8**")


@pytest.mark.slow
def test_an_edit_is_undone_to_the_pixel_and_a_link_and_a_shelf_file_bring_it_back(
    browser: Browser, page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/edit?model=vae&face={HELD_OUT}&hold=Male,Nonsense")
    pad = Pad(page).ready()
    original = pad.settled()
    pad.drag("Eyeglasses", 60)
    page.wait_for_url("**w=attribute-Eyeglasses**")
    expect(page.get_by_text("was ").first).to_be_visible()
    edited = pad.changed(original)
    pad.press("Undo")
    pad.shows(original)
    expect(page).not_to_have_url(re.compile("w=attribute-Eyeglasses"))
    pad.press("Redo")
    page.wait_for_url("**w=attribute-Eyeglasses**")
    saved = read_provenance(download(page, "Save", exact=True))
    assert saved is not None
    assert saved["point"] == {"kind": "face", "image": HELD_OUT}
    assert list(saved["weights"]) == ["attribute-Eyeglasses"]
    page.get_by_role("button", name="Keep on the shelf").click()
    page.get_by_role("button", name="Shelf \u00b7 1").click()
    shelf = download(page, "Save the shelf as a file")

    elsewhere = visit(browser)
    other = elsewhere.new_page()
    other.goto(page.url)
    linked = Pad(other).ready()
    expect(other).to_have_url(re.compile("hold=Male"))
    linked.shows(edited)
    other.get_by_role("button", name="Shelf", exact=True).click()
    for name, content, words in (("bad.json", shelf[:-9], "is damaged or no shelf file"), ("ok.json", shelf, "")):
        files = [{"name": name, "mimeType": "application/json", "buffer": content}]
        other.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
        if words:
            expect(other.get_by_text(words)).to_be_visible()
    expect(other.get_by_role("button", name="Shelf \u00b7 1")).to_be_visible()
    other.get_by_role("button", name="Use", exact=True).click()
    expect(other.get_by_text(f"Face {HELD_OUT}, changed, decoded by the VAE")).to_be_visible()
    linked.shows(edited)
    elsewhere.close()


@pytest.mark.slow
def test_back_brings_sliders_and_pages_back(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/edit?model=vae&face={HELD_OUT}")
    pad = Pad(page).ready()
    original, start = pad.settled(), pad.slider("Eyeglasses").input_value()
    pad.drag("Eyeglasses", 60)
    page.wait_for_url("**w=attribute-Eyeglasses**")
    edited, address = pad.changed(original), page.url
    page.get_by_role("link", name="Explore").click()
    page.wait_for_url(lambda url: "/edit" not in url and "face=" in url)
    Pad(page).ready()
    back_until(page, lambda url: url == address)
    pad.ready().shows(edited)
    back_until(page, lambda url: "/edit" in url and "w=" not in url)
    expect(pad.slider("Eyeglasses")).to_have_value(start)
    pad.shows(original)


def back_until(page: Page, there: Callable[[str], bool]) -> None:
    """Press Back until an address stands: a switch of the page leaves an entry without parameters as well."""
    for _ in range(3):
        before = page.url
        page.go_back()
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
        at_rest(page)
        if there(page.url):
            return
    raise AssertionError(f"Back leads to {page.url}")


@pytest.mark.slow
def test_a_link_with_nonsense_says_so_and_the_page_goes_on(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/edit?model=none&face=abc&w=dim-1:nan&bank=x")
    Pad(page).ready()
    for words in ("names a model that is not here", "face of the link", "slider positions", "kind of slider"):
        expect(page.get_by_text(words)).to_be_visible()


def test_a_morph_moves_both_models_and_becomes_an_animation(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/morph?faces=face:{HELD_OUT},face:{OTHER}&way=spherical&show=way")
    pads = page.locator(".pad")
    expect(pads).to_have_count(2)
    for i in range(2):
        expect(pads.nth(i)).to_have_attribute("data-state", "ready")
    sliders = page.get_by_role("slider", name="From A to B")
    sliders.first.focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.wait_for_url("**t=0.5**")
    expect(sliders.nth(1)).to_have_value("0.5")
    expect(pads.nth(1)).to_have_attribute("data-frames", re.compile(r"^([2-9]|\d\d+)$"))
    expect(page.get_by_text("not a less plausible one")).to_be_visible()  # half way lies nearer to the average
    expect(page.get_by_text("Plausibility")).to_have_count(0)
    play = page.get_by_role("button", name="Play").first
    said = play.evaluate_handle(SAID)
    play.click()
    page.wait_for_url("**t=1")  # it stops by itself, and both pads have gone with it
    assert said.json_value() == ["Stop", "Play"]
    expect(sliders.nth(1)).to_have_value("1")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    make, cancel, save = (
        page.get_by_role("button", name=name) for name in ("Make an animation", "Cancel", "Save the animation")
    )
    for ready in range(2):  # one model's may be ready before the hand is
        make.first.click()
        with suppress(TimeoutError):
            cancel.click(timeout=20_000)
        at_rest(page)
        expect(cancel).to_have_count(0)
        if save.count() == ready:
            break
    expect(save).to_have_count(ready)
    make.first.click()
    expect(save).to_have_count(ready + 1)
    expect(page.get_by_role("img", name="The way, animated by the").first).to_be_visible()
    animation = download(page, "Save the animation")
    with Image.open(io.BytesIO(animation)) as opened:
        assert (opened.n_frames, opened.size) == (60, (256, 256))
    facts = read_provenance(animation)
    assert facts is not None
    assert [face["image"] for face in facts["faces"]] == [HELD_OUT, OTHER]


@pytest.mark.slow
def test_ways_are_compared_live_and_the_least_change_is_found_and_can_be_given_up(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/morph?show=ways&model=vae&faces=face:{HELD_OUT},face:{OTHER}&reading=Smiling")
    pads, sliders = page.locator("#root .pad"), page.get_by_role("slider", name="From A to B")
    expect(pads).to_have_count(2)
    straight, faces = (Pad(page, number=i).ready() for i in (0, 1))
    before = straight.settled(), faces.settled()
    assert np.array_equal(*before)  # both stand at A
    sliders.first.focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.wait_for_url("**t=0.5**")
    expect(sliders.nth(1)).to_have_value("0.5")
    straight.changed(before[0])
    faces.differs(straight.settled(), 3)  # another way, so another face half way
    expect(page.get_by_text("It passes Face")).to_be_visible()
    page.get_by_role("button", name="Least change").click()
    page.get_by_role("button", name="Work out the way of least change").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(pads).to_have_count(2)
    page.get_by_role("button", name="Work out the way of least change").click()
    expect(pads).to_have_count(3)
    expect(page).to_have_url(re.compile("ways=straight%2Cfaces%2Cleast"))
    expect(page).to_have_url(re.compile("reading=Smiling"))
    table = csv.read_csv(io.BytesIO(download(page, "Save the ways as CSV")))
    change = dict.fromkeys(("straight", "faces", "least"), 0.0)
    for way, step in zip(table["way"].to_pylist(), table["change"].to_pylist(), strict=True):
        change[way] += step**2
    assert change["least"] < change["straight"] < change["faces"]


@pytest.mark.slow
def test_the_smallest_change_that_flips_a_reading_is_shown_and_becomes_the_current_face(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/edit?model=vae&face={HELD_OUT}")
    pad = Pad(page).ready()
    before = pad.settled()
    page.get_by_text("The smallest change that flips a reading").click()
    page.get_by_role("button", name="Find the change").click()
    expect(page.get_by_text(re.compile(r"^The change is \d+\s% as long"))).to_be_visible()
    words = [page.get_by_text(re.compile(rf"^{at}: Smiling \d+\s%$")).inner_text() for at in ("Now", "Changed")]
    now, changed = (int(text.split()[2]) for text in words)
    assert abs(now - 50) > 10
    assert abs(changed - 50) <= 2  # the search stops where the reading just passes one half
    page.get_by_role("button", name="Make it the current face").click()
    expect(page.get_by_text("Smiling flipped, decoded by the VAE")).to_be_visible()
    pad.ready().changed(before)
