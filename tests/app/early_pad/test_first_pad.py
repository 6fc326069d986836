"""What the page's HTML hands over is what the page's script hands over later, to the letter."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.checkpoints.decoding import decode
from app.components import latent_pad as pad_module
from app.early_pad import first_pad as module
from app.early_pad.first_pad import first_pad
from app.paths import ROOT
from app.texts import speaking
from app.views.explore import GREETING

LINK = {"model": "vae", "face": "20", "bank": "attributes", "w": "dim-3:1.5,attribute-Smiling:-1", "colour": "Smiling"}
LINK |= {"map": "attributes"}


@pytest.fixture(scope="module")
def in_atlas() -> int:
    """An image number that the shipped maps hold."""
    models, problems = module.open_all()
    assert problems == []
    return int(models["vae"].atlas.image[5])


def from_the_script(params: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page's script hands to the pad in a session that begins with an address."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(pad_module, "_mount", lambda **inputs: given.append(inputs))
    app = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=120)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return {inputs["key"]: inputs["data"] for inputs in given}["pad"]


def test_a_bare_address_and_a_link_give_the_pad_that_the_script_gives(
    in_atlas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for params in ({"lang": "de"}, {}, LINK | {"face": str(in_atlas)}):
        with speaking(params.get("lang", "en")):
            early = first_pad(params)
        assert early is not None
        assert early["greet"] == ""  # the face smiles by itself once the page stands around it
        assert early | {"greet": GREETING} == from_the_script(params, monkeypatch)
        assert json.loads(json.dumps(early)) == early
    assert early["weights"] == {"dim-3": 1.5, "attribute-Smiling": -1}
    assert early["bank"] == "attributes"


@pytest.mark.parametrize(
    "params",
    [
        {"model": "nobody"},
        {"face": "999999999"},
        {"w": "nothing:1"},
        {"sample": "gaussian.7.1.1"},  # has to be drawn
        {"embed": "true"},  # another layout
    ],
)
def test_where_the_page_may_begin_otherwise_there_is_none(params: dict[str, str]) -> None:
    assert first_pad(params) is None


def test_a_problem_that_the_page_shows_first_leaves_no_early_pad(monkeypatch: pytest.MonkeyPatch) -> None:
    models, _ = module.open_all()
    monkeypatch.setattr(module, "open_all", lambda: (models, ["A checkpoint is damaged."]))
    assert first_pad({}) is None
    monkeypatch.setattr(module, "open_all", lambda: ({}, []))
    assert first_pad({}) is None
    monkeypatch.setattr(module, "open_all", lambda: (models, []))
    monkeypatch.setattr(module, "celeba", lambda: (None, "The CelebA folder is not there."))
    assert first_pad({}) is None


def test_once_the_server_draws_quickly_the_face_comes_with_the_html(
    in_atlas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = LINK | {"face": str(in_atlas)}
    before = first_pad(params)
    assert before is not None
    assert before["picture"] is None
    monkeypatch.setattr(module.faces_at_once, "is_set", lambda: True)
    early = first_pad(params)
    assert early is not None
    content = base64.b64decode(str(early["picture"]).removeprefix("data:image/jpeg;base64,"))
    shown = np.asarray(Image.open(io.BytesIO(content)), np.float32)
    model = module.open_all()[0]["vae"]
    assert model.atlas is not None
    z = model.atlas.mu[5].astype(np.float32)
    moved = z + sum(
        np.float32(weight) * np.asarray(direction.vector, np.float32)
        for bank in model.banks
        for direction in bank.directions
        for key, weight in before["weights"].items()
        if direction.key == key
    )
    assert np.abs(shown - decode(model, moved[None])[0]).mean() < 2
    assert np.abs(shown - decode(model, z[None])[0]).mean() > 4  # with the sliders of the link
    assert early | {"picture": None} == before
    faithful = first_pad(params | {"vivid": "0"})
    assert faithful is None or faithful["picture"] is None
