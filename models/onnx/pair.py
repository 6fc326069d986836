"""Checkpoints made elsewhere: `encoder.onnx` and `decoder.onnx` with a small `config.json`, run by onnxruntime.

Whatever their conventions, `open_foreign` gives an `Autoencoder` that speaks ours, and `browser_decoder` a decoder for
the browser. ONNX files are data: onnxruntime gets their bytes alone, so a file cannot name another one.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.checkpoint_files import BROUGHT_DECODER_FILE, ENCODER_FILE, CheckpointError, CheckpointFiles
from models.config import ForeignConfig
from models.networks import Autoencoder
from models.onnx.reading import read_onnx

_OURS = "facespace_"


class ForeignAutoencoder(Autoencoder):
    """A brought pair of networks behind the face of our own: pictures in [0, 1] as RGB, `mu` and `logvar`."""

    def __init__(self, config: ForeignConfig, encoder: bytes, decoder: bytes) -> None:
        """Open both networks, given as the bytes that `read_onnx` has checked.

        Raises:
            CheckpointError: one cannot be opened, or has other shapes than the configuration says.
        """
        nn.Module.__init__(self)
        self.config = config
        self.encoder = cast(Any, _Encoder(config, _session(encoder, ENCODER_FILE)))
        self.decoder = cast(Any, _Decoder(config, _session(decoder, BROUGHT_DECODER_FILE)))
        grey = np.full((1, 3, config.image_size, config.image_size), 0.5, np.float32)
        for name, part, example in (
            (ENCODER_FILE, self.encoder, torch.from_numpy(grey)),
            (BROUGHT_DECODER_FILE, self.decoder, torch.zeros(1, config.latent_dim)),
        ):
            if not torch.isfinite(part(example)).all():
                raise CheckpointError(f"{name} gives values that are not finite numbers. Export it again.")

    @property
    def foreign(self) -> ForeignConfig:
        """How its numbers are read."""
        assert isinstance(self.config, ForeignConfig)
        return self.config

    def read_as(self, config: ForeignConfig) -> ForeignAutoencoder:
        """The same two networks under another declaration."""
        other = ForeignAutoencoder.__new__(ForeignAutoencoder)
        nn.Module.__init__(other)
        other.config = config
        other.encoder = cast(Any, _Encoder(config, cast(Any, self.encoder).session))
        other.decoder = cast(Any, _Decoder(config, cast(Any, self.decoder).session))
        return other


class _Encoder(nn.Module):
    def __init__(self, config: ForeignConfig, session: onnxruntime.InferenceSession) -> None:
        super().__init__()
        self.config, self.session = config, session

    def forward(self, x: Tensor) -> Tensor:
        """Pictures [N, 3, S, S] in [0, 1] to [N, D], of a VAE to [N, 2 D]: mu, then logvar."""
        config, (low, high) = self.config, self.config.value_range
        seen = x.numpy().astype(np.float32) * (high - low) + low
        given = _run(self.session, seen[:, ::-1] if config.channels == "BGR" else seen, ENCODER_FILE)
        flat = [array.reshape(len(x), -1) for array in given]
        wanted = config.latent_dim * (1 if config.spread == "none" else 2)
        both = np.concatenate(flat[:2] if config.spread != "none" else flat[:1], axis=1)
        if both.shape[1] != wanted:
            shapes = " and ".join(str(list(array.shape)) for array in given)
            raise CheckpointError(
                f"{ENCODER_FILE} gives {shapes} for {len(x)} picture(s), but config.json asks for {wanted} numbers "
                f"a picture (latent_dim {config.latent_dim}, spread {config.spread}). Correct the one or the other."
            )
        if config.spread == "logstd":
            both = np.concatenate([both[:, : config.latent_dim], 2 * both[:, config.latent_dim :]], axis=1)
        return torch.from_numpy(np.ascontiguousarray(both))


class _Decoder(nn.Module):
    def __init__(self, config: ForeignConfig, session: onnxruntime.InferenceSession) -> None:
        super().__init__()
        self.config, self.session = config, session

    def forward(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures [N, 3, S, S] as RGB; [0, 1] but for what the network overshoots."""
        config, (low, high) = self.config, self.config.value_range
        rank = len(self.session.get_inputs()[0].shape)
        points = z.numpy().astype(np.float32).reshape(len(z), -1, *[1] * (rank - 2))
        pictures = _run(self.session, points, BROUGHT_DECODER_FILE)[0]
        if pictures.shape[1:] != (3, config.image_size, config.image_size):
            raise CheckpointError(
                f"{BROUGHT_DECODER_FILE} gives {list(pictures.shape)}, but config.json asks for pictures "
                f"[N, 3, {config.image_size}, {config.image_size}]. Correct image_size, or export another decoder."
            )
        pictures = (pictures[:, ::-1] if config.channels == "BGR" else pictures) - low
        return torch.from_numpy(np.ascontiguousarray(pictures / (high - low), np.float32))


def open_foreign(files: CheckpointFiles) -> ForeignAutoencoder:
    """Open a brought checkpoint, ready to encode and decode on the CPU.

    Raises:
        CheckpointError: a file is missing, too large, damaged, no plain ONNX, or does not fit the configuration.
    """
    assert isinstance(files.config, ForeignConfig)
    encoder, decoder = (read_onnx(path)[1] for path in files.weights_paths)
    return ForeignAutoencoder(files.config, encoder, decoder)


def _session(content: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common ancestor of their own
        raise CheckpointError(f"onnxruntime cannot open {name}. Export it again, with an older opset.") from error
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or len(inputs[0].shape) not in (2, 4):
        raise CheckpointError(f"{name} must have one float32 input of two or four axes. Export it again.")
    return session


def _run(session: onnxruntime.InferenceSession, batch: NDArray[np.float32], name: str) -> list[NDArray[np.float32]]:
    """All outputs for a batch; one at a time where the network was exported for one.

    Raises:
        CheckpointError: the network does not take such an input.
    """
    entry = session.get_inputs()[0]
    batch = np.ascontiguousarray(batch)
    try:
        if not isinstance(entry.shape[0], int) or entry.shape[0] == len(batch):
            return [np.asarray(array, np.float32) for array in session.run(None, {entry.name: batch})]
        rows = [session.run(None, {entry.name: one[None]}) for one in batch]
        return [np.concatenate(parts).astype(np.float32) for parts in zip(*rows, strict=True)]
    except Exception as error:  # onnxruntime's errors have no common ancestor of their own
        raise CheckpointError(
            f"{name} takes {list(entry.shape)} and not {list(batch.shape)}. Correct config.json, or export it again."
        ) from error


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
