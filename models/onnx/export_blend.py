"""Door: `python -m models.onnx.export_blend checkpoints/vae` writes its `faithful.blend`, for the browser.

That is what is blended into its decoder.onnx (`models.faithful`). It is also made when a page first asks for it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_checkpoint
from models.faithful import blended, load_faithful
from models.networks import Autoencoder
from models.onnx.blend_file import blend_file, blended_onnx
from models.onnx.export_decoder import TOLERANCE, ensure_decoder, error_against_torch, put
from models.onnx.find_decoder import blend_stamp, find_blend
from models.onnx.own_graph import ExportError, own_decoder

TRIED = (0.0, 0.5)
"""Shares of the vivid decoder at which a blend of files is compared with a blend in torch."""


def ensure_blend(files: CheckpointFiles) -> Path:
    """The `faithful.blend` of a checkpoint with a faithful decoder, made now if it is missing or of other weights.

    Raises:
        CheckpointError: the checkpoint cannot be opened.
        ExportError: the blend cannot be written, or draws something else than torch.
    """
    if found := find_blend(files):
        return found
    content = _content(files, ensure_decoder(files).read_bytes()) + blend_stamp(files).encode()
    for path in files.blend_paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            put(content, path)
            return path
        except OSError as error:
            failure = error
    raise ExportError(f"{files.blend_paths[0]} cannot be written: {failure.strerror}. Make its folder writable.")


def _content(files: CheckpointFiles, decoder: bytes) -> bytes:
    network = load_checkpoint(files)
    assert isinstance(network, Autoencoder)
    weights = load_faithful(files, network)
    faithful = blended(network, weights, 0)
    made = (blend_file(decoder, own_decoder(faithful, kind)) for kind in (np.float16, np.float32))
    content = next((one for one in made if one is not None), None)
    if content is None:
        raise ExportError(f"{files.folder}: its two decoders are not of one graph. Keep the faithful one anew.")
    for share in TRIED:
        error = error_against_torch(blended(network, weights, share), blended_onnx(decoder, content, share))
        if error > TOLERANCE:
            raise ExportError(
                f"{files.folder}: a blend of its decoders differs from torch by {error * 255:.1f}/255, so only the "
                "vivid one is offered. Is its faithful decoder the one that it began with?"
            )
    return content


def main(arguments: list[str] | None = None) -> int:
    """Make a checkpoint's faithful.blend; exit code 2 with one sentence where it cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m models.onnx.export_blend", description=main.__doc__)
    parser.add_argument("checkpoint", type=Path, help="a folder such as checkpoints/vae, with a faithful decoder")
    try:
        files = open_files(parser.parse_args(arguments).checkpoint)
        if not files.faithful_sha256:
            raise ExportError(f"{files.folder} has no faithful decoder. Keep one with python -m models.faithful.")
        print(ensure_blend(files))
    except CheckpointError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
