"""Door: `python -m models.onnx.export_decoder checkpoints/ae` writes its `decoder.onnx`, for the browser.

The graph is built layer by layer rather than traced: it takes milliseconds instead of seconds, needs no tracer's
memory in the server, and folds each batch norm into the layer before it.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_checkpoint
from models.latent_model import LatentModel
from models.networks import LINEAR_SHRINK, Autoencoder, Decoder
from models.onnx.browser_graph import browser_decoder
from models.onnx.checked_graph import read_onnx
from models.onnx.find_decoder import decoder_stamp, find_decoder
from models.onnx.network_pair import NetworkPair

OPSET = 17  # old enough for every onnxruntime-web of the last years
TOLERANCE = 2 / 255  # of the [0, 1] pixel range, against torch
_STAMP_KEY = "facespace_stamp"


class ExportError(RuntimeError):
    """A decoder cannot be written for the browser; the message says why and what to do."""


def export_decoder(network: Autoencoder, path: str | Path, stamp: str = "") -> None:
    """Write the decoder as ONNX: `z` float32 [N, D] to `image` float32 [N, 3, S, S] in [0, 1].

    Weights are stored as float16, which halves the download (as float32 if that is too coarse); all arithmetic is
    float32. The file is checked against torch on seeded latents and then put in place whole.

    Args:
        network: the autoencoder, on the CPU and in evaluation mode.
        path: the file to write or replace.
        stamp: names the checkpoint, see `decoder_stamp`; kept in the file so that a stale one is noticed.

    Raises:
        ExportError: a layer that is not known here, or an error of more than 2/255.
    """
    for weight_type in (np.float16, np.float32):  # weights of a wide range do not survive as float16
        content = _stamped(_build(network, weight_type), stamp)
        error = _error_against_torch(network, content)
        if error <= TOLERANCE:
            break
    else:
        raise ExportError(
            f"The exported decoder differs from torch by {error * 255:.1f}/255, more than {TOLERANCE * 255:.0f}/255. "
            "The checkpoint may have diverged in training; look at its reconstructions, or train it again."
        )
    _put(content, Path(path))


def export_foreign_decoder(network: NetworkPair, source: Path, path: Path, stamp: str) -> None:
    """Write a brought decoder as the browser wants it; arguments and checks as for `export_decoder`.

    Raises:
        ExportError: the rewritten decoder draws something else.
        CheckpointError: `source` cannot be used.
    """
    content = _stamped(browser_decoder(read_onnx(source)[0], network.config), stamp)
    if _error_against_torch(network, content) > TOLERANCE:
        raise ExportError(f"{source} could not be rewritten for the browser. Export it with a newer opset, such as 17.")
    _put(content, path)


def _stamped(model: onnx.ModelProto, stamp: str) -> bytes:
    helper.set_model_props(model, {_STAMP_KEY: stamp})
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _put(content: bytes, path: Path) -> None:
    """Write a file whole, so that nobody reads half of it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def ensure_decoder(folder: str | Path | CheckpointFiles) -> Path:
    """The decoder.onnx of a checkpoint, made now if it is missing, damaged or of other weights.

    A checkpoint in a folder that cannot be written gets its decoder in the user's cache folder.

    Raises:
        CheckpointError: the checkpoint cannot be opened.
        ExportError: the decoder cannot be exported.
    """
    files = open_files(folder)
    if found := find_decoder(files):
        return found
    stamp, places = decoder_stamp(files), files.decoder_paths
    network = load_checkpoint(files)
    for path in places:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(network, NetworkPair):
                export_foreign_decoder(network, files.weights_paths[1], path, stamp)
            else:
                assert isinstance(network, Autoencoder)
                export_decoder(network, path, stamp)
            return path
        except OSError as error:
            failure = error
    raise ExportError(f"{places[0]} cannot be written: {failure.strerror}. Make its folder writable.")


def _build(network: Autoencoder, weight_type: type[np.floating[Any]]) -> onnx.ModelProto:
    """The decoder as a graph: a node a layer, batch norms folded away."""
    config = network.config
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []
    value = "z"
    for number, (layer, norm) in enumerate(_layers(network.decoder)):
        here, value = value, f"x{number}"
        inputs = [here]
        if isinstance(layer, nn.Linear | nn.ConvTranspose2d):
            for name, array in zip(("weight", "bias"), _folded(layer, norm), strict=True):
                inputs.append(_constant(f"{name}{number}", array, weight_type, nodes, constants))
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
            raise ExportError(f"The decoder has a layer {type(layer).__name__}; add it to models/export.py.")
    if network.decoder.linear is not None:
        _add_linear_path(network.decoder, value, weight_type, nodes, constants)
    nodes[-1].output[0] = "image"
    side = config.image_size
    z = helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", config.latent_dim])
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, side, side])
    graph = helper.make_graph(nodes, "decoder", [z], [image], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def _add_linear_path(
    decoder: Decoder,
    drawn: str,
    weight_type: type[np.floating[Any]],
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
) -> None:
    """Behind the convolutions' picture `drawn`: the linear picture, enlarged, and both added and clamped."""
    assert decoder.linear is not None
    weight, bias = _folded(decoder.linear, None)
    inputs = [
        _constant(f"{name}_linear", array, weight_type, nodes, constants)
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
        helper.make_node("Gemm", ["z", *inputs], ["flat"], transB=1),
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


def _folded(layer: nn.Linear | nn.ConvTranspose2d, norm: nn.BatchNorm2d | None) -> tuple[Tensor, Tensor]:
    """Weight and bias of `layer` followed by `norm`, as one layer."""
    axis = 0 if isinstance(layer, nn.Linear) else 1  # the axis of a weight that counts outputs
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


def _constant(
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


def _error_against_torch(network: LatentModel, content: bytes) -> float:
    """Largest difference of one pixel channel, in [0, 1], over eight seeded latents near and far from zero."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    noise = torch.randn(8, network.config.latent_dim, generator=torch.Generator().manual_seed(0))
    z = noise * torch.linspace(0.25, 3, 8)[:, None]
    with torch.inference_mode():
        expected = network.decode(z).numpy()
    return float(np.abs(session.run(["image"], {"z": z.numpy()})[0] - expected).max())


def main(arguments: list[str] | None = None) -> int:
    """Make each checkpoint's decoder.onnx; exit code 2 with one sentence where one cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m models.onnx.export_decoder", description=main.__doc__)
    parser.add_argument("checkpoints", nargs="+", type=Path, help="folders such as checkpoints/vae")
    code = 0
    for folder in parser.parse_args(arguments).checkpoints:
        try:
            path = ensure_decoder(folder)
            print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
        except (CheckpointError, ExportError) as error:
            print(f"error: {error}", file=sys.stderr)
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main())
