"""Pairs of ONNX networks and their description, mixed at random: what each face's code and picture must be is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tests.mixing.graph_faults import FAULTS, damaged
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
        if FAULTS[name](random, models[at]):
            pair.faults.append(f"{name} of the {('encoder', 'decoder')[at]}")
    contents = [model.SerializeToString() for model in models]
    if random.random() < 0.05:
        at = int(random.integers(2))
        contents[at] = damaged(random, contents[at])
        pair.faults.append("damaged bytes")
    pair.encoder, pair.decoder = contents
    return pair


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
