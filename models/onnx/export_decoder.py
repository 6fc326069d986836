"""Door: `python -m models.onnx.export_decoder checkpoints/ae` writes its `decoder.onnx`, for the browser.

It is also made when a page first asks for it, and of a brought checkpoint when that is taken in.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper

from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_checkpoint
from models.latent_model import LatentModel
from models.networks import Autoencoder
from models.onnx.browser_graph import browser_decoder
from models.onnx.checked_graph import read_onnx
from models.onnx.find_decoder import decoder_stamp, find_decoder
from models.onnx.network_pair import NetworkPair
from models.onnx.own_graph import ExportError, own_decoder

TOLERANCE = 2 / 255  # of the [0, 1] pixel range, against torch
_STAMP_KEY = "facespace_stamp"


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
        content = stamped(own_decoder(network, weight_type), stamp)
        error = error_against_torch(network, content)
        if error <= TOLERANCE:
            break
    else:
        raise ExportError(
            f"The exported decoder differs from torch by {error * 255:.1f}/255, more than {TOLERANCE * 255:.0f}/255. "
            "The checkpoint may have diverged in training; look at its reconstructions, or train it again."
        )
    put(content, Path(path))


def export_foreign_decoder(network: NetworkPair, source: Path, path: Path, stamp: str) -> None:
    """Write a brought decoder as the browser wants it; arguments and checks as for `export_decoder`.

    Raises:
        ExportError: the rewritten decoder draws something else.
        CheckpointError: `source` cannot be used.
    """
    words = f"{source} could not be rewritten for the browser. Export it with another opset, such as 17."
    graph = read_onnx(source)[0]
    try:
        content = stamped(browser_decoder(graph, network.config, network.latent_shape, network.rows), stamp)
        error = error_against_torch(network, content)
    except Exception as problem:  # neither onnx nor onnxruntime has an ancestor for its errors, and all must be caught
        raise ExportError(words) from problem
    if error > TOLERANCE:
        raise ExportError(words)
    put(content, path)


def stamped(model: onnx.ModelProto, stamp: str) -> bytes:
    """A checked graph as the content of a file that says which checkpoint it was made from."""
    helper.set_model_props(model, {_STAMP_KEY: stamp})
    onnx.checker.check_model(model)
    return model.SerializeToString()


def put(content: bytes, path: Path) -> None:
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


def error_against_torch(network: LatentModel, content: bytes) -> float:
    """Largest difference of one pixel channel, in [0, 1], over eight seeded latents near and far from zero."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    noise = torch.randn(8, network.config.latent_dim, generator=torch.Generator().manual_seed(0))
    z = noise * torch.linspace(0.25, 3, 8)[:, None]
    with torch.inference_mode():
        expected = network.decode(z).numpy()
    # One after the other, as a browser decodes them.
    drawn = np.concatenate([session.run(["image"], {"z": point[None]})[0] for point in z.numpy()])
    return float(np.abs(drawn - expected).max())


def main(arguments: list[str] | None = None) -> int:
    """Make each checkpoint's decoder.onnx; exit code 2 with one sentence where one cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m models.onnx.export_decoder", description=main.__doc__)
    parser.add_argument("checkpoints", nargs="+", type=Path, help="folders such as checkpoints/vae")
    code = 0
    for folder in parser.parse_args(arguments).checkpoints:
        try:
            path = ensure_decoder(folder)
            print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
        except CheckpointError as error:
            print(f"error: {error}", file=sys.stderr)
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main())
