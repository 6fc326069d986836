"""Rounded weights and latents draw the same picture, to 1/255."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, numpy_helper

from app.static_site.rounding import round_halves, round_weights
from models.onnx.own_graph import own_decoder
from tests.conftest import tiny_network


def test_halves_keep_so_many_digits_and_are_never_farther_than_half_a_step() -> None:
    values = np.random.default_rng(0).standard_normal((40, 30)).astype(np.float16)
    rounded = round_halves(values)
    assert rounded.dtype == np.float16
    assert not (rounded.view(np.uint16) & 0b11).any()
    assert (np.abs(rounded.astype(float) - values) <= np.abs(values.astype(float)) * 2.0**-9 + 1e-7).all()
    largest = np.array([np.finfo(np.float16).max, -np.finfo(np.float16).max, 0], np.float16)
    assert np.array_equal(round_halves(largest), largest)


def test_only_half_precision_weights_of_a_decoder_change_and_its_picture_hardly_does() -> None:
    network = tiny_network("vae")
    exact = own_decoder(network, np.float16)
    rounded = onnx.load_from_string(round_weights(exact.SerializeToString()))
    for before, after in zip(exact.graph.initializer, rounded.graph.initializer, strict=True):
        same = np.array_equal(numpy_helper.to_array(before), numpy_helper.to_array(after))
        assert same == (before.data_type != TensorProto.FLOAT16), before.name
    z = np.random.default_rng(1).standard_normal((1, network.config.latent_dim)).astype(np.float32)
    a, b = (
        onnxruntime.InferenceSession(one.SerializeToString()).run(["image"], {"z": z})[0] for one in (exact, rounded)
    )
    assert a == pytest.approx(b, abs=1 / 255)
