"""What is wrong with a brought network, or with its description: faults that `graphs` mixes in."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tests.mixing.lists import Random

# Faults: each is given the graph to change; it returns whether it found a place.


def _behind(model: Any, operator: str, *inputs: str, **attributes: Any) -> bool:
    """Put an operator between the network and its first output."""
    graph = model.graph
    name = graph.output[0].name
    for node in graph.node:
        node.output[:] = ["f_before" if value == name else value for value in node.output]
    graph.node.append(helper.make_node(operator, ["f_before", *inputs], [name], **attributes))
    for dim in graph.output[0].type.tensor_type.shape.dim:
        dim.Clear()
    return True


def _noise(random: Random, model: Any) -> bool:
    name = model.graph.output[0].name
    _behind(model, "Add", "f_noise")
    model.graph.node.insert(len(model.graph.node) - 1, helper.make_node("RandomNormalLike", ["f_before"], ["f_noise"]))
    return bool(name)


def _not_finite(random: Random, model: Any) -> bool:
    return _behind(model, str(random.choice(["Log", "Sqrt", "Reciprocal"])))


def _of_the_batch(random: Random, model: Any) -> bool:
    """One row comes out, whatever goes in; or each depends on the others."""
    if random.random() < 0.5:
        model.graph.initializer.append(numpy_helper.from_array(np.array([0], np.int64), "f_first"))
        return _behind(model, "Gather", "f_first", axis=0)
    return _behind(model, "Softmax", axis=0)


def _other_output(random: Random, model: Any) -> bool:
    """One more output: a number, a copy, or a sequence."""
    graph = model.graph
    value, kind = graph.output[0].name, graph.output[0].type.tensor_type.elem_type
    match random.integers(4):
        case 0:
            graph.node.append(helper.make_node("Shape", [value], ["f_more"]))
            kind, shape = TensorProto.INT64, [None]
        case 1:
            graph.node.append(helper.make_node("Identity", [value], ["f_more"]))
            shape = None
        case 2:
            graph.node.append(helper.make_node("SequenceConstruct", [value], ["f_more"]))
            graph.output.insert(0, helper.make_tensor_sequence_value_info("f_more", kind, None))
            return True
        case _:
            graph.node.append(helper.make_node("ReduceMax", [value], ["f_more"], keepdims=0))
            shape = []
    more = helper.make_tensor_value_info("f_more", kind, shape)
    graph.output.insert(int(random.integers(2)), more)
    return True


def _other_input(random: Random, model: Any) -> bool:
    model.graph.input.append(helper.make_tensor_value_info("label", TensorProto.FLOAT, ["N", 4]))
    return True


def _other_type(random: Random, model: Any) -> bool:
    kinds = [TensorProto.INT64, TensorProto.UINT8, TensorProto.STRING, TensorProto.BFLOAT16]
    model.graph.input[0].type.tensor_type.elem_type = int(random.choice(kinds))
    return True


def _other_weights(random: Random, model: Any) -> bool:
    tensor = next(t for t in model.graph.initializer if t.name == "c_w")
    array = np.array(numpy_helper.to_array(tensor))
    match random.integers(4):
        case 0:
            array[0, 0] = np.nan
        case 1:
            array = array[:, :-1]
        case 2:
            array = array * np.array(1e30).astype(array.dtype)
        case _:
            array = array.T.copy()
    tensor.CopyFrom(numpy_helper.from_array(array, "c_w"))
    return True


def _elsewhere(random: Random, model: Any) -> bool:
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=str(random.choice(["weights.bin", "/etc/passwd", "../x"])))
    return True


def _own_operator(random: Random, model: Any) -> bool:
    model.graph.node[0].domain = str(random.choice(["com.microsoft", "mine", "ai.onnx.ml"]))
    return True


def _a_name(random: Random, model: Any) -> bool:
    """A value that nobody makes, or that two make."""
    node = model.graph.node[random.integers(len(model.graph.node))]
    if random.random() < 0.5:
        node.input[0] = "nowhere"
    else:
        node.output[0] = str(random.choice([node.input[0], "c_w", "n_flat"]))
    return True


def _a_shape(random: Random, model: Any) -> bool:
    """A shape that is stated is not the one that is meant."""
    dims = model.graph.input[0].type.tensor_type.shape.dim
    if not dims:
        return False
    at = int(random.integers(len(dims)))
    match random.integers(4):
        case 0:
            dims[at].dim_value = int(random.choice([0, 1, 3, 7, -1, 2**40]))
        case 1:
            dims[at].dim_param = "any"
        case 2:
            del dims[at]
        case _:
            model.graph.input[0].type.tensor_type.ClearField("shape")
    return True


def _versions(random: Random, model: Any) -> bool:
    model.opset_import[0].version = int(random.choice([1, 7, 9, 10, 99, -1]))
    return True


def _branch(random: Random, model: Any) -> bool:
    """The network looks at its numbers before it decides what to do."""
    graph, kind = model.graph, model.graph.output[0].type.tensor_type.elem_type
    sides = []
    for name, operator in (("then", "Identity"), ("else", "Neg")):
        out = helper.make_tensor_value_info(f"f_{name}", kind, None)
        body = helper.make_graph([helper.make_node(operator, ["f_before"], [f"f_{name}"])], name, [], [out])
        sides.append(body)
    _behind(model, "Identity")
    last = graph.node.pop()
    graph.initializer.append(numpy_helper.from_array(np.array(True), "f_yes"))
    graph.node.append(helper.make_node("If", ["f_yes"], [last.output[0]], then_branch=sides[0], else_branch=sides[1]))
    return True


def damaged(random: Random, content: bytes) -> bytes:
    at, some = int(random.integers(len(content))), bytearray(content)
    match random.integers(4):
        case 0:
            return content[:at]
        case 1:
            some[at : at + 4] = random.bytes(4)
        case 2:
            some[at % 200] ^= 1 << int(random.integers(8))
        case _:
            del some[at : at + int(random.integers(1, 40))]
    return bytes(some)


FAULTS: dict[str, Callable[[Random, Any], bool]] = {
    "noise": _noise,
    "values that are not finite": _not_finite,
    "a batch that is mixed": _of_the_batch,
    "another output": _other_output,
    "another input": _other_input,
    "another type": _other_type,
    "other weights": _other_weights,
    "weights elsewhere": _elsewhere,
    "an operator of its own": _own_operator,
    "a name": _a_name,
    "a shape": _a_shape,
    "versions": _versions,
    "a branch": _branch,
}


def misdescribed(random: Random, described: dict[str, Any]) -> Any:
    """A description with something wrong in it, as a mapping or as a file's bytes."""
    told = dict(described)
    key = str(random.choice([*told, "crop", "latent_shape", "outputs", "mean", "spread", "colour"]))
    values: list[Any] = [None, 0, -1, 1.5, 64.0, "64", True, [], {}, [1], [1, 0], [0, 0], math.nan, math.inf, 2**70]
    values += [[-1e308, 1e308], [0, 1e-320], [[0], [1]], ["mu"], ["mu", "logvar"], [4, 8, 8], "vae", "a" * 9999, 4096]
    values += [512, [0.5] * 3, [1e-300] * 3, [0, 1e30], ["f_more", "n_mu"], [1] * 99]
    if random.random() < 0.15:
        told.pop(key, None)
    else:
        told[key] = values[random.integers(len(values))]
    if random.random() < 0.6:
        return told
    content = json.dumps({"format": "facespace-onnx-1", "model": told} if random.random() < 0.5 else told).encode()
    match random.integers(5):
        case 0:
            return content[: random.integers(len(content) + 1)]
        case 1:
            return b"[" * 100_000 + content
        case 2:
            return b"\xef\xbb\xbf" + content
        case 3:
            return content.decode().encode("utf-16")
        case _:
            return content
