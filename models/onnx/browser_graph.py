"""A brought decoder as the browser wants it: rewritten around the outside, its own names kept apart from ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnx.compose
from onnx import TensorProto, helper, numpy_helper

from models.config import ForeignConfig

_OURS, _THEIRS = "facespace_", "theirs_"  # whatever a brought network calls its values, `z` and `image` are free


def browser_decoder(
    source: onnx.ModelProto, config: ForeignConfig, latent_shape: tuple[int, ...], rows: int | None
) -> onnx.ModelProto:
    """A brought decoder as the browser wants it: `z` [1, D] to `image` [1, 3, S, S] in [0, 1], RGB.

    Args:
        source: as brought; it is not changed.
        config: how its pictures are to be read.
        latent_shape: of one latent as it takes it.
        rows: the batch size that is baked into it, if there is one.
    """
    model = onnx.compose.add_prefix(source, _THEIRS)
    graph, (low, high) = model.graph, config.range_out
    entry = next(i for i in graph.input if i.name not in {tensor.name for tensor in graph.initializer})
    constants = {"shape": np.array([-1, *latent_shape], np.int64)}
    before = [helper.make_node("Reshape", ["z", f"{_OURS}shape"], [f"{_OURS}one"])]
    if (rows or 1) > 1:
        constants["rows"] = np.array([rows, *[1] * len(latent_shape)], np.int64)
        before.append(helper.make_node("Tile", [before[-1].output[0], f"{_OURS}rows"], [f"{_OURS}rows_of_it"]))
    kind = entry.type.tensor_type.elem_type
    before.append(helper.make_node("Cast", [before[-1].output[0]], [entry.name], to=kind))
    value = graph.output[0].name
    after: list[onnx.NodeProto] = []

    def then(operator: str, *inputs: str, **attributes: Any) -> None:
        nonlocal value
        here, value = value, f"{_OURS}{len(after)}"
        after.append(helper.make_node(operator, [here, *(f"{_OURS}{name}" for name in inputs)], [value], **attributes))

    then("Cast", to=TensorProto.FLOAT)
    if (rows or 1) > 1:
        constants["first"] = np.array([0], np.int64)
        then("Gather", "first", axis=0)
    if config.layout == "NHWC":
        then("Transpose", perm=[0, 3, 1, 2])
    if config.channels == "BGR":
        constants["order"] = np.array([2, 1, 0], np.int64)
        then("Gather", "order", axis=1)
    if (low, high) != (0, 1):
        constants |= {"low": np.array(low, np.float32), "span": np.array(high - low, np.float32)}
        then("Sub", "low")
        then("Div", "span")
    if config.channels == "grey":
        constants["colours"] = np.array([1, 3, 1, 1], np.int64)
        then("Tile", "colours")
    constants |= {"black": np.array(0, np.float32), "white": np.array(1, np.float32)}
    then("Clip", "black", "white")
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
