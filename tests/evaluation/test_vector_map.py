"""The map and the pictures of vectors whose model stays elsewhere."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from evaluation import vector_map
from evaluation.vector_map import SIDE, pack_order, run
from models.images import to_uint8
from tests.conftest import tiny_network
from tests.models.foreign_pair import foreign_pair

Z = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
COLOURS = np.random.default_rng(1).integers(0, 255, (5, 3), np.uint8)


def said(z: np.ndarray, files: dict[str, bytes]) -> tuple[list[np.ndarray], np.ndarray | None, str]:
    """The pictures, the places and the problem that a run tells."""
    heard: list[dict[str, object]] = []
    run(pack_order(z, files), lambda **message: heard.append(message))
    pictures = [base64.b64decode(str(one["picture"])) for one in heard if "picture" in one]
    xy = next((np.array(one["xy"], np.float32) for one in heard if "xy" in one), None)
    problem = next((str(one["problem"]) for one in heard if "problem" in one), "")
    return [np.asarray(Image.open(io.BytesIO(picture))) for picture in pictures], xy, problem


def array(values: np.ndarray) -> bytes:
    written = io.BytesIO()
    np.save(written, values)
    return written.getvalue()


def archive(pictures: dict[str, np.ndarray]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name, picture in pictures.items():
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "PNG")
            packed.writestr(name, content.getvalue())
    return written.getvalue()


def test_pictures_come_in_the_order_of_the_vectors_from_an_array_or_from_files_by_name():
    plain = np.broadcast_to(COLOURS[:, None, None], (5, 20, 20, 3))
    named = {f"{4 - at}.png": plain[4 - at] for at in range(5)}
    for files in ({"pictures.npy": array(plain)}, {"pictures.zip": archive(named)}):
        pictures, xy, problem = said(Z, files)
        assert problem == ""
        assert (xy == Z).all()  # two numbers are their own map
        assert {picture.shape for picture in pictures} == {(SIDE, SIDE, 3)}
        for picture, colour in zip(pictures, COLOURS, strict=True):
            assert np.abs(picture.mean((0, 1)) - colour).max() < 4


def test_a_decoder_draws_the_vectors():
    network = tiny_network("vae")
    z = np.random.default_rng(0).standard_normal((3, 6)).astype(np.float32)
    described = {"kind": "vae", "image_size": network.config.image_size, "latent_dim": 6, "spread": "logvar"}
    decoder = foreign_pair(network)[1]
    pictures, _, problem = said(z[:, :6], {"decoder.onnx": decoder, "config.json": json.dumps(described).encode()})
    assert problem == ""
    import torch

    expected = to_uint8(network.decode(torch.from_numpy(z)))
    for picture, own in zip(pictures, expected, strict=True):
        large = np.asarray(Image.fromarray(own).resize((SIDE, SIDE), Image.Resampling.LANCZOS), float)
        assert np.abs(picture - large).mean() < 6
    _, _, problem = said(Z, {"decoder.onnx": decoder, "config.json": json.dumps(described).encode()})
    assert "6 numbers (latent_dim), but the vectors have 2" in problem


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"pictures.npy": b"nothing"}, "damaged"),
        ({"pictures.npy": array(np.zeros((5, 4, 4)))}, "float64"),
        ({"pictures.npy": array(np.zeros((3, 4, 4, 3), np.uint8))}, "Pictures: 3, vectors: 5"),
        ({"pictures.zip": b"nothing"}, "damaged"),
        ({"pictures.zip": archive({"1.png": np.zeros((4, 4, 3), np.uint8)})}, "Pictures: 1, vectors: 5"),
        ({"decoder.onnx": b"x", "config.json": b"{"}, "not valid JSON"),
    ],
)
def test_what_are_no_pictures_gets_a_sentence(files, words):
    assert words in said(Z, files)[2]


def test_a_file_among_pictures_that_is_none_is_named_and_too_many_vectors_get_none(monkeypatch):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for number in range(5):
            packed.writestr(f"{number}.txt", "no picture")
    assert said(Z, {"pictures.zip": written.getvalue()})[2] == "0.txt is no picture, or it is damaged."
    monkeypatch.setattr(vector_map, "MOST_PICTURES", 4)
    assert "4 vectors at most" in said(Z, {"pictures.zip": b""})[2]
