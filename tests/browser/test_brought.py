"""Bringing a foreign ONNX pair in the browser: a planted fault is seen and cured, and its sliders drag.

The pairs are small models of the lesson's family, exported as others would. The one that is mapped has two latent
dimensions, so that its map needs no UMAP, which compiles itself for half a minute in each process.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from models import load_checkpoint
from models.networks import Autoencoder
from tests.browser.driving import Map, Pad, at_rest
from tests.models.foreign_pair import foreign_pair

pytestmark = pytest.mark.browser
FAMILY = Path(__file__).parents[2] / "checkpoints" / "family"
MAPPED = 300_000  # milliseconds; the run waits behind everything else


def opened(page: Page) -> Locator:
    """The part of the page that takes a checkpoint in, opened."""
    box = page.get_by_test_id("stExpander").filter(has_text="Bring a checkpoint from elsewhere")
    expect(box).to_have_count(1)  # after one was taken in, the used one goes when the page has run to its end
    expect(box.get_by_role("button", name="Remove encoder.onnx")).to_have_count(0)
    expect(box.get_by_label("Name")).to_be_hidden()  # it is closed at first, and again after each
    box.locator("summary").click()
    expect(box.get_by_label("Name")).to_be_visible()
    return box


def give(box: Locator, files: dict[str, bytes]) -> None:
    """Put files into the box, all at once, and wait until they stand there."""
    box.locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=content) for name, content in files.items()]
    )
    for name in files:
        expect(box.get_by_role("button", name=f"Remove {name}")).to_be_visible()


def bring(page: Page, network: Autoencoder, name: str, encoder: bytes, decoder: bytes) -> None:
    """Give the three files and the name, and wait for the card."""
    config = network.config
    told = {"kind": "vae", "image_size": config.image_size, "latent_dim": config.latent_dim, "spread": "logvar"}
    box = opened(page)
    give(box, {"encoder.onnx": encoder, "decoder.onnx": decoder, "config.json": json.dumps(told).encode()})
    box.get_by_label("Name").fill(name)
    box.get_by_label("Name").press("Enter")
    box.get_by_role("button", name="Check and add").click()
    expect(page.get_by_role("heading", name="Check-up")).to_be_visible()
    expect(page.get_by_role("heading", name=name, level=3)).to_be_visible()


@pytest.mark.slow
def test_a_wrong_range_is_cured_and_the_sliders_of_the_brought_model_drag(
    page: Page, app_url: str, checkpoints: Path
) -> None:
    network = load_checkpoint(FAMILY / "two-dimensions")
    page.goto(f"{app_url}/models")
    bring(page, network, "their-vae", *foreign_pair(network, value_range=(-1, 1)))
    expect(page.get_by_text("The networks expect pixel values from -1 to 1, not 0 to 1.")).to_be_visible()
    page.get_by_role("button", name="Change value_range to [-1, 1]").click()
    expect(page.get_by_text("What config.json says fits")).to_be_visible()
    assert json.loads((checkpoints / "their-vae" / "config.json").read_text())["model"]["value_range"] == [-1, 1]
    page.get_by_role("button", name="Make its map").click()  # of 3,000 faces, which leaves time to change one's mind
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("no map", exact=True)).to_be_visible()
    page.get_by_role("radio", name="500", exact=True).click()  # the fewest faces, so the quickest map
    page.get_by_role("button", name="Make its map").click()
    expect(page.get_by_role("button", name="Make its map anew")).to_be_visible(timeout=MAPPED)
    expect(page.get_by_test_id("stAlert").filter(has_text="cannot be shown")).to_have_count(0)
    page.goto(f"{app_url}/?model=their-vae")
    pad = Pad(page).ready()
    Map(page).wait(state="ready", points=500)
    at_rest(page)
    before, slider = pad.settled(), pad.first_slider()
    pad.drag(slider, 60)
    pad.changed(before)
    expect(pad.slider(slider)).not_to_have_value("0")
    Map(page).wait_for_marker(("", ""))
    if pictures := os.environ.get("FACESPACE_PICTURES"):
        page.screenshot(path=f"{pictures}/brought-explore.png")


@pytest.mark.slow
def test_bad_files_get_one_sentence_and_nothing_is_kept(page: Page, app_url: str, checkpoints: Path) -> None:
    page.goto(f"{app_url}/models")
    box = opened(page)
    give(box, {"encoder.onnx": b"no network", "config.json": b'{"kind": "ae", "colour": 1}'})
    expect(box.get_by_text("Still to come: decoder.onnx (latent to picture).")).to_be_visible()
    give(box, {"decoder.onnx": b"x"})
    box.get_by_label("Name").fill("broken")
    box.get_by_label("Name").press("Enter")
    box.get_by_role("button", name="Check and add").click()
    expect(page.get_by_text("The configuration: unknown key 'colour'")).to_be_visible()
    assert not (checkpoints / "broken").exists()
