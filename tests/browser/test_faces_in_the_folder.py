"""The folder without a server finds the faces that the app finds, in the visitor's browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from app.paths import ASSETS
from benchmarks.alignment import pasted, reframed
from faces import ALIGNED_SIZE, TARGETS, NoFaceError, find_faces
from faces.alignment import Similarity, fit_similarity, warp
from models.data.celeba import read_celeba
from tests.browser.test_static_site import SitePad, host, serving  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEAR = 5.0  # pixels of CelebA's frame: what lies further apart are two faces
FIND = """async (address) => {
  const { src } = document.querySelector("script[type=module]");
  const { findFaces } = await import(new URL("../finding/finding.mjs", src).href);
  const { rgbOf } = await import(new URL("./photo.mjs", src).href);
  const { detector } = JSON.parse(document.getElementById("facespace-face").textContent);
  const picture = await rgbOf(await (await fetch(address)).blob());
  return findFaces(detector, picture);
}"""


def in_the_browser(page: Page, root: Path, pictures: Sequence[Image.Image]) -> Iterator[list[dict[str, Any]]]:
    """What the folder's detector finds in each picture."""
    (root / "photos").mkdir(exist_ok=True)
    with serving(root) as (site, _):
        page.goto(f"{site}your_face.html")
        for i, picture in enumerate(pictures):  # by names of their own, since browsers keep what has just come
            picture.save(root / "photos" / f"{i}.png")
            yield page.evaluate(FIND, f"/photos/{i}.png")


def in_the_app(picture: Image.Image) -> list[np.ndarray]:
    """The points [3, 2] of each face that the app finds."""
    try:
        return [face.points for face in find_faces(picture)]
    except NoFaceError:
        return []


def apart(expected: np.ndarray, points: np.ndarray) -> float:
    """Mean distance of three points from others, in pixels of CelebA's frame."""
    to_frame = fit_similarity(expected, TARGETS)
    return float(np.linalg.norm(to_frame(points) - to_frame(expected), axis=1).mean())


def compared(page: Page, root: Path, pictures: Sequence[Image.Image]) -> tuple[list[float], list[int]]:
    """How far each of the app's faces lies from the browser's, and which pictures have other faces in it."""
    distances, others = [], []
    for i, found in enumerate(in_the_browser(page, root, pictures)):
        expected, points = in_the_app(pictures[i]), [np.array(face["points"]) for face in found]
        nearest = [min((apart(one, other) for other in points), default=np.inf) for one in expected]
        distances += [distance for distance in nearest if distance < NEAR]
        first_differs = bool(expected and points) and apart(expected[0], points[0]) >= NEAR
        if len(points) != len(expected) or any(distance >= NEAR for distance in nearest) or first_differs:
            others.append(i)
    return distances, others


def portrait() -> Image.Image:
    with Image.open(ASSETS / "portrait.jpg") as picture:
        return picture.convert("RGB")


def three_faces() -> Image.Image:
    photo = Image.new("RGB", (900, 640), (90, 110, 130))
    for width, place in ((150, (20, 20)), (356, (300, 150)), (200, (670, 300))):
        photo.paste(portrait().resize((width, width * 436 // 356)), place)
    return photo


def test_a_portrait_is_found_at_any_turn_in_the_dark_half_hidden_and_among_others(page: Page, host: Path) -> None:  # noqa: F811
    turn = complex(np.exp(100j * np.pi / 180))
    turned = warp(portrait(), Similarity(turn, complex(280, 280) - turn * complex(177.5, 217.5)), (560, 560))
    hidden = portrait()
    ImageDraw.Draw(hidden).rectangle([0, 0, 150, hidden.height], fill="black")
    dark = Image.eval(portrait(), lambda value: 8 + value // 12)
    large = portrait().resize((1780, 2180))
    none = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))
    distances, others = compared(page, host, [portrait(), turned, hidden, dark, large, three_faces(), none])
    assert others == []
    assert len(distances) == 8
    assert max(distances) < 0.3


@pytest.mark.skipif("FACESPACE_CELEBA" not in os.environ, reason="needs genuine pictures: set FACESPACE_CELEBA")
def test_the_photos_of_the_benchmark_have_the_same_faces(page: Page, host: Path) -> None:  # noqa: F811
    folder, random = read_celeba(os.environ["FACESPACE_CELEBA"]), np.random.default_rng(2)
    paths = [folder.paths[i] for i in folder.indices("test")]
    photos = [pasted(paths, random, largest_angle=180, varied=True).picture for _ in range(12)]
    for path in paths[:12]:
        with Image.open(path) as picture:
            photos.append(reframed(picture.convert("RGB"), random).picture)
    distances, others = compared(page, host, photos)
    assert len(distances) >= 24
    assert np.mean(distances) < 0.3
    assert others == []


def test_a_face_is_chosen_among_several_and_the_hand_sets_marks_where_there_is_none(
    page: Page,
    host: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    three_faces().save(tmp_path / "three.png")
    Image.new("RGB", ALIGNED_SIZE, "teal").save(tmp_path / "none.png")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    with serving(host) as (site, asked):
        page.goto(f"{site}your_face.html")
        expect(page.locator("#marks")).to_be_hidden()
        assert not any("faces-" in path for path in asked)
        page.locator("#file").set_input_files(tmp_path / "three.png")
        pad = SitePad(page).ready()
        first = pad.settled()
        frames = page.locator("#marks .frame")
        expect(frames).to_have_count(3)
        expect(frames.first).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Face 2 of 3").click()
        pad.changed(first)
        page.get_by_role("button", name="Left eye").press("ArrowRight")
        page.get_by_role("button", name="Back to").click()
        page.locator("#file").set_input_files(tmp_path / "none.png")
        expect(page.locator("#problems")).to_have_text(re.compile("No face was found"))
        expect(page.locator("#result")).to_be_hidden()
        page.get_by_role("button", name="Use these marks").click()
        pad.ready()
        expect(page.locator("#result")).to_be_visible()
    assert set(sent) == {"GET"}
