"""The folder without a server, from a plain static server in a subfolder."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.paths import ASSETS, ROOT
from app.static_site.__main__ import main
from app.static_site.folder import is_later
from app.texts import _ as translated
from app.texts import speaking
from app.views.lesson.contents import CHAPTERS, Chapter
from faces import align, find_faces
from latent.atlas import load_atlas
from models.checkpoints import load_checkpoint
from models.images import crop_aligned, to_tensor, to_uint8
from tests.browser.driving import Map, Pad

pytestmark = pytest.mark.browser
VAE = ROOT / "checkpoints" / "vae"
ROUNDED = 2  # of 255: weights and latents are rounded, each moves a pixel by 1 at most


class SitePad(Pad):
    """The pad on a page of the folder."""

    @property
    def root(self) -> Locator:
        return self.page.locator("#pad .pad")


class Host(SimpleHTTPRequestHandler):
    """Python's own static server, as `python -m http.server` runs it; it keeps what is asked for in a list."""

    asked: list[str]

    def log_message(self, _: str, *values: Any) -> None:
        if str(values[0]).startswith("GET "):
            self.asked.append(str(values[0]).split()[1])


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a static server, with the folder of the shipped VAE two folders below."""
    root = tmp_path_factory.mktemp("host")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACESPACE_CELEBA", "")  # the door takes it away
        assert main([str(root / "school" / "faces"), "--chapters", "dataset"]) == 0
    return root


@contextmanager
def serving(root: Path) -> Iterator[tuple[str, list[str]]]:
    """A static server for the folder, while it is needed: its address, and what browsers ask it for."""
    handler = type("Handler", (Host,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/school/faces/", handler.asked
    server.shutdown()
    server.server_close()


def query(page: Page) -> str:
    return f"?{urlsplit(page.url).query}"


def size(host: Path, asked: list[str]) -> int:
    """Bytes of what was asked for."""
    found = [host / urlsplit(path).path.lstrip("/") for path in asked]
    return sum((path / "index.html" if path.is_dir() else path).stat().st_size for path in found)


def test_the_first_face_comes_after_six_megabytes_and_later_visits_need_no_network(page: Page, host: Path) -> None:
    with serving(host) as (site, asked):
        pad = SitePad(page, site).ready()
        expect(page.locator("#offline")).to_have_text("It is kept in this browser now and opens without a network.")
        # The map's files and the codes of all faces are asked for together, in any order.
        later = next(i for i, path in enumerate(asked) if any(one in path for one in ("plotly", "xy.f32", "latents")))
        assert any("decoder" in path for path in asked[:later])
        assert size(host, asked[:later]) < 6e6
        kept = [path for path in host.rglob("*") if path.is_file() and not is_later(str(path.relative_to(host)))]
        assert sum(path.stat().st_size for path in kept) < 15e6
        assert not any(map(is_later, asked))
        before = pad.settled()
        asked.clear()
        page.reload()
        Map(page).wait(state="ready", latents="ready")
        assert [path for path in asked if ".wasm" in path or ".onnx" in path or ".f16" in path] == []
    page.reload()  # the server is gone
    pad.ready().shows(before)
    pad.drag("Smiling", 60)
    pad.changed(before)
    Map(page).wait(state="ready", latents="ready")


@pytest.mark.slow
def test_all_pages_and_colours_are_there_without_a_network(page: Page, host: Path) -> None:
    with serving(host) as (site, _):
        pad = SitePad(page, site).ready()
        Map(page).wait(state="ready", latents="ready")
        expect(page.locator("#offline")).to_have_text("It is kept in this browser now and opens without a network.")
    page.reload()  # the server is gone
    pad.ready()
    Map(page).wait(state="ready", latents="ready")
    page.get_by_label("Colour the map by").select_option("Smiling")
    Map(page).wait(colouring="attribute:Smiling")
    page.get_by_label("Colour the map by").select_option("A slider's direction")
    page.get_by_label("Which direction").select_option("Component 1")
    Map(page).wait(colouring="values:Component 1")
    page.get_by_role("link", name="Generate").click()
    expect(page.locator("#grid button")).to_have_count(16)
    page.locator("#grid button").nth(2).click()
    sample = "Sample 3 of seed 0, decoded by the VAE"
    expect(page.locator("#pad-title")).to_have_text(sample)
    before = pad.ready().settled()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("heading", name="Edit a face")).to_be_visible()
    expect(page.locator("#pad-title")).to_have_text(sample)
    pad.ready().shows(before)
    reading = page.locator("#pad .bars .number").first.inner_text()
    pad.drag("Eyeglasses", 80)
    pad.changed(before)
    expect(page.locator("#pad .bars .number").first).not_to_have_text(reading)
    edited = pad.settled()
    page.get_by_role("button", name="Random face").click()
    expect(page.locator("#pad-title")).not_to_have_text(sample)
    pad.press("Undo")  # as in the app: the face that was left comes back as it was
    expect(page.locator("#pad-title")).to_have_text(sample)
    pad.shows(edited)
    pad.press("Redo")
    expect(page.locator("#pad-title")).not_to_have_text(sample)
    pad.press("Undo")
    pad.shows(edited)


@pytest.mark.slow
def test_a_link_opens_the_same_pixels_in_the_app_and_in_the_folder(page: Page, app_url: str, host: Path) -> None:
    first, second = load_atlas(VAE / "atlas.npz").image[[5, 9]]
    link = f"?model=vae&face={first}&bank=attributes&w=attribute-Smiling:1.5,noise-2:1,morph-Average face:0.25"
    in_app = Pad(page, f"{app_url}/{link}").ready().settled()
    with serving(host) as (site, _):
        pad = SitePad(page, site + link).ready()
        pad.shows(in_app, most=2 * ROUNDED)  # the noise is as wide as sixteen steps can say
        Map(page).wait(state="ready", latents="ready")
        page.locator(".am-search input").fill(str(second))
        page.keyboard.press("Enter")
        page.locator(".am-found").click()
        expect(page.locator("#pad-title")).to_have_text(f"Face {second} of CelebA, decoded by the VAE")
        expect(page.locator("#problems")).to_be_hidden()
        before = pad.settled()
        pad.drag("Eyeglasses", 60)
        pad.changed(before)
        expect(page).to_have_url(re.compile("attribute-Eyeglasses"))
        in_site = pad.settled()
    Pad(page, app_url + "/" + query(page)).ready().shows(in_site, most=ROUNDED)


@pytest.mark.slow
def test_what_a_filter_leaves_is_taken_along_and_each_pages_pictures_and_numbers_can_be_saved(
    page: Page, host: Path
) -> None:
    def saved(button: str) -> Path:
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        path: Path = waiting.value.path()
        return path

    with serving(host) as (site, _):
        SitePad(page, f"{site}?model=vae&filter=Eyeglasses:with,part:2").ready()
        shown = Map(page)
        shown.wait(state="ready", latents="ready")
        expect(page.locator(".am-passing")).to_contain_text("%")
        page.get_by_text("Take it along").click()
        expect(page.get_by_label("What to take")).to_have_value("selection")
        taken = pd.read_csv(saved("Save as CSV"))
        count = len(taken)
        shown.wait(passing=count)
        assert set(taken["part"]) == {"test"}
        assert (taken["score_Eyeglasses"] > 0.5).all()
        assert taken.filter(regex="^z[0-9]+$").shape == (count, 128)
        with Image.open(saved("Save as PNG")) as sheet:
            assert sheet.size[0] == 9 * 256
        page.get_by_label("What to take").select_option("This face")
        assert list(pd.read_csv(saved("Save as CSV"))["image"]) == [load_atlas(VAE / "atlas.npz").image[0]]
        expect(page).to_have_url(re.compile("filter=Eyeglasses%3Awith%2Cpart%3A2"))
        page.get_by_role("link", name="Edit").click()
        expect(page.locator("#pad .bars li").first).to_be_visible()
        SitePad(page).ready()
        readings = pd.read_csv(saved("Save the readings as CSV"))
        assert len(readings) == page.locator("#pad .bars li").count()
        assert readings["Now"].between(0, 1).all()
        page.get_by_role("link", name="Generate").click()
        expect(page.locator("#grid button")).to_have_count(16)
        with Image.open(saved("Save as PNG")) as sheet:
            assert '"seed":0' in sheet.info["facespace"]
        page.get_by_role("link", name="Morph").click()
        expect(page.locator("#near canvas")).to_be_visible()
        for button in ("Save the strip as PNG", "Save the nearest faces as PNG"):
            assert saved(button).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_way_between_faces_is_dragged_animated_and_kept_and_its_link_is_the_apps(
    page: Page, app_url: str, host: Path
) -> None:
    with serving(host) as (site, _):
        pad = SitePad(page, f"{site}morph.html").ready()
        expect(page.locator("#near canvas")).to_be_visible()
        begin = pad.settled()
        pad.drag("From A to B", 240)
        pad.changed(begin)
        expect(page).to_have_url(re.compile(r"t=0\.[1-9]"))
        link, halfway = query(page), pad.settled()
        page.get_by_role("button", name="Make an animation of 60 frames").click()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save the animation").click()
        with Image.open(saved.value.path()) as picture:
            assert (picture.n_frames, picture.size) == (60, (256, 256))
            assert b'"way":"straight"' in picture.info["comment"]
        page.get_by_label("Make").select_option("Analogy")
        expect(page.locator("#sheet[data-mode=analogy] canvas")).to_be_visible()
        page.get_by_role("link", name="Explore").click()
        expect(pad.slider("Smiling")).to_be_visible()
        unmoved = pad.ready().settled()
        pad.drag("Smiling", 60)
        pad.changed(unmoved)
        page.get_by_role("button", name="Keep on the shelf").click()
        expect(page.locator("#kept")).to_contain_text(", changed")
        smiling = pad.settled()
        page.get_by_role("link", name="Generate").click()
        page.locator("#shelf summary").click()
        page.get_by_label("Name of Face").fill("<b>Ann</b>")
        page.keyboard.press("Tab")
        page.get_by_role("link", name="Use").click()
        pad.ready().shows(smiling)
        expect(page.locator("#pad-title")).to_have_text("<b>Ann</b>, decoded by the VAE")
    Pad(page, f"{app_url}/morph{link}", number=1).ready().shows(halfway, most=ROUNDED)


@pytest.mark.slow
def test_a_photo_is_encoded_in_the_browser_and_nothing_of_it_leaves_the_tab(page: Page, host: Path) -> None:
    picture = Image.open(ASSETS / "portrait.jpg").convert("RGB")
    crop = crop_aligned(align(picture, find_faces(picture)[0].points), 128)
    network = load_checkpoint(VAE)
    with torch.inference_mode():
        expected = to_uint8(network.decode(network.encode(to_tensor(crop[None]))))[0].astype(int)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method + (request.post_data or "")))
    with serving(host) as (site, asked):
        page.goto(f"{site}your_face.html")
        page.get_by_role("button", name="Try it with a portrait").click()
        pad = SitePad(page).ready()
        drawn = pad.settled()[..., :3].astype(int)
        assert np.abs(drawn - expected).mean() < 1.5  # the browser unpacks a JPEG and cuts it out a little differently
        assert np.abs(drawn - expected).max() < 24
        pad.drag("Smiling", 60)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save the readings as CSV").click()
        readings = pd.read_csv(saved.value.path()).set_index("Attribute")
        assert list(readings.index) == page.locator("#pad .bars .name").all_inner_texts()
        assert readings["Now"]["Smiling"] > readings["Before"]["Smiling"]
        page.get_by_role("button", name="Go on with this face in Explore").click()
        expect(page.locator("#pad-title")).to_have_text("Your photo, changed, decoded by the VAE")
        expect(page).to_have_url(re.compile(r"kept=[0-9a-f]{12}"))
        assert " z=" not in page.url.replace("&", " ").replace("?", " ")
        assert any("encoder.onnx" in path for path in asked)
    assert set(sent) == {"GET"}


def faults_of(page: Page) -> list[str]:
    """What the page's console is told of faults from now on, and which requests fail."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    return faults


def draw_all(page: Page) -> None:
    """Look at the whole of a chapter, as its charts and components are drawn when they come into sight."""
    expect(page.locator("main[data-states=ready]")).to_be_visible()
    page.wait_for_function(
        """() => {
          const waiting = [...document.querySelectorAll("main .component:not([data-drawn='1'])")];
          const first = waiting.find((place) => place.checkVisibility({ visibilityProperty: true }));
          first?.scrollIntoView({ block: "center", behavior: "instant" });
          return !first;
        }"""
    )


def fits(page: Page) -> None:
    """Wait until nothing is wider than the window."""
    page.wait_for_function("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_chapter_asks_answers_and_draws_again_without_a_network(page: Page, host: Path) -> None:
    faults = faults_of(page)
    with serving(host) as (site, _asked):
        page.goto(f"{site}lesson.html")
        page.get_by_role("link", name="2. The dataset").click()
        expect(page.locator("main[data-kept]")).to_be_visible()
    page.reload()  # the server is gone
    expect(page.locator("main[data-kept]")).to_be_visible()
    faults.clear()  # the page itself was asked for in vain
    draw_all(page)
    number = page.locator(".fs-row figcaption").first
    before = number.inner_text()
    page.get_by_role("button", name="Other examples").click()
    expect(number).not_to_have_text(before)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("^Save as PNG: Face")).first.press("Enter")
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
    shares = page.locator(".fs-bars").first
    expect(shares).to_be_hidden()
    page.get_by_label("Over 30 %").check()
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator("[data-verdict]:visible")).to_contain_text("Measured: Under 10 %.")
    expect(shares.locator("span").first).to_have_text("No beard")
    page.get_by_label("Rarest first").check()
    expect(shares.locator("span").first).not_to_have_text("No beard")
    draw_all(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    assert faults == []


@pytest.mark.slow
def test_a_teacher_presents_with_notes_in_a_second_window_and_takes_the_worksheet_along(page: Page, host: Path) -> None:
    with serving(host) as (site, _):
        page.goto(f"{site}lesson.html?plan=20")
        expect(page.locator("nav.plans [aria-current]")).to_have_text("20 minutes")
        expect(page.locator("main li h2:visible")).to_have_count(3)
        page.get_by_role("link", name="Worksheet").click()
        expect(page.locator("main .fs-lines:visible").first).to_be_visible()
        page.goto(f"{site}lesson-answers.html")
        expect(page.locator("main h2:visible")).to_have_text("2. The dataset")
        expect(page.locator("main")).to_contain_text("Under 10 %.")
        notes = page.context.new_page()
        notes.goto(f"{site}lesson-notes.html")
        page.goto(f"{site}lesson-dataset.html")
        expect(page.locator("main[data-states=ready]")).to_be_visible()
        page.get_by_role("button", name="Present").click()
        expect(notes.locator(".presented")).to_contain_text("step 1 of")
        page.keyboard.press("PageDown")
        expect(notes.locator(".presented")).to_contain_text("step 2 of")
        expect(notes).to_have_url(re.compile("#dataset$"))
        expect(page).to_have_url(re.compile("present=2"))
        expect(page.locator("footer")).to_be_hidden()
        page.reload()
        expect(page.locator("nav.presenter output")).to_contain_text("2 of")
        page.keyboard.press("Escape")
        expect(page.locator("footer")).to_be_visible()
        expect(page).not_to_have_url(re.compile("present="))


@pytest.mark.slow
def test_who_presents_and_goes_on_behind_the_question_sees_what_it_covered(page: Page, host: Path) -> None:
    with serving(host) as (site, _):
        page.goto(f"{site}lesson-dataset.html?present=1")
        expect(page.locator("main[data-states=ready]")).to_be_visible()
        step = page.locator("nav.presenter output")
        while not page.locator(".question").is_visible():
            before = step.inner_text()
            page.keyboard.press("PageDown")
            expect(step).not_to_have_text(before)
        expect(page.locator("[data-when=covered]").first).to_have_attribute("hidden", "")  # the question's own step
        page.keyboard.press("PageDown")
        expect(page.locator(".fs-bars").first).to_be_visible()
        page.keyboard.press("PageUp")
        expect(page.get_by_role("button", name="Skip")).to_be_hidden()
        expect(page.get_by_role("button", name="Reveal")).to_be_visible()
        step_of_bars = int(step.inner_text().split()[0]) + 1
        page.goto(f"{site}lesson-dataset.html?present={step_of_bars}")
        expect(page.locator(".fs-bars").first).to_be_visible()


@pytest.fixture(scope="module")
def whole_lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with all chapters, in German."""
    root = tmp_path_factory.mktemp("lesson")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACESPACE_CELEBA", "")
        assert main([str(root / "school" / "faces"), "--language", "de"]) == 0
    return root


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_each_chapter_is_there_without_a_network_in_german_and_on_a_phone(
    page: Page, whole_lesson: Path, chapter: Chapter
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with serving(whole_lesson) as (site, _asked):
        page.goto(f"{site}lesson-{chapter.key}.html")
        expect(page.locator("main[data-kept]")).to_be_visible()
    page.reload()  # the server is gone
    expect(page.locator("main[data-kept]")).to_be_visible()
    faults = faults_of(page)
    with speaking("de"):
        expect(page.get_by_role("heading", level=1)).to_have_text(translated(chapter.title))
    draw_all(page)
    page.locator(".question .skip").click()
    draw_all(page)
    fits(page)
    for control in page.locator("[data-control]:visible").all():
        move(control)
    draw_all(page)
    expect(page.locator("#problems")).to_be_hidden()
    fits(page)
    assert faults == []


def move(control: Locator) -> None:
    """Set a control to another value, if it is still there."""
    if not control.count() or not control.is_visible():
        return
    if (button := control.locator("button")).count():
        button.click()
    elif (slider := control.locator("input[type=range]")).count():
        slider.press("ArrowRight")
    elif (other := control.locator("input:not(:checked)")).count():
        other.first.evaluate("(input) => input.click()")  # no longer among the unchecked ones afterwards
