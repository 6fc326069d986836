"""The page *Your face* with the shipped checkpoints: real photos, broken files, marks set by hand, the camera."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from app.checkpoints.decoding import decode
from app.checkpoints.opening import open_all
from app.session.photos import Photo
from app.views.your_face.backwards import backwards
from faces import Face, align, find_faces
from models import load_checkpoint
from models.images import crop_aligned, to_tensor, to_uint8
from tests.browser.driving import Map, Pad, at_rest, eventually, visit
from tests.browser.find_chromium import launch

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PORTRAIT = (ROOT / "assets" / "portrait.jpg").read_bytes()


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def drop(page: Page, *files: dict[str, object]) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def opened(content: bytes = PORTRAIT) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.fixture(scope="module")
def found() -> Face:
    return find_faces(opened())[0]


def decoded(aligned: Image.Image) -> np.ndarray:
    """What the shipped VAE makes of an aligned face."""
    network = load_checkpoint(ROOT / "checkpoints" / "vae")
    x = to_tensor(crop_aligned(aligned, network.config.image_size)[None])
    return to_uint8(network.decode(network.encode(x)))[0]


@pytest.fixture
def your_face(page: Page, app_url: str) -> Page:
    page.goto(f"{app_url}/your-face")
    expect(page.get_by_role("heading", name="Your face")).to_be_visible()
    Map(page).wait(state="ready")
    at_rest(page)
    return page


@pytest.mark.slow
def test_a_photo_run_backwards_comes_back_to_its_reconstruction(your_face: Page, found: Face) -> None:
    drop(your_face, file("me.jpg", PORTRAIT))
    your_face.get_by_text("Run it backwards").click()
    stage = your_face.locator(".noise-path")
    expect(stage).to_have_attribute("data-shown", "1")
    assert np.abs(painted(stage) - decoded(align(opened(), found.points))).mean() < 2
    stage.locator("input").evaluate("slider => { slider.value = 0; slider.dispatchEvent(new Event('input')); }")
    expect(stage).to_have_attribute("data-shown", "0")
    assert np.abs(painted(stage) - decoded(align(opened(), found.points))).mean() > 10
    expect(stage.get_by_role("status")).to_contain_text("own noise")


@pytest.mark.slow
def test_several_sliders_move_a_photo_s_noise_together(your_face: Page, found: Face) -> None:
    drop(your_face, file("me.jpg", PORTRAIT))
    your_face.get_by_text("Run it backwards").click()
    expect(your_face.locator("#root .pad")).to_have_count(2)
    pad = Pad(your_face, number=1).ready()
    photo = decoded(align(opened(), found.points))
    pad.shows(photo, 3)
    for name in ("Other noise 1", "Other noise 2"):
        pad.drag(name, 120)
    eventually(lambda: len(json.loads(pad.data("weights") or "{}")) == 2, lambda: pad.data("weights"))
    stand = json.loads(pad.data("weights"))
    model = open_all()[0]["vae"]
    aligned = crop_aligned(align(opened(), found.points), model.config.image_size)[None]
    z = model.own_network.encode(to_tensor(aligned)).numpy()[0]
    come = backwards(model, Photo("me", latents={model.identity: z})).ways.sliders(stand)[0]
    pad.shows(decode(model, (z + come)[None])[0], 4, 0.5)
    before = pad.root.get_by_role("button", name="Before")
    before.hover()
    your_face.mouse.down()
    pad.shows(photo, 3)
    your_face.mouse.up()


def painted(stage: Locator) -> np.ndarray:
    """What the first face of the way from noise holds, float [S, S, 3]."""
    data = stage.locator(".faces canvas").first.evaluate("canvas => canvas.toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB"), float)


def mark(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}, "))


def switch_page_and_back(page: Page) -> None:
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("heading", name="Explore the latent space")).to_be_visible()
    page.get_by_role("link", name="Your face").click()
    expect(page.get_by_role("heading", name="Your face")).to_be_visible()


def test_a_photo_gets_reconstructions_draws_a_place_neighbours_attributes_and_sliders(
    your_face: Page, found: Face
) -> None:
    expect(your_face.get_by_text("stay in the memory of the computer that runs Facespace")).to_be_visible()
    waiting = your_face.locator(".pad")  # mounted out of sight, so that the first photo's face appears sooner
    expect(waiting).to_have_count(1)
    expect(waiting).to_be_hidden()
    drop(your_face, file("me.jpg", PORTRAIT))
    for title in ("AE", "VAE"):
        expect(your_face.get_by_text(re.compile(rf"^{title}: .*\sdB PSNR"))).to_be_visible()
        expect(your_face.get_by_alt_text(f"Error of the {title}")).to_be_visible()
    for words in ("Draw 4", "Where draws differ"):
        expect(your_face.get_by_text(words)).to_be_visible()
    expect(your_face.locator(".fs-row").filter(has_text="Face ").locator("img")).to_have_count(6)
    expect(your_face.get_by_text(re.compile("AUC 0")).first).to_be_visible()
    expect(your_face.get_by_text("Attractive")).to_have_count(0)
    shown, pad = Map(your_face), Pad(your_face).ready()
    expected = decoded(align(opened(), found.points))
    pad.shows(expected, 3)
    place = shown.marker()
    pad.drag(pad.first_slider(), 90, steps=20)
    shown.wait_for_marker(place)

    # Marks moved by the keyboard change the crop, stay on a switch of the page, and can be taken back.
    at_rest(your_face)
    mark(your_face, "Mouth").focus()
    for _ in range(12):
        your_face.keyboard.press("Shift+ArrowDown")
    back = your_face.get_by_role("button", name="Back to the face that was found")
    expect(back).to_be_visible()
    at_rest(your_face)
    moved = mark(your_face, "Mouth").get_attribute("aria-label")
    switch_page_and_back(your_face)
    expect(mark(your_face, "Mouth")).to_have_attribute("aria-label", str(moved))
    pad.ready()
    eventually(lambda: bool(np.abs(pad.settled()[:, :, :3].astype(int) - expected).max() > 10), "the crop is the same")
    back.click()
    expect(back).to_be_hidden()
    pad.ready().shows(expected, 3)
    your_face.get_by_role("button", name="Go on with this face in Explore").click()
    expect(your_face.get_by_text("me.jpg, decoded by the VAE")).to_be_visible()


@pytest.mark.slow
def test_the_ring_goes_with_the_photo(your_face: Page) -> None:
    shown, ring = Map(your_face), your_face.locator(".am-current")
    assert shown.marker() == ("", "")
    drop(your_face, file("me.jpg", PORTRAIT))
    shown.wait_for_marker(("", ""))
    expect(ring).to_be_visible()
    your_face.locator("[class*=st-key-remove-upload]").get_by_role("button").click()
    expect(your_face.get_by_text("What happens to a photo")).to_be_visible()
    expect(ring).to_be_hidden()
    shown.wait(markerX="", markerY="")


@pytest.mark.slow
def test_several_files_at_once_broken_ones_among_them_and_two_people_to_compare(your_face: Page, found: Face) -> None:
    turned = jpeg(opened().rotate(90, expand=True))
    mirrored = jpeg(opened().transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    drop(
        your_face,
        file("empty.jpg", b""),
        file("notes.jpg", b"these are not the pixels you are looking for"),
        file("torn.jpg", PORTRAIT[: len(PORTRAIT) // 2]),
        file("mirrored.jpg", mirrored),
        file("turned.jpg", turned),
    )
    for sentence in (
        "empty.jpg: the file is empty",
        "notes.jpg: this is not a picture",
        "torn.jpg: the file is cut short",
    ):
        expect(your_face.get_by_text(sentence)).to_be_visible()
    # The turned photo comes out upright: nearly the face of the upright one.
    first = Pad(your_face, number=0).ready()
    first.shows(decoded(align(opened(), found.points)), 255, mean=12)
    picture = first.settled()
    assert "Traceback" not in your_face.inner_text("body")

    # The scrubber ends at the other person.
    expect(your_face.get_by_role("heading", name="Two people")).to_be_visible()
    scrubber = your_face.get_by_role("slider", name="Towards mirrored.jpg")
    scrubber.focus()
    your_face.keyboard.press("End")
    Pad(your_face, number=-1).differs(picture, 2)

    # Removing photos leaves the page as it was at first.
    for name in ("turned.jpg", "mirrored.jpg"):
        your_face.get_by_test_id("stMain").get_by_role("button").filter(has_text="delete").last.click()
        expect(your_face.get_by_role("button", name=name)).to_have_count(0)
        at_rest(your_face)
    expect(your_face.get_by_text("What happens to a photo")).to_be_visible()


@pytest.mark.slow
def test_without_a_face_the_marks_are_set_by_hand_and_give_a_detectors_crop(your_face: Page, found: Face) -> None:
    """The detector is shown a face so coarse that it finds none; the marks go where they are in the fine one."""
    coarse = jpeg(opened().resize((12, 15)).resize(opened().size, Image.Resampling.NEAREST))
    drop(your_face, file("coarse.jpg", coarse))
    expect(your_face.get_by_text("No face")).to_be_visible()
    use = your_face.get_by_role("button", name="Use these marks")
    at_rest(your_face)  # nothing comes above it any more and moves it
    use.scroll_into_view_if_needed()
    view = your_face.locator(".face-marks .view").bounding_box()
    assert view
    scale = view["width"] / opened().width
    for name, (x, y) in zip(("Left eye", "Right eye", "Mouth"), found.points, strict=True):
        box = mark(your_face, name).bounding_box()
        assert box
        your_face.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        your_face.mouse.down()
        your_face.mouse.move(view["x"] + float(x) * scale, view["y"] + float(y) * scale, steps=3)
        your_face.mouse.up()
    use.click()
    expect(your_face.get_by_text("What the models see", exact=True)).to_be_visible()
    # A hand is as exact as a pixel of the screen, and so is the picture.
    Pad(your_face).ready().shows(decoded(align(opened(coarse), found.points)), 255, mean=4)


# Streamlit's camera begins with a size of its own, then once more with the page's: a photo taken in between is blank.
SHOWS_A_SCENE = """() => {
  const video = document.querySelector("video");
  if (!(video?.readyState >= 2 && video.videoWidth <= innerWidth)) return false;
  const brush = new OffscreenCanvas(64, 48).getContext("2d");
  brush.drawImage(video, 0, 0, 64, 48);
  return new Set(brush.getImageData(0, 0, 64, 48).data).size > 100;
}"""


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows the portrait."""
    film = tmp_path_factory.mktemp("camera") / "portrait.mjpeg"
    scene = Image.new("RGB", (640, 480), "gray")
    scene.paste(opened().resize((356, 436)), (140, 20))
    film.write_bytes(jpeg(scene) * 3)
    options = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    browser = launch(playwright, *options, f"--use-file-for-fake-video-capture={film}")
    yield browser
    browser.close()


def test_the_camera_takes_a_photo(camera: Browser, app_url: str) -> None:
    context = visit(camera, viewport={"width": 390, "height": 844}, permissions=["camera"])
    page = context.new_page()
    page.goto(f"{app_url}/your-face")
    page.get_by_text("Use the camera").click()
    page.wait_for_function(SHOWS_A_SCENE)
    page.get_by_role("button", name="Take Photo").click()
    expect(page.get_by_text(re.compile(r"^AE: .*\sdB PSNR"))).to_be_visible()
    expect(page.get_by_role("button", name="Take Photo")).to_have_count(0)  # the camera is off again
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
