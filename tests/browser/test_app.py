"""The whole app with the shipped checkpoints: what a newcomer does in the first minutes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from latent.atlas import load_atlas
from models import load_checkpoint
from models.images import to_uint8
from tests.browser.driving import PATIENCE, Map, Pad, alone, at_rest, eventually

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PORTRAIT = ROOT / "assets" / "portrait.jpg"
MOST_DECODING = 100  # milliseconds a face, as in motion.mjs
MOST_BEFORE_A_DRAG = 12e6  # bytes, of a browser with an empty cache


@pytest.fixture(scope="module")
def atlas():
    return load_atlas(ROOT / "checkpoints" / "ae" / "atlas.npz")


@pytest.fixture
def explore(page: Page, app_url: str) -> Page:
    page.goto(app_url)
    Map(page).wait(state="ready", latents="ready")
    Pad(page).ready()
    at_rest(page)
    return page


def choose_model(page: Page, title: str) -> None:
    page.get_by_role("radio", name=title, exact=True).click()
    expect(page.get_by_text(f"decoded by the {title}")).to_be_visible()


def current_face(page: Page) -> int:
    """The image number that the page names above the pad."""
    return int(page.get_by_text("of CelebA, decoded by").inner_text().split()[1])


def test_a_newcomer_colours_the_map_drags_a_slider_and_draws_another_face(page: Page, app_url: str, atlas) -> None:
    asked: list[str] = []
    arrived: list[Request] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: arrived.append(response.request))
    pad, shown = Pad(page, app_url).ready(), Map(page)
    shown.wait(state="ready", latents="ready", points=26_000, colouring="attribute:Eyeglasses")
    present = int((atlas.scores[:, atlas.attributes.index("Eyeglasses")] > 127).sum())
    expect(page.locator(".am-legend")).to_contain_text(f"{present:,}")
    expect(page.locator(".am-legend")).to_contain_text("classifier")
    expect(page.get_by_role("button", name="Join")).to_have_count(0)  # where no class was asked for

    at_rest(page)
    expect(page.locator('.am-landmark[data-shown="yes"]').nth(5)).to_be_attached()
    shown.wait_for_marker(("", ""))
    before, marker, sent = pad.settled(), shown.marker(), pad.to_server
    assert sent > 0
    assert 5e6 < sum(request.sizes()["responseBodySize"] for request in arrived) < MOST_BEFORE_A_DRAG
    pad.drag(pad.first_slider(), 90, steps=30, hold=True)
    pad.changed(before)
    shown.wait_for_marker(marker)
    assert pad.to_server == sent
    page.mouse.up()

    view = shown.zoom_in()
    picture = page.locator(".am-frame").screenshot()
    page.get_by_role("combobox", name="Colour the map by").fill("Smiling")
    page.get_by_role("option", name="Smiling", exact=True).click()
    shown.wait(colouring="attribute:Smiling")
    at_rest(page)
    assert shown.view() == pytest.approx(view)
    assert page.locator(".am-frame").screenshot() != picture

    named = page.get_by_text("of CelebA, decoded by")
    face = named.inner_text()
    page.get_by_role("button", name="Random face").click()
    try:
        expect(named).not_to_have_text(face, timeout=PATIENCE / 2)
    except AssertionError:  # one in 26,000 draws gives the same face again
        page.get_by_role("button", name="Random face").click()
        expect(named).not_to_have_text(face)
    at_rest(page)
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((app_url, "data:", "blob:"))] == []


@pytest.mark.parametrize("sliders", ["&w=attribute-Smiling:1.5", pytest.param("", marks=pytest.mark.slow)])
def test_a_link_to_no_face_of_the_map_needs_no_codes_of_others_until_a_hand_moves_a_slider(
    page: Page, app_url: str, sliders: str
) -> None:
    arrived: list[Request] = []
    page.on("response", lambda response: arrived.append(response.request))
    pad, shown = Pad(page, f"{app_url}/?model=vae&sample=gaussian.7.2.1{sliders}").ready(), Map(page)
    shown.wait(state="ready", latents="ready")
    shown.wait_for_marker(("", ""))
    at_rest(page)
    expect(page.locator('.am-landmark[data-shown="yes"]').nth(5)).to_be_attached()
    marker = shown.marker()
    assert sum(request.sizes()["responseBodySize"] for request in arrived) < MOST_BEFORE_A_DRAG
    with page.expect_response(lambda response: response.url.endswith("latents.f16")):
        pad.drag("Smiling", 40)
    shown.wait_for_marker(marker)
    page.get_by_role("button", name="Undo").click()
    said = [float(value) for value in marker]  # by Python; among all codes the browser finds the same
    eventually(lambda: [float(value) for value in shown.marker()] == pytest.approx(said, abs=0.01), shown.marker)


@pytest.mark.slow
def test_on_a_first_visit_the_face_moves_once_until_a_touch_and_changes_nothing(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    pad, moving = Pad(page, f"{app_url}/?model=vae"), page.locator(".pad[data-greeting=moving]")
    while not pad.ready().data("greeting") and float(pad.data("decodeMs") or 0) > MOST_DECODING:
        page.evaluate("localStorage.clear()")
        page.reload()  # who has so busy a machine is not greeted
    expect(moving).to_be_attached()
    expect(page.get_by_role("slider", name="Smiling", exact=True)).not_to_have_value("0")
    page.keyboard.press("Shift")
    expect(page.locator(".pad[data-greeting=over]")).to_be_attached()
    expect(page.get_by_role("slider", name="Smiling", exact=True)).to_have_value("0")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert "w=" not in page.url
    page.reload()
    pad.ready()
    at_rest(page)
    expect(page.locator(".pad[data-greeting]")).to_have_count(0)


def test_a_link_opens_its_face_and_a_click_another_one_that_both_models_show(page: Page, app_url: str, atlas) -> None:
    page.goto(f"{app_url}/explore?model=vae&face={int(atlas.image[-1])}")
    expect(page.get_by_text(f"Face {int(atlas.image[-1])} of CelebA, decoded by the VAE")).to_be_visible()
    choose_model(page, "AE")  # nothing lies over the page and swallows the click
    shown, pad = Map(page), Pad(page).ready()
    shown.wait(state="ready", latents="ready")
    at_rest(page)  # nothing moves the map under the hand
    before = pad.settled()
    row = alone(atlas.xy, shown.view())
    page.mouse.move(*shown.at(atlas.xy[row]))
    expect(page.locator(f'.am-face[data-row="{row}"]')).to_have_attribute("data-open", "yes")
    page.mouse.click(*shown.at(atlas.xy[row]))
    number = int(atlas.image[row])
    expect(page.get_by_text(f"Face {number} of CelebA, decoded by the AE")).to_be_visible()
    for title, name in (("AE", "ae"), ("VAE", "vae")):
        choose_model(page, title)
        network = load_checkpoint(ROOT / "checkpoints" / name)
        mu = load_atlas(ROOT / "checkpoints" / name / "atlas.npz").mu[row].astype(np.float32)
        expected = to_uint8(network.decode(to_float(mu)))[0]
        pad.ready().shows(expected, 3)
    assert (pad.settled() != before).any()
    assert current_face(page) == number
    says = page.locator(".am-says")
    expect(says).to_have_text(f"Face {number} is the current face.")
    page.get_by_role("button", name="Random face").click()
    expect(says).not_to_contain_text("is the current face")


def to_float(z: np.ndarray):
    import torch

    return torch.from_numpy(z)[None]


@pytest.mark.slow
def test_sliders_survive_a_switch_of_the_page(explore: Page) -> None:
    pad = Pad(explore)
    slider = pad.first_slider()
    pad.drag(slider, 80)
    value, picture = pad.value(slider), pad.settled()
    assert value != 0
    explore.get_by_role("link", name="Your face").click()
    expect(explore.get_by_role("heading", name="Your face")).to_be_visible()
    explore.get_by_role("link", name="Explore").click()
    pad.ready()
    expect(pad.slider(slider)).to_have_value(str(value))
    pad.shows(picture)


def test_a_lasso_shows_what_sets_the_group_apart_and_its_faces_can_be_taken_along(explore: Page) -> None:
    shown = Map(explore)
    shown.tool("Box Select")
    shown.drag(shown.share(0.35, 0.35), shown.share(0.6, 0.65))
    expect(explore.get_by_text("Your selection")).to_be_in_viewport()
    expect(explore.get_by_text("Mean face")).to_be_in_viewport()
    selection = explore.locator(".st-key-explore_selection")
    at_rest(explore)
    assert not overlap(selection.locator("img"), selection.locator("table"))
    count = int(explore.get_by_text("Your selection").inner_text().split()[2].replace(",", ""))
    explore.get_by_role("button", name="Take it along").click()
    saved = {}
    for form in ("CSV", "Parquet", "PDF"):
        with explore.expect_download() as download:
            explore.get_by_role("button", name=form, exact=True).click()
        saved[form] = download.value.path()
    table = pd.read_csv(saved["CSV"])
    vae = load_atlas(ROOT / "checkpoints" / "vae" / "atlas.npz")
    assert len(table) == count
    rows = vae.rows_of(table["image"])
    for read in (table, pd.read_parquet(saved["Parquet"])):
        assert (read[[f"z{i}" for i in range(128)]].to_numpy(np.float16) == vae.mu[rows]).all()
    assert saved["PDF"].read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_a_filter_dims_the_rest_counts_what_passes_and_is_in_the_link(page: Page, app_url: str, atlas) -> None:
    page.goto(f"{app_url}/?model=ae")
    shown = Map(page)
    shown.wait(state="ready", latents="ready")
    page.locator(".am-filter summary").click()
    for of in ("Eyeglasses", "Male"):
        page.locator(".am-add").select_option(of)
    page.get_by_label("Filter by Male").select_option(label="without it")
    present = {name: atlas.scores[:, atlas.attributes.index(name)] > 127 for name in ("Eyeglasses", "Male")}
    count = int((present["Eyeglasses"] & ~present["Male"]).sum())
    shown.wait(passing=count, selected=count)
    expect(page.locator(".am-passing")).to_contain_text(f"{count:,} of 26,000 faces")
    expect(page.get_by_text(f"Your selection: {count:,} faces")).to_be_visible()
    expect(page).to_have_url(re.compile("filter=Eyeglasses%3Awith%2CMale%3Awithout"))
    again = page.url
    page.goto("about:blank")
    page.goto(again)
    shown.wait(state="ready", passing=count, selected=count)
    expect(page.get_by_text(f"Your selection: {count:,} faces")).to_be_visible()


def test_the_first_screen_holds_the_name_the_words_the_face_its_smile_and_the_lesson(explore: Page) -> None:
    first = [
        explore.get_by_test_id("stHeaderLogo"),
        explore.get_by_text("Drag a slider"),
        explore.get_by_role("button", name="Start the lesson"),
        Pad(explore).root.locator("canvas").first,
        explore.get_by_role("slider", name="Smiling", exact=True),
        explore.get_by_role("slider", name="Eyeglasses", exact=True),
    ]
    for width, height in ((390, 844), (768, 1024), (1440, 900)):
        explore.set_viewport_size({"width": width, "height": height})
        for part in first:
            expect(part).to_be_in_viewport(ratio=1)
    expect(explore.locator(".am-toggle")).to_be_in_viewport(ratio=1)  # the map is there to its foot


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two elements lie over each other, or one is not shown yet."""
    a, b = one.bounding_box(), other.bounding_box()
    if not (a and b):
        return True
    return all(a[at] < b[at] + b[side] and b[at] < a[at] + a[side] for at, side in (("x", "width"), ("y", "height")))


def test_on_small_screens_nothing_lies_over_the_pages_names_and_what_is_asked_is_answered_in_view(
    explore: Page,
) -> None:
    shelf, says = explore.locator(".st-key-shelf"), explore.locator(".am-says")
    explore.set_viewport_size({"width": 768, "height": 1024})
    names = explore.get_by_test_id("stTopNavLink")
    expect(names).to_have_count(7)
    eventually(lambda: not any(overlap(name, shelf) for name in names.all()), "the shelf lies over a page's name")
    explore.set_viewport_size({"width": 390, "height": 844})
    explore.get_by_test_id("stExpandSidebarButton").click()
    expect(explore.get_by_role("link", name="Lesson")).to_be_visible()
    expect(shelf).to_be_hidden()
    explore.get_by_role("button", name="Collapse sidebar").click()
    expect(shelf).to_be_visible()
    parts = (Pad(explore).root, explore.get_by_label("Colour the map by"), says)  # face, choices, map

    def in_order() -> bool:
        tops = [box["y"] for part in parts if (box := part.bounding_box())]
        return tops == sorted(tops)

    eventually(in_order)
    for width, height in ((390, 844), (1440, 900)):
        explore.set_viewport_size({"width": width, "height": height})
        for typed, answer in (("5", "Face 5 is not on this map."), ("1", "Face 1 is ringed.")):
            explore.get_by_label("Face number").fill(typed)
            explore.get_by_role("button", name="Find").click()
            expect(says).to_contain_text(answer)
            expect(says).to_be_in_viewport(ratio=1)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "/your-face"])
def test_no_page_scrolls_sideways_on_a_phone_or_once_the_window_is_wide(page: Page, app_url: str, path: str) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        if width == 390:
            page.goto(app_url + path)
        Map(page).wait(state="ready")
        at_rest(page)
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def damaged(folder: Path, name: str, change: Callable[[Path], object]) -> None:
    """A copy of the shipped VAE's files under another name, one of them changed."""
    copy, shipped = folder / name, ROOT / "checkpoints" / "vae"
    copy.mkdir()
    for file in ("config.json", *(path.name for path in shipped.glob("*.safetensors")), "atlas.npz"):
        (copy / file).write_bytes((shipped / file).read_bytes())
    change(copy)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.slow
def test_damaged_checkpoints_are_named_and_the_rest_stays_usable(page: Page, app_url: str, checkpoints: Path) -> None:
    other = (ROOT / "checkpoints" / "ae" / "atlas.npz").read_bytes()
    damaged(checkpoints, "flipped", lambda copy: flip(copy / "model.safetensors"))
    damaged(checkpoints, "without", lambda copy: (copy / "model.safetensors").unlink())
    damaged(checkpoints, "foreign", lambda copy: (copy / "atlas.npz").write_bytes(other))
    page.goto(app_url)
    alerts = page.get_by_test_id("stAlert")
    for sentence in (
        "flipped.* is damaged or belongs to another",
        "without.* is missing",
        "foreign.* was made with other weights",
    ):
        expect(alerts.filter(has_text=re.compile(sentence))).to_have_count(1)
    Map(page).wait(state="ready", points=26_000)
    expect(page.locator("body")).not_to_contain_text("Traceback")
    shutil.rmtree(checkpoints)
    page.goto(app_url)
    expect(alerts.filter(has_text=f"{checkpoints.name} cannot be read")).to_have_count(1)
    expect(alerts).to_have_count(1)
    Map(page).wait(state="ready", points=26_000)
