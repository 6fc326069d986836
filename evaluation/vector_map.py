"""The map, and the pictures, of vectors whose model stays elsewhere: work for a process of its own."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sized
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_PICTURES = 5_000
MOST_BYTES = 30_000_000  # of one picture of an archive
MOST_PIXELS = 40_000_000
SIDE = 96  # pixels: sharp at the size in which the map shows them
BATCH = 64
LAYING, DRAWING = "Laying out the map", "Making the pictures small"


def pack_order(z: NDArray[np.float32], files: Mapping[str, bytes]) -> bytes:
    """What `run` reads.

    Args:
        z: float32 [N, D].
        files: nothing, "pictures.npy" (uint8 [N, S, S, 3]), "pictures.zip" (N picture files, in the order of their
            names), or "decoder.onnx" and "config.json".
    """
    written = io.BytesIO()
    arrays: dict[str, Any] = {name: np.frombuffer(content, np.uint8) for name, content in files.items()}
    np.savez(written, z=z, **arrays)
    return written.getvalue()


def prepare() -> None:
    """Import what `run` needs, seconds long."""
    import_module("umap")


def run(order: bytes, say: Callable[..., None]) -> None:
    """Carry out an order.

    Args:
        order: from `pack_order`.
        say: takes what there is to tell: "step" and "share"; "picture", in order, a square JPEG as base64; "xy", last
            of all, the places as lists; or "problem", a sentence, with which it ends.
    """
    with np.load(io.BytesIO(order), allow_pickle=False) as stored:
        z = stored["z"]
        files = {name: stored[name].tobytes() for name in stored.files if name != "z"}
    try:
        for at, picture in enumerate(_pictures(z, files)):
            if at % BATCH == 0:
                say(step=DRAWING, share=at / len(z))
            say(picture=base64.b64encode(_small(picture)).decode())
    except ValueError as error:  # CheckpointError too
        say(problem=str(error))
        return
    say(step=LAYING, share=0.0)
    from latent.embedding import embed  # late: importing umap costs seconds

    say(xy=(z if z.shape[1] == 2 else embed(z)[0]).tolist())


def _pictures(z: NDArray[np.float32], files: Mapping[str, bytes]) -> Iterator[NDArray[np.uint8]]:
    """One for each vector, uint8 [H, W, 3]; none where none were brought.

    Raises:
        ValueError: a file is damaged, or there are more or fewer than vectors.
    """
    if not files:
        return
    if len(z) > MOST_PICTURES:
        raise ValueError(f"{MOST_PICTURES:,} vectors at most can have pictures here, not {len(z):,}. Bring fewer.")
    if "pictures.npy" in files:
        yield from _of_array(files["pictures.npy"], len(z))
    elif "pictures.zip" in files:
        yield from _of_archive(files["pictures.zip"], len(z))
    else:
        yield from _decoded(z, files)


def _of_array(content: bytes, count: int) -> NDArray[np.uint8]:
    try:
        found = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise ValueError("The array of pictures is damaged. Save it again by numpy.save.") from error
    shape = list(np.shape(found))
    if getattr(found, "dtype", None) != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape:
        raise ValueError(f"Pictures are uint8 [N, S, S, 3]; the array holds {getattr(found, 'dtype', '?')} {shape}.")
    _check_count(found, count)
    return np.asarray(found, np.uint8)


def _of_archive(content: bytes, count: int) -> Iterator[NDArray[np.uint8]]:
    from PIL import Image

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            shown = (one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX"))
            entries = sorted(shown, key=lambda one: one.filename)
            _check_count(entries, count)
            for entry in entries:
                if entry.file_size > MOST_BYTES:
                    raise ValueError(f"{entry.filename} has more than {MOST_BYTES // 1_000_000} MB. Make it smaller.")
                try:
                    with Image.open(io.BytesIO(archive.read(entry))) as picture:
                        if picture.width * picture.height > MOST_PIXELS:
                            raise ValueError(f"{entry.filename} has too many pixels. Make it smaller.")
                        yield np.asarray(picture.convert("RGB"))
                except OSError as error:
                    raise ValueError(f"{entry.filename} is no picture, or it is damaged.") from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ValueError("The archive of pictures is damaged or locked. Pack it again.") from error


def _check_count(pictures: Sized, count: int) -> None:
    if len(pictures) != count:
        raise ValueError(f"Pictures: {len(pictures):,}, vectors: {count:,}. Each needs its own.")


def _decoded(z: NDArray[np.float32], files: Mapping[str, bytes]) -> Iterator[NDArray[np.uint8]]:
    import torch

    from models.images import to_uint8
    from models.onnx.checked_graph import parse_onnx
    from models.onnx.import_pair import read_description
    from models.onnx.network_pair import decoder_alone

    config = read_description(files["config.json"])
    if config.latent_dim != z.shape[1]:
        raise ValueError(
            f"config.json says {config.latent_dim} numbers (latent_dim), but the vectors have {z.shape[1]}. Correct it."
        )
    network = decoder_alone(config, parse_onnx(files["decoder.onnx"], "decoder.onnx")[1])
    for start in range(0, len(z), BATCH):
        yield from to_uint8(network.decode(torch.from_numpy(z[start : start + BATCH])))


def _small(picture: NDArray[np.uint8]) -> bytes:
    """A square JPEG of 96 pixels a side, with grey beside a picture that is no square."""
    from PIL import Image, ImageOps

    written = io.BytesIO()
    square = ImageOps.pad(Image.fromarray(picture), (SIDE, SIDE), Image.Resampling.LANCZOS, color=(128, 128, 128))
    square.save(written, "JPEG", quality=85)
    return written.getvalue()
