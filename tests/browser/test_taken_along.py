"""What *Explore* filters by of the shipped checkpoints, and what leaves it as files, read back by other programs."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from app.checkpoints.opening import open_model
from app.components.atlas_map.filters import HIGHEST
from app.controls.take_along import few
from app.drawing.contact_sheet import ACROSS, FACE, LINE, MARGIN, PAGE
from evaluation.picture_errors import measure_errors
from latent.atlas import Atlas, load_atlas
from latent.posterior import squared_mahalanobis
from models.checkpoint_files import open_files
from models.checkpoints import load_checkpoint
from models.images import to_uint8
from tests.browser.driving import Map, Pad, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHIPPED = Path(__file__).parents[2] / "checkpoints" / "ae"
FROM = 97


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_atlas(SHIPPED / "atlas.npz")


def decoded(codes: NDArray[np.floating]) -> NDArray[np.uint8]:
    with torch.inference_mode():
        return to_uint8(load_checkpoint(SHIPPED).decode(torch.from_numpy(codes.astype(np.float32))))


def saved(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return waiting.value.path().read_bytes()


def faces_on(pdf: bytes) -> int:
    """How many places of a handout's pages are not white."""
    count = 0
    for scan in re.findall(rb"/DCTDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        page = np.asarray(Image.open(io.BytesIO(scan)).convert("L"))
        assert page.shape == (1754, 1240)
        pitch = (page.shape[1] - 2 * MARGIN - FACE) // (ACROSS - 1)
        for place in range(PAGE):
            x, y = MARGIN + place % ACROSS * pitch, MARGIN + 20 + place // ACROSS * (FACE + 2 * LINE + 16)
            count += bool((page[y : y + FACE, x : x + FACE] < 200).mean() > 0.1)
    return count


def test_far_out_faces_of_the_test_part_are_taken_along_as_tables_sheets_and_a_direction(
    page: Page, app_url: str, atlas: Atlas, tmp_path: Path
) -> None:
    model = open_model(open_files(SHIPPED))
    assert model.posterior is not None
    assert model.percentiles is not None
    squared = squared_mahalanobis(atlas.mu, model.posterior)
    distance = np.interp(squared, model.percentiles, np.arange(101)).astype(np.uint8)
    rows = np.flatnonzero((atlas.partition == 2) & (distance >= FROM))
    assert 20 < len(rows) < 200

    page.goto(f"{app_url}/?model=ae&filter=part%3A2")
    shown = Map(page)
    shown.wait(state="ready", latents="ready", passing=int((atlas.partition == 2).sum()))
    page.locator(".am-add").select_option("distance")
    page.get_by_label("Distance from the average face: from, per cent").fill(str(FROM))
    shown.wait(passing=len(rows), selected=len(rows))
    expect(page.get_by_text(f"Your selection: {len(rows):,} faces")).to_be_visible()
    page.get_by_role("button", name="Take it along").click()
    for name, read in (("CSV", pd.read_csv), ("Parquet", pd.read_parquet)):
        table = read(io.BytesIO(saved(page, name)))
        assert (table["image"] == atlas.image[rows]).all()
        assert set(table["part"]) == {"test"}
        assert table["distance"].min() >= FROM
        assert (table[[f"z{i}" for i in range(128)]].to_numpy(np.float16) == atlas.mu[rows]).all()

    some = few(rows)
    sheet = np.asarray(Image.open(io.BytesIO(saved(page, "PNG"))))
    side, across = 128, 9
    assert sheet.shape == (-(-len(some) // across) * (side + 4) - 4, across * (side + 4) - 4, 3)
    for place, picture in enumerate(decoded(atlas.mu[some])):
        top, left = place // across * (side + 4), place % across * (side + 4)
        assert np.abs(sheet[top : top + side, left : left + side].astype(int) - picture).max() <= 1
    assert faces_on(saved(page, "PDF")) == len(some)

    file = tmp_path / "far-out.json"
    file.write_bytes(saved(page, "Direction"))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("heading", name="Edit a face", level=1)).to_be_visible()
    at_rest(page)
    pad = Pad(page).ready()
    before = pad.settled()
    page.get_by_text("Keep, save and take in directions").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    pad.root.get_by_role("button", name="Your direction").click()
    pad.slider(f"To {len(rows)} faces").fill("2")
    moved = pad.changed(before)
    rest = np.delete(atlas.mu, rows, 0)
    way = atlas.mu[rows].astype(np.float64).mean(0) - rest.astype(np.float64).mean(0)
    z = float_z(page, atlas) + 2 * way
    assert np.abs(moved[:, :, :3].astype(int) - decoded(z[None])[0]).max() <= 3


def float_z(page: Page, atlas: Atlas) -> NDArray[np.float64]:
    """The code of the face that the address names."""
    number = re.search(r"face=(\d+)", page.url)
    assert number
    return np.asarray(atlas.mu[atlas.rows_of([int(number[1])])[0]], np.float64)


def test_the_errors_that_a_door_has_measured_filter_the_map(
    page: Page, app_url: str, checkpoints: Path, atlas: Atlas, celeba_folder: Path
) -> None:
    own = checkpoints / "measured"
    own.mkdir()
    for file in ("config.json", "model.safetensors", "atlas.npz"):
        shutil.copy(SHIPPED / file, own / file)
    measure_errors(open_files(own), str(celeba_folder))
    table = pd.read_csv(own / "columns.csv")
    assert set(table["image"]) == set(atlas.image[atlas.image <= 60])
    low, high = table["error"].min(), table["error"].max()
    codes = np.round(HIGHEST * (table["error"] - low) / (high - low))
    worse = int((codes >= np.ceil(HIGHEST * 0.6)).sum())
    assert 0 < worse < len(table)

    page.goto(f"{app_url}/?model=measured&filter=own%253Aerror%3A0-100")
    shown = Map(page)
    shown.wait(state="ready", passing=len(table), selected=len(table))
    page.get_by_label("Reconstruction error, of 255: from, per cent").fill("60")
    shown.wait(passing=worse, selected=worse)
    expect(page.locator(".am-passing")).to_contain_text(f"{worse} of 26,000 faces")
    expect(page.locator('.am-histogram[data-of="own:error"]')).to_be_visible()
    expect(page).to_have_url(re.compile("filter=own%253Aerror%3A60-100"))
