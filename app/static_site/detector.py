"""The face detector of `faces/` for a browser: its networks as ONNX graphs, which `app/components/finding` runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from app.server.published import publish_bytes
from faces import annotators
from faces.cascade import networks
from models.onnx.own_graph import OPSET, constant

NAMES = ("faces-first.onnx", "faces-second.onnx", "faces-third.onnx")
READINGS = 6  # three squares and their mirror images


def publish_detector() -> list[str]:
    """Addresses of the three networks."""
    return [publish_bytes(graph.SerializeToString(), name) for name, graph in zip(NAMES, graphs(), strict=True)]


def graphs() -> list[onnx.ModelProto]:
    """The networks as graphs, weights in 16 bits: `picture` [N, 3, H, W] to what each says.

    `score` has two channels, of which the second is the face's. The first two move the box by shares of its side,
    `shift`; the third has five `points`, x before y, and `shifts` [N, 36]: what this reading adds to the annotators'
    rule in each of the six places in which it may stand.
    """
    first, second, third = networks()
    weights, bias = annotators.rule()
    # The rule's rows stand by place and feature; here each place has its own six outputs.
    by_place = weights.reshape(READINGS, -1, len(bias)).transpose(0, 2, 1).reshape(READINGS * len(bias), -1)
    shifts = nn.Linear(by_place.shape[1], len(by_place))
    shifts.weight.data, shifts.bias.data = torch.tensor(by_place), torch.tensor(np.tile(bias / READINGS, READINGS))
    body = ("conv1", "prelu1", "pool1", "conv2", "prelu2", "pool2", "conv3", "prelu3")
    return [
        _graph(
            _layers(first, *(name for name in body if name != "pool2")),
            {"score": _layers(first, "conv4_1", "softmax4_1"), "shift": _layers(first, "conv4_2")},
        ),
        _graph(
            _layers(second, *body, "dense4", "prelu4"),
            {"score": _layers(second, "dense5_1", "softmax5_1"), "shift": _layers(second, "dense5_2")},
        ),
        _graph(
            _layers(third, *body, "pool3", "conv4", "prelu4", "dense5", "prelu5"),
            {
                "score": _layers(third, "dense6_1", "softmax6_1"),
                "points": _layers(third, "dense6_3"),
                "shifts": [shifts],
            },
        ),
    ]


def _layers(network: Any, *names: str) -> list[nn.Module]:
    return [getattr(network, name) for name in names]


def _graph(body: Sequence[nn.Module], heads: dict[str, list[nn.Module]]) -> onnx.ModelProto:
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []

    def weight(tensor: Tensor) -> str:
        return constant(f"weight{len(constants)}", tensor.detach(), np.float16, nodes, constants)

    def put(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [f"x{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    def through(layers: Sequence[nn.Module], value: str) -> str:
        flat = False
        for layer in layers:
            if isinstance(layer, nn.Conv2d):
                value = put("Conv", value, weight(layer.weight), weight(_bias(layer)))
            elif isinstance(layer, nn.PReLU):
                slope = layer.weight if flat else layer.weight[:, None, None]
                value = put("PRelu", value, weight(slope))
            elif isinstance(layer, nn.MaxPool2d):
                size, stride = int(layer.kernel_size), int(layer.stride)  # type: ignore[arg-type]
                value = put("MaxPool", value, kernel_shape=[size] * 2, strides=[stride] * 2, ceil_mode=1)
            elif isinstance(layer, nn.Linear):
                if not flat and layers is body:  # maps are read with their columns first, as the weights expect
                    value = put("Flatten", put("Transpose", value, perm=[0, 3, 2, 1]))
                value, flat = put("Gemm", value, weight(layer.weight), weight(_bias(layer)), transB=1), True
            else:
                value = put("Softmax", value, axis=1)
        return value

    shared = through(body, "picture")
    outputs = []
    for name, layers in heads.items():
        through(layers, shared)
        nodes[-1].output[0] = name
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", 3, "H", "W"])
    graph = helper.make_graph(nodes, "faces", [picture], outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def _bias(layer: nn.Conv2d | nn.Linear) -> Tensor:
    assert layer.bias is not None
    return layer.bias
