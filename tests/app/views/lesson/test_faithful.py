"""Faithful or vivid, in the chapter on training."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.drawing.differences import ADDED_GAIN, added_picture
from app.views.lesson import page as lesson
from tests.app.small_models import small_model, vivid_model
from tests.conftest import PATIENCE

pytestmark = pytest.mark.usefixtures("tiny_models")
HEADING = "One possible picture instead of the mean"
PAGE = "from app.views.lesson import page\npage.render()\n"


def chapter(**params: str) -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in {"chapter": "training", **params}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_a_model_with_two_decoders_shows_what_is_added_and_what_was_measured(tmp_path, monkeypatch):
    model = vivid_model(tmp_path)
    along = [{"vivid": share, "psnr_db": 22 - share, "frechet": 20 - 5 * share} for share in (0.0, 0.5, 1.0)]
    stamps = {"checkpoint_sha256": model.sha256, "faithful_sha256": model.files.faithful_sha256}
    model.files.blend_figures_path.write_text(json.dumps({**stamps, "along": along}))
    monkeypatch.setattr(lesson, "open_all", lambda: ({"ae": small_model("ae"), "vae": model}, []))
    page = chapter(blend="0.4")
    assert HEADING in [heading.value for heading in page.header]
    words = " ".join(caption.value for caption in page.caption).replace("\N{NO-BREAK SPACE}", " ")
    assert "21.50 dB PSNR and a Fr\u00e9chet distance of 17.5 at 0.5, against 22.00 dB and 20.0" in words
    assert page.query_params["blend"] == "0.4"
    assert "vivid" not in page.query_params  # the chapter's slider is not that of the other pages


def test_models_with_one_decoder_leave_it_out():
    assert HEADING not in [heading.value for heading in chapter().header]


def test_what_is_added_is_around_a_middle_grey():
    a, b = np.full((2, 2, 3), 100, np.uint8), np.full((2, 2, 3), 90, np.uint8)
    b[0, 0] = 200
    drawn = added_picture(a, b)
    assert (drawn[1, 1] == 128 + 10 * ADDED_GAIN).all()
    assert (drawn[0, 0] == 0).all()
    assert (added_picture(a, a) == 128).all()
