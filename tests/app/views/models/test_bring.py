"""Which of the files that a visitor gives is which."""

from __future__ import annotations

import pytest

from app.views.models.bring import sort_files


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
