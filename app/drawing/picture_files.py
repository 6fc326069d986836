"""Pictures to take away: PNG and GIF, each with the facts that make it again in its metadata."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

KEYWORD = "facespace"
GAP = 4  # pixels between the pictures of a montage


def montage(
    pictures: NDArray[np.uint8], columns: int, gap: int = GAP, ground: tuple[int, int, int] = (255, 255, 255)
) -> NDArray[np.uint8]:
    """Pictures [N, S, S, 3] in rows of `columns`, with a gap between them: uint8 [H, W, 3]."""
    count, side = len(pictures), pictures.shape[1]
    rows = -(-count // columns)
    pitch = side + gap
    sheet = np.empty((rows * pitch - gap, columns * pitch - gap, 3), np.uint8)
    sheet[:] = ground
    for i, picture in enumerate(pictures):
        top, left = i // columns * pitch, i % columns * pitch
        sheet[top : top + side, left : left + side] = picture
    return sheet


def enlarge(picture: NDArray[np.uint8], side: int) -> Image.Image:
    """A picture [S, S, 3] at another size, by Lanczos."""
    image = Image.fromarray(picture)
    return image if image.width == side else image.resize((side, side), Image.Resampling.LANCZOS)


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """A picture [H, W] or [H, W, 3] for the screen alone: a quarter of a PNG, and no difference that an eye finds."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def png(picture: NDArray[np.uint8], provenance: Mapping[str, Any]) -> bytes:
    """A picture [H, W, 3] as PNG, with its provenance as a text called "facespace" in JSON.

    Args:
        picture: uint8.
        provenance: JSON-ready facts.
    """
    info, buffer = PngInfo(), io.BytesIO()
    info.add_itxt(KEYWORD, json.dumps(provenance))
    Image.fromarray(picture).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def gif(
    frames: NDArray[np.uint8],
    provenance: Mapping[str, Any],
    side: int = 256,
    frame_ms: int = 50,
    progress: Callable[[float], object] = lambda share: None,
) -> bytes:
    """Frames [N, S, S, 3] as an endless animated GIF with its provenance as a comment in JSON.

    All frames share one palette of 256 colours, so that nothing flickers. Equal neighbours become one frame that
    stands longer.

    Args:
        frames: one or more.
        provenance: JSON-ready facts.
        side: width and height in pixels.
        frame_ms: how long each stands, in milliseconds; the format counts in steps of 10.
        progress: told the share that is done, 0 to 1.

    Raises:
        ValueError: there is no frame.
    """
    if not len(frames):
        raise ValueError("an animation needs at least one frame.")
    few = frames[np.linspace(0, len(frames) - 1, min(8, len(frames))).astype(int)]
    palette = Image.fromarray(montage(few, 4, gap=0)).quantize(256)

    def paint() -> Iterator[Image.Image]:
        for i, frame in enumerate(frames):
            progress(i / len(frames))
            yield enlarge(frame, side).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)

    painted, buffer = paint(), io.BytesIO()
    next(painted).save(
        buffer,
        "GIF",
        save_all=True,
        append_images=painted,
        duration=frame_ms,
        loop=0,
        comment=json.dumps(provenance).encode(),
        optimize=False,
    )
    progress(1.0)
    return buffer.getvalue()


def read_provenance(data: bytes) -> dict[str, Any] | None:
    """The facts that a picture made here carries, or None."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        said = picture.info.get(KEYWORD) or picture.info.get("comment")
    try:
        facts = json.loads(said) if said else None
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def png_address(picture: NDArray[np.uint8]) -> str:
    """A picture [H, W] or [H, W, 3] itself as an address, to the pixel, so that no file or server route holds it."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return data_address(buffer.getvalue())


def picture_address(picture: NDArray[np.uint8]) -> str:
    """A picture [H, W] or [H, W, 3] as the address of a JPEG, for the screen alone."""
    return data_address(jpeg(picture), "image/jpeg")


def data_address(content: bytes, media_type: str = "image/png") -> str:
    """The content itself as an address that a page can show."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
