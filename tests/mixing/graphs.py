"""Pairs of ONNX networks and their description, mixed at random: what each face's code and picture must be is known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tests.mixing.lists import Random

NAMES = ("x", "z", "image", "input.1", "", "keras_tensor:0", "a/b c", "Ω", "facespace_one", "onnx::Gemm_0", "theirs_z")
SPREADS = ("logvar", "logstd", "variance", "std")
RANGES = ((0, 1), (-1, 1), (0, 255), (-0.5, 0.5))
FLOATS = {TensorProto.FLOAT: np.float32, TensorProto.FLOAT16: np.float16, TensorProto.DOUBLE: np.float64}
Array = NDArray[Any]


@dataclass
class Pair:
    """Two networks and how they are to be read.

    Attributes:
        described: the keys of `ForeignConfig`.
        weight, bias, back: of the encoder [P, D or 2 D] and the decoder [D, P].
        faults: what was done to it that is more than another habit; it may be refused.
    """

    described: dict[str, Any]
    weight: Array
    bias: Array
    back: Array
    latent: tuple[int, ...]
    faults: list[str] = field(default_factory=list)
    encoder: bytes = b""
    decoder: bytes = b""

    @property
    def is_vae(self) -> bool:
        return self.described["kind"] == "vae"

    def code(self, x: Array) -> Array:
        """What the encoder makes of pictures [N, 3, S, S] in [0, 1]: means [N, D]."""
        told = self.described
        if told.get("channels") == "grey":
            x = (x * np.array([0.299, 0.587, 0.114])[None, :, None, None]).sum(1, keepdims=True)
        if told.get("channels") == "BGR":
            x = x[:, ::-1]
        if "mean" in told:
            x = (x - np.array(told["mean"])[:, None, None]) / np.array(told["std"])[:, None, None]
        else:
            low, high = told["value_range"]
            x = x * (high - low) + low
        return (x.reshape(len(x), -1) @ self.weight + self.bias)[:, : told["latent_dim"]]

    def picture(self, z: Array) -> Array:
        """What the decoder draws of codes [N, D]: [N, 3, S, S] in [0, 1]."""
        told = self.described
        side, colours = told["image_size"], 1 if told.get("channels") == "grey" else 3
        drawn = 1 / (1 + np.exp(-(z @ self.back))).reshape(len(z), colours, side, side)
        return np.repeat(drawn, 3, 1) if colours == 1 else drawn[:, ::-1] if told.get("channels") == "BGR" else drawn


def make(random: Random) -> Pair:
    """Another habit or two, and in every other pair faults besides."""
    side, latent_dim = int(random.choice([16, 17, 24])), int(random.choice([1, 2, 4, 6, 12]))
    described: dict[str, Any] = {"kind": str(random.choice(["ae", "vae"])), "image_size": side}
    described |= {"latent_dim": latent_dim, "value_range": list(RANGES[random.integers(len(RANGES))])}
    if random.random() < 0.4:
        described["channels"] = str(random.choice(["BGR", "grey", "RGB"]))
    colours = 1 if described.get("channels") == "grey" else 3
    if random.random() < 0.2:
        described |= {"mean": [0.5] * colours, "std": [0.25] * colours}
    if random.random() < 0.2:
        described["output_range"] = list(RANGES[random.integers(len(RANGES))])
    if random.random() < 0.25:
        described["layout"] = "NHWC"
    if described["kind"] == "vae":
        described["spread"] = str(random.choice(SPREADS))
    pixels, numbers = colours * side**2, latent_dim * (2 if described["kind"] == "vae" else 1)
    weight = random.normal(0, 0.5 / pixels**0.5, (pixels, numbers)) / max(map(abs, described["value_range"]))
    shapes = [(latent_dim,)] * 3 + [(latent_dim, 1, 1), (1, 1, latent_dim), (1, latent_dim, 1)]
    back = random.normal(0, 1, (latent_dim, pixels))
    pair = Pair(described, weight, random.normal(0, 0.1, numbers), back, shapes[random.integers(len(shapes))])
    habits = {
        "type": random.choice([TensorProto.FLOAT] * 4 + [TensorProto.FLOAT16, TensorProto.DOUBLE]),
        "baked": int(random.choice([0, 0, 0, 0, 1, 2, 8, 5])),
        "opset": int(random.choice([11, 13, 17, 17, 17, 18, 21, 22, 25, 27])),
        "ir": int(random.choice([7, 8, 9, 10, 11, 14])),
    }
    if habits["type"] == TensorProto.DOUBLE:
        pair.faults.append("double")  # which may be refused
    faults = [str(f) for f in random.choice([*FAULTS], int(random.integers(1, 3)))] if random.random() < 0.5 else []
    models = [_encoder(random, pair, habits), _decoder(random, pair, habits)]
    for name in faults:
        at = int(random.integers(2))
        if FAULTS[name](random, models[at], pair):
            pair.faults.append(f"{name} of the {('encoder', 'decoder')[at]}")
    contents = [model.SerializeToString() for model in models]
    if random.random() < 0.05:
        at = int(random.integers(2))
        contents[at] = _damaged(random, contents[at])
        pair.faults.append("damaged bytes")
    pair.encoder, pair.decoder = contents
    return pair


def _damaged(random: Random, content: bytes) -> bytes:
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


def _name(random: Random) -> str:
    return str(random.choice(NAMES)) or "0"


def _model(
    random: Random, nodes: list[Any], constants: dict[str, Array], ends: tuple[Any, list[Any]], habits: Any
) -> Any:
    kept = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "g", [ends[0]], ends[1], kept)
    if random.random() < 0.1:  # as old exporters do
        graph.input.extend(helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in kept)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", habits["opset"])], ir_version=habits["ir"])


def _batch(random: Random, baked: int) -> Any:
    return baked if baked and random.random() < 0.5 else random.choice(["N", "batch", "s77"])


def _encoder(random: Random, pair: Pair, habits: dict[str, Any]) -> Any:
    told, kind = pair.described, habits["type"]
    dtype, baked = FLOATS[kind], habits["baked"]
    colours, side, dims = 1 if told.get("channels") == "grey" else 3, told["image_size"], told["latent_dim"]
    x = _name(random)
    nodes, value = [], x
    if told.get("layout") == "NHWC":
        nodes.append(helper.make_node("Transpose", [value], ["n_turned"], perm=[0, 3, 1, 2]))
        value = "n_turned"
    constants: dict[str, Array] = {
        "c_shape": np.array([baked or -1, colours * side**2], np.int64),
        "c_w": pair.weight.astype(dtype),
        "c_b": pair.bias.astype(dtype),
        "c_half": np.array(0.5, dtype),
        "c_code": np.array([baked or -1, *pair.latent], np.int64),
    }
    nodes.append(helper.make_node("Reshape", [value, "c_shape"], ["n_flat"]))
    nodes.append(helper.make_node("MatMul", ["n_flat", "c_w"], ["n_times"]))
    nodes.append(helper.make_node("Add", ["n_times", "c_b"], ["n_both"]))
    outputs = {"mu": "n_both"}
    if pair.is_vae and random.random() < 0.7:
        constants |= {f"c_{i}": np.array([i * dims], np.int64) for i in range(3)} | {"c_axis": np.array([1], np.int64)}
        nodes.append(helper.make_node("Slice", ["n_both", "c_0", "c_1", "c_axis"], ["n_mu"]))
        nodes.append(helper.make_node("Slice", ["n_both", "c_1", "c_2", "c_axis"], ["n_logvar"]))
        spread = told["spread"]
        if spread in ("logstd", "std"):
            nodes.append(helper.make_node("Mul", ["n_logvar", "c_half"], ["n_logstd"]))
        if spread in ("variance", "std"):
            before = "n_logvar" if spread == "variance" else "n_logstd"
            nodes.append(helper.make_node("Exp", [before], [f"n_{spread}"]))
        outputs = {"mu": "n_mu", spread: f"n_{spread}"}
    elif pair.is_vae:
        told["spread"] = "logvar"  # as the second half of one output
    if len(pair.latent) > 1 and len(outputs) == (2 if pair.is_vae else 1):
        for name, value in [*outputs.items()]:
            nodes.append(helper.make_node("Reshape", [value, "c_code"], [f"{value}_map"]))
            outputs[name] = f"{value}_map"
    entry_sides = [side, side, colours] if told.get("layout") == "NHWC" else [colours, side, side]
    rank = {"n_both": 1}
    batch = _batch(random, baked)
    shapes = [[batch, *([None] * (len(pair.latent) if value not in rank else 1))] for value in outputs.values()]
    ends = [helper.make_tensor_value_info(v, kind, s) for v, s in zip(outputs.values(), shapes, strict=True)]
    entry = helper.make_tensor_value_info(x, kind, [batch, *entry_sides])
    return _model(random, nodes, constants, (entry, ends), habits)


def _decoder(random: Random, pair: Pair, habits: dict[str, Any]) -> Any:
    told, kind = pair.described, habits["type"]
    dtype, baked = FLOATS[kind], habits["baked"]
    colours, side = 1 if told.get("channels") == "grey" else 3, told["image_size"]
    z, image = _name(random), _name(random)
    image = image if image != z else f"{image}_out"
    low, high = told.get("output_range") or told["value_range"]
    constants: dict[str, Array] = {
        "c_flat": np.array([baked or -1, told["latent_dim"]], np.int64),
        "c_w": pair.back.astype(dtype),
        "c_span": np.array(high - low, dtype),
        "c_low": np.array(low, dtype),
        "c_shape": np.array([baked or -1, colours, side, side], np.int64),
    }
    nhwc = told.get("layout") == "NHWC"
    nodes = [
        helper.make_node("Reshape", [z, "c_flat"], ["n_flat"]),
        helper.make_node("MatMul", ["n_flat", "c_w"], ["n_times"]),
        helper.make_node("Sigmoid", ["n_times"], ["n_unit"]),
        helper.make_node("Mul", ["n_unit", "c_span"], ["n_wide"]),
        helper.make_node("Add", ["n_wide", "c_low"], ["n_moved"]),
        helper.make_node("Reshape", ["n_moved", "c_shape"], ["n_drawn" if nhwc else image]),
    ]
    if nhwc:
        nodes.append(helper.make_node("Transpose", ["n_drawn"], [image], perm=[0, 2, 3, 1]))
    batch = _batch(random, baked)
    entry = helper.make_tensor_value_info(z, kind, [batch, *pair.latent])
    return _model(
        random,
        nodes,
        constants,
        (entry, [helper.make_tensor_value_info(image, kind, [batch, None, None, None])]),
        habits,
    )


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


def _noise(random: Random, model: Any, pair: Pair) -> bool:
    name = model.graph.output[0].name
    _behind(model, "Add", "f_noise")
    model.graph.node.insert(len(model.graph.node) - 1, helper.make_node("RandomNormalLike", ["f_before"], ["f_noise"]))
    return bool(name)


def _not_finite(random: Random, model: Any, pair: Pair) -> bool:
    return _behind(model, str(random.choice(["Log", "Sqrt", "Reciprocal"])))


def _of_the_batch(random: Random, model: Any, pair: Pair) -> bool:
    """One row comes out, whatever goes in; or each depends on the others."""
    if random.random() < 0.5:
        model.graph.initializer.append(numpy_helper.from_array(np.array([0], np.int64), "f_first"))
        return _behind(model, "Gather", "f_first", axis=0)
    return _behind(model, "Softmax", axis=0)


def _other_output(random: Random, model: Any, pair: Pair) -> bool:
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


def _other_input(random: Random, model: Any, pair: Pair) -> bool:
    model.graph.input.append(helper.make_tensor_value_info("label", TensorProto.FLOAT, ["N", 4]))
    return True


def _other_type(random: Random, model: Any, pair: Pair) -> bool:
    kinds = [TensorProto.INT64, TensorProto.UINT8, TensorProto.STRING, TensorProto.BFLOAT16]
    model.graph.input[0].type.tensor_type.elem_type = int(random.choice(kinds))
    return True


def _other_weights(random: Random, model: Any, pair: Pair) -> bool:
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


def _elsewhere(random: Random, model: Any, pair: Pair) -> bool:
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=str(random.choice(["weights.bin", "/etc/passwd", "../x"])))
    return True


def _own_operator(random: Random, model: Any, pair: Pair) -> bool:
    model.graph.node[0].domain = str(random.choice(["com.microsoft", "mine", "ai.onnx.ml"]))
    return True


def _a_name(random: Random, model: Any, pair: Pair) -> bool:
    """A value that nobody makes, or that two make."""
    node = model.graph.node[random.integers(len(model.graph.node))]
    if random.random() < 0.5:
        node.input[0] = "nowhere"
    else:
        node.output[0] = str(random.choice([node.input[0], "c_w", "n_flat"]))
    return True


def _a_shape(random: Random, model: Any, pair: Pair) -> bool:
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


def _versions(random: Random, model: Any, pair: Pair) -> bool:
    model.opset_import[0].version = int(random.choice([1, 7, 9, 10, 99, -1]))
    return True


def _branch(random: Random, model: Any, pair: Pair) -> bool:
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


FAULTS: dict[str, Callable[[Random, Any, Pair], bool]] = {
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
