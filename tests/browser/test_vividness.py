"""From faithful to vivid: one slider for every page, in the shipped VAE's pad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from app.drawing.picture_files import read_provenance
from app.server.frontend_files import missing
from latent.atlas import load_atlas
from models.checkpoint_files import open_files
from models.checkpoints import load_checkpoint
from models.faithful import blended, load_faithful
from models.images import to_uint8
from tests.browser.driving import Pad, at_rest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(missing()), reason="the front-end files are not installed: python -m app.server.frontend_files"
    ),
]
ROOT = Path(__file__).parents[2]
SLIDER = "From faithful to vivid"


def torch_picture(share: float) -> np.ndarray:
    """The first face of the atlas as torch draws it: [S, S, 3]."""
    files = open_files(ROOT / "checkpoints" / "vae")
    network = load_checkpoint(files)
    z = load_atlas(files.atlas_path, files.sha256, 128).mu[:1].astype(np.float32)
    with torch.inference_mode():
        return to_uint8(blended(network, load_faithful(files, network), share).decode(torch.from_numpy(z)))[0]


def test_the_slider_blends_the_decoders_and_holds_on_every_page(page: Page, app_url: str) -> None:
    faithful, vivid = torch_picture(0), torch_picture(1)
    assert np.abs(faithful.astype(float) - vivid).mean() > 2
    page.goto(f"{app_url}/?model=vae")
    pad = Pad(page).ready()
    pad.shows(vivid, 3)
    pad.slider(SLIDER).focus()
    page.keyboard.press("Home")
    page.wait_for_url("**vivid=0&**")
    pad.shows(faithful, 3)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**vivid=0.1&**")
    pad.shows(torch_picture(0.1), 3)
    pad.press("Difference")
    expect(pad.root).to_have_attribute("data-added", "0.1")
    with page.expect_download() as waiting:
        pad.press("Save")
    facts = read_provenance(Path(waiting.value.path()).read_bytes())
    assert facts is not None
    assert facts["vivid"] == 0.1
    expect(pad.root.locator(".added canvas")).to_be_in_viewport(ratio=1)
    pad.press("Undo")
    page.wait_for_url("**vivid=0&**")
    pad.shows(faithful, 3)
    expect(pad.root.locator(".added")).to_be_hidden()
    expect(pad.root.locator(".about-added")).to_contain_text("there is no difference")
    pad.press("Redo")
    page.wait_for_url("**vivid=0.1&**")
    expect(pad.root.locator(".added canvas")).to_be_visible()

    page.get_by_role("link", name="Edit").click()
    page.wait_for_url("**/edit?**vivid=0.1**")
    Pad(page).ready().shows(torch_picture(0.1), 3)
    page.get_by_role("link", name="Morph").click()
    page.wait_for_url("**/morph?**vivid=0.1**")
    expect(page.get_by_role("slider", name=SLIDER)).to_have_value("0.1")
    page.get_by_role("link", name="Generate").click()
    page.wait_for_url("**/generate?**vivid=0.1**")


@pytest.mark.slow
def test_a_photo_is_drawn_as_vividly_as_the_link_says(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/your-face?model=vae&vivid=0.4")
    expect(page.get_by_role("heading", name="Your face")).to_be_visible()
    page.locator("input[type=file]").set_input_files(ROOT / "assets" / "portrait.jpg")
    expect(page.get_by_text("What the models see", exact=True)).to_be_visible()  # before, a pad waits out of sight
    at_rest(page)
    pad = Pad(page).ready()
    expect(pad.slider(SLIDER)).to_have_value("0.4")
    before = pad.settled()
    pad.slider(SLIDER).focus()
    page.keyboard.press("End")
    pad.changed(before)
    page.wait_for_url("**/your-face?model=vae**")
    expect(pad.slider(SLIDER)).to_have_value("1")
