"""Which of the files that a visitor gives is which, and who may give them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app.server import owner
from app.views.models import bring
from app.views.models.bring import sort_files
from latent.atlas import AtlasError
from models.config import ForeignConfig
from tests.app.small_models import small_files
from tests.conftest import PATIENCE


def test_the_three_files_are_told_by_their_names_in_any_order() -> None:
    assert sort_files(["Config.JSON", "my_decoder.onnx", "My-Encoder-v2.onnx"]) == (
        {"config": 0, "decoder": 1, "encoder": 2},
        "",
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "Still to come: encoder.onnx (picture to latent) and decoder.onnx"),
        (["encoder.onnx", "config.json"], "Still to come: decoder.onnx (latent to picture)."),
        (["encoder.onnx", "decoder.onnx"], "Still to come: config.json"),
        (["model.onnx"], "name it encoder.onnx or decoder.onnx"),
        (["encoder_decoder.onnx"], "name it encoder.onnx or decoder.onnx"),
        (["encoder.onnx", "encoder (1).onnx"], "are both the encoder"),
        (["a.json", "b.json"], "are both the config"),
    ],
)
def test_what_keeps_them_from_being_used_is_said(names: list[str], words: str) -> None:
    assert words in sort_files(names)[1]


def test_only_the_owner_is_offered_the_box_and_anybody_else_is_asked_for_the_code(monkeypatch) -> None:
    monkeypatch.setattr(owner, "code", lambda: "the right code")
    script = "from app.views.models.bring import take_in\ntake_in()\n"
    page = AppTest.from_string(script, default_timeout=PATIENCE).run()  # nobody knows where a test comes from
    assert "owner" in page.info[0].value
    assert not page.get("file_uploader")
    page.text_input[0].set_value("the wrong code").run()
    assert "not the code" in page.warning[0].value
    assert not page.get("file_uploader")
    page.text_input[0].set_value("the right code").run()
    assert not page.exception
    assert page.get("file_uploader")


def test_a_check_up_that_cannot_be_made_leaves_map_and_removal(monkeypatch) -> None:
    def findings(*_):
        raise AtlasError("the shipped atlas is damaged.")

    files = small_files("theirs", ForeignConfig("vae", 64, 6, spread="logvar"))
    monkeypatch.setattr(bring, "record", SimpleNamespace(files=files, key="theirs"), raising=False)
    monkeypatch.setattr(bring, "_findings", findings)
    monkeypatch.setattr(bring, "is_owner", lambda: True)
    script = "from app.views.models import bring\nbring.check_up(bring.record)\n"
    page = AppTest.from_string(script, default_timeout=PATIENCE).run()
    assert not page.exception
    assert "the shipped atlas is damaged" in page.warning[0].value
    assert [button.label for button in page.button] == ["Make its map", "Delete it"]


def test_a_change_is_spelled_out_whole():
    changes = {"mean": (0.485, 0.456, 0.406), "output_range": (-1, 1), "std": None, "spread": "std"}
    said = "mean to [0.485, 0.456, 0.406], output_range to [-1, 1], std to nothing, spread to std"
    assert bring._spelled(changes) == said
