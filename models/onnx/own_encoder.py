"""The encoder of one of our own networks as an ONNX graph, for a browser that encodes photos by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from models.networks import LINEAR_SHRINK, Autoencoder, ResidualBlock
from models.onnx.own_graph import OPSET, constant, folded


def own_encoder(network: Autoencoder, weight_type: type[np.floating[Any]]) -> onnx.ModelProto:
    """The encoder as a graph: `image` [N, 3, S, S] in [0, 1] to `code` [N, K].

    K is D for an AE and 2 D for a VAE, whose second half is the log variance. The correction steps of an AE
    (`refinement_steps`) are not in it: each asks for a gradient through the decoder.

    Args:
        network: the autoencoder.
        weight_type: in which matrices and kernels are kept; all arithmetic is float32.
    """
    builder = _Builder(weight_type)
    encoder, config = network.encoder, network.config
    value = builder.shrunk("image", encoder.scale) if encoder.scale > 1 else "image"
    for stage, blocks in enumerate(encoder.blocks):
        convolution, norm = encoder.convolutions[3 * stage], encoder.convolutions[3 * stage + 1]
        value = builder.leaky(builder.convolution(value, convolution, norm))
        assert isinstance(blocks, nn.Sequential)
        for block in blocks:
            value = builder.residual(value, block)
    outputs = builder.linear(value, encoder.head)
    if encoder.linear is not None:
        straight = builder.linear(builder.shrunk("image", LINEAR_SHRINK), encoder.linear)
        more = encoder.head.out_features - encoder.linear.out_features
        if more:
            straight = builder.padded(straight, more)
        outputs = builder.node("Add", outputs, straight)
    builder.nodes[-1].output[0] = "code"
    side = config.image_size
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, side, side])
    code = helper.make_tensor_value_info("code", TensorProto.FLOAT, ["N", encoder.head.out_features])
    graph = helper.make_graph(builder.nodes, "encoder", [image], [code], builder.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


class _Builder:
    """Collects the nodes and constants of a graph; each method adds a layer and returns the name of its value."""

    def __init__(self, weight_type: type[np.floating[Any]]) -> None:
        self.weight_type = weight_type
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def shrunk(self, value: str, by: int) -> str:
        return self.node("AveragePool", value, kernel_shape=[by, by], strides=[by, by])

    def leaky(self, value: str) -> str:
        return self.node("LeakyRelu", value, alpha=0.2)

    def convolution(self, value: str, layer: nn.Module, norm: nn.Module) -> str:
        assert isinstance(layer, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        weight, bias = self._weights(layer, norm)
        padding = [int(side) for side in layer.padding]
        return self.node("Conv", value, weight, bias, pads=[*padding, *padding], strides=list(layer.stride))

    def residual(self, value: str, block: nn.Module) -> str:
        assert isinstance(block, ResidualBlock)
        first, first_norm, _, second, second_norm = block.layers
        inner = self.leaky(self.convolution(value, first, first_norm))
        return self.node("Add", value, self.convolution(inner, second, second_norm))

    def linear(self, value: str, layer: nn.Linear) -> str:
        weight, bias = self._weights(layer, None)
        return self.node("Gemm", self.node("Flatten", value), weight, bias, transB=1)

    def padded(self, value: str, more: int) -> str:
        self.constants.append(numpy_helper.from_array(np.array([0, 0, 0, more], np.int64), "more"))
        return self.node("Pad", value, "more")

    def _weights(self, layer: nn.Conv2d | nn.Linear, norm: nn.BatchNorm2d | None) -> tuple[str, str]:
        number = len(self.constants)
        both = zip((f"weight{number}", f"bias{number}"), folded(layer, norm), strict=True)
        weight, bias = (constant(name, part, self.weight_type, self.nodes, self.constants) for name, part in both)
        return weight, bias
