"""A brought decoder as the browser wants it."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.config import ForeignConfig

_OURS = "facespace_"


def browser_decoder(source: onnx.ModelProto, config: ForeignConfig) -> onnx.ModelProto:
    """A brought decoder as the browser wants it: `z` [N, D] to `image` [N, 3, S, S] in [0, 1], RGB.

    Args:
        source: as brought; it is not changed.
        config: how its pictures are to be read.
    """
    model = onnx.ModelProto()
    model.CopyFrom(source)
    graph, (low, high) = model.graph, config.value_range
    entry = next(i for i in graph.input if i.name not in {tensor.name for tensor in graph.initializer})
    shape = [0, config.latent_dim, *[1] * (len(entry.type.tensor_type.shape.dim) - 2)]  # 0: as many as came
    constants = {"shape": np.array(shape, np.int64)}
    before = [helper.make_node("Reshape", ["z", f"{_OURS}shape"], [entry.name])]
    value = graph.output[0].name
    after: list[onnx.NodeProto] = []

    def then(operator: str, *inputs: str, **attributes: Any) -> None:
        nonlocal value
        here, value = value, f"{_OURS}{len(after)}"
        after.append(helper.make_node(operator, [here, *(f"{_OURS}{name}" for name in inputs)], [value], **attributes))

    if config.channels == "BGR":
        constants["order"] = np.array([2, 1, 0], np.int64)
        then("Gather", "order", axis=1)
    if (low, high) != (0, 1):
        constants |= {"low": np.array(low, np.float32), "span": np.array(high - low, np.float32)}
        then("Sub", "low")
        then("Div", "span")
    constants |= {"zero": np.array(0, np.float32), "one": np.array(1, np.float32)}
    then("Clip", "zero", "one")
    after[-1].output[0] = "image"
    nodes = [*before, *graph.node, *after]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(array, f"{_OURS}{name}") for name, array in constants.items())
    side = config.image_size
    graph.input.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", config.latent_dim]))
    graph.output.append(helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, side, side]))
    del graph.value_info[:]
    return model
