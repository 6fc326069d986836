"""The decoder of one of our own networks as an ONNX graph.

It is built layer by layer rather than traced: that takes milliseconds instead of seconds, needs no tracer's memory in
the server, and folds each batch norm into the layer before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.checkpoint_files import CheckpointError
from models.networks import LINEAR_SHRINK, Autoencoder, Decoder
from models.weights_file import as_eight_bit

OPSET = 17  # old enough for every onnxruntime-web of the last years


class ExportError(CheckpointError):
    """A decoder cannot be written for the browser; the message says why and what to do."""


def own_decoder(network: Autoencoder, weight_type: type[np.floating[Any]]) -> onnx.ModelProto:
    """The decoder as a graph, a node a layer: `z` [N, D] to `image` [N, 3, S, S] in [0, 1].

    Args:
        network: the autoencoder.
        weight_type: in which matrices and kernels are kept, but for those of a mapping that is kept in eight bits,
            which stay so; all arithmetic is float32.

    Raises:
        ExportError: a layer that is not known here.
    """
    config = network.config
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []
    value = latent = _add_mapping(network.decoder, weight_type, nodes, constants)
    for number, (layer, norm) in enumerate(_layers(network.decoder)):
        here, value = value, f"x{number}"
        inputs = [here]
        if isinstance(layer, nn.Linear | nn.ConvTranspose2d):
            for name, array in zip(("weight", "bias"), folded(layer, norm), strict=True):
                inputs.append(constant(f"{name}{number}", array, weight_type, nodes, constants))
        if isinstance(layer, nn.Linear):
            nodes.append(helper.make_node("Gemm", inputs, [value], transB=1))
        elif isinstance(layer, nn.Unflatten):
            shape = np.array([-1, *layer.unflattened_size], np.int64)
            constants.append(numpy_helper.from_array(shape, f"shape{number}"))
            nodes.append(helper.make_node("Reshape", [*inputs, f"shape{number}"], [value]))
        elif isinstance(layer, nn.ConvTranspose2d):
            nodes.append(helper.make_node("ConvTranspose", inputs, [value], **_geometry(layer)))
        elif isinstance(layer, nn.ReLU | nn.Sigmoid):
            nodes.append(helper.make_node("Relu" if isinstance(layer, nn.ReLU) else "Sigmoid", inputs, [value]))
        else:
            raise ExportError(f"The decoder has a layer {type(layer).__name__}; add it to models/onnx/own_graph.py.")
    if network.decoder.linear is not None:
        _add_linear_path(network.decoder, latent, value, weight_type, nodes, constants)
    nodes[-1].output[0] = "image"
    side = config.image_size
    z = helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", config.latent_dim])
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, side, side])
    graph = helper.make_graph(nodes, "decoder", [z], [image], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def _add_mapping(
    decoder: Decoder,
    weight_type: type[np.floating[Any]],
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
) -> str:
    """What moves latents before they are drawn, if anything does; the name of the moved ones."""
    if decoder.mapping is None:
        return "z"

    def layer(name: str, linear: nn.Module, here: str) -> str:
        assert isinstance(linear, nn.Linear)
        whole, bias = linear.weight.detach().float(), linear.bias.detach()
        eight, scale = as_eight_bit(whole)
        if torch.allclose(eight * scale, whole, rtol=1e-5, atol=0):  # kept so, and nothing is lost
            for part, tensor in (("eight", eight), ("scale", scale.flatten())):
                constants.append(numpy_helper.from_array(tensor.numpy(), f"{name}_{part}"))
            weight = f"{name}_weight"
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}_eight", f"{name}_scale"], [weight], axis=0))
        else:  # one of an earlier version, kept in halves, which eight bits would move by several grey levels
            weight = constant(f"{name}_weight", whole, weight_type, nodes, constants)
        inputs = [here, weight, constant(f"{name}_bias", bias, weight_type, nodes, constants)]
        nodes.append(helper.make_node("Gemm", inputs, [name], transB=1))
        return name

    def silu(here: str) -> str:
        nodes.append(helper.make_node("Sigmoid", [here], [f"{here}_gate"]))
        nodes.append(helper.make_node("Mul", [here, f"{here}_gate"], [f"{here}_silu"]))
        return f"{here}_silu"

    def plus(name: str, *both: str) -> str:
        nodes.append(helper.make_node("Add", both, [name]))
        return name

    value = layer("begin", decoder.mapping.begin, "z")
    for number, block in enumerate(decoder.mapping.blocks):
        first, second = block[1], block[3]  # type: ignore[index]
        inner = layer(f"inner{number}", first, silu(value))
        value = plus(f"block{number}", value, layer(f"outer{number}", second, silu(inner)))
    return plus("placed", "z", layer("end", decoder.mapping.end[1], silu(value)))


def _add_linear_path(
    decoder: Decoder,
    latent: str,
    drawn: str,
    weight_type: type[np.floating[Any]],
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
) -> None:
    """Behind the convolutions' picture `drawn`: that of the linear path, enlarged, both added and clamped."""
    assert decoder.linear is not None
    weight, bias = folded(decoder.linear, None)
    inputs = [
        constant(f"{name}_linear", array, weight_type, nodes, constants)
        for name, array in (("weight", weight), ("bias", bias))
    ]
    scales = np.array([1, 1, LINEAR_SHRINK, LINEAR_SHRINK], np.float32)
    for name, array in (
        ("small_shape", np.array([-1, *decoder.small], np.int64)),
        ("scales", scales),
        ("zero", np.array(0, np.float32)),
        ("one", np.array(1, np.float32)),
    ):
        constants.append(numpy_helper.from_array(array, name))
    nodes += [
        helper.make_node("Gemm", [latent, *inputs], ["flat"], transB=1),
        helper.make_node("Reshape", ["flat", "small_shape"], ["small"]),
        helper.make_node(
            "Resize", ["small", "", "scales"], ["large"], mode="linear", coordinate_transformation_mode="half_pixel"
        ),
        helper.make_node("Add", [drawn, "large"], ["sum"]),
        helper.make_node("Clip", ["sum", "zero", "one"], ["clipped"]),
    ]


def _layers(decoder: Decoder) -> Iterator[tuple[nn.Module, nn.BatchNorm2d | None]]:
    """The layers of stem and convolutions in order, each with the batch norm on its output, if any."""
    both = [*decoder.stem.modules(), *decoder.convolutions.modules()]
    flat = [module for module in both if not list(module.children())]
    for i, layer in enumerate(flat):
        if isinstance(layer, nn.BatchNorm2d):
            continue
        after = flat[i + 1 :]
        if isinstance(layer, nn.Linear) and after and isinstance(after[0], nn.Unflatten):
            after = after[1:]  # the first batch norm acts on the linear layer's output, seen as a map
        yield layer, after[0] if after and isinstance(after[0], nn.BatchNorm2d) else None


def folded(layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, norm: nn.BatchNorm2d | None) -> tuple[Tensor, Tensor]:
    """Weight and bias of `layer` followed by `norm`, as one layer."""
    axis = 1 if isinstance(layer, nn.ConvTranspose2d) else 0  # the axis of a weight that counts outputs
    weight = layer.weight.detach().double()
    bias = torch.zeros(weight.shape[axis]).double() if layer.bias is None else layer.bias.detach().double()
    if norm is not None:
        assert norm.running_mean is not None
        assert norm.running_var is not None
        scale = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()
        shift = norm.bias.detach().double() - norm.running_mean.double() * scale
        each = weight.shape[axis] // len(scale)  # a linear layer makes `each` pixels of every channel
        scale, shift = scale.repeat_interleave(each), shift.repeat_interleave(each)
        weight = weight * scale.reshape([-1 if a == axis else 1 for a in range(weight.ndim)])
        bias = bias * scale + shift
    return weight, bias


def constant(
    name: str,
    tensor: Tensor,
    weight_type: type[np.floating[Any]],
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
) -> str:
    """Store a tensor, a float16 weight with a cast behind it; return the name of its float32 value."""
    array: NDArray[np.float32] = tensor.float().contiguous().numpy()
    if array.ndim == 1 or weight_type is np.float32:  # a bias is small in bytes
        constants.append(numpy_helper.from_array(array, name))
        return name
    with np.errstate(over="ignore"):
        constants.append(numpy_helper.from_array(array.astype(weight_type), f"{name}_half"))
    nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    return name


def _geometry(layer: nn.ConvTranspose2d) -> dict[str, Any]:
    """A transposed convolution's attributes in ONNX's words."""
    padding = [int(p) for p in layer.padding]
    return {
        "kernel_shape": list(layer.kernel_size),
        "strides": list(layer.stride),
        "pads": padding + padding,
        "output_padding": list(layer.output_padding),
        "dilations": list(layer.dilation),
        "group": layer.groups,
    }
