"""The encoder that a browser gets gives the codes that torch gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from models.onnx.own_encoder import own_encoder
from tests.conftest import tiny_network


@pytest.mark.parametrize(
    ("kind", "more"),
    [("ae", {}), ("vae", {}), ("vae", {"encoder_scale": 2, "encoder_blocks": 2, "linear_path": True})],
)
def test_the_graph_encodes_as_torch_does(kind: str, more: dict[str, Any]) -> None:
    network = tiny_network(kind, **more)
    random = torch.Generator().manual_seed(1)
    for name, value in network.encoder.named_buffers():
        if name.endswith(("running_mean", "running_var")):  # statistics as training leaves them, not 0 and 1
            value.copy_(torch.rand(value.shape, generator=random) + 0.5)
    for value in network.encoder.parameters():
        value.data += 0.05 * torch.randn(value.shape, generator=random)
    side = network.config.image_size
    pictures = torch.rand(3, 3, side, side, generator=random)
    with torch.inference_mode():
        expected = network.encoder(pictures).numpy()
    for weight_type, most in ((np.float32, 1e-4), (np.float16, 5e-3)):
        graph = own_encoder(network, weight_type)
        onnx.checker.check_model(graph)
        session = onnxruntime.InferenceSession(graph.SerializeToString())
        code = session.run(["code"], {"image": pictures.numpy()})[0]
        assert np.abs(code - expected).max() < most * max(1.0, float(np.abs(expected).max()))
