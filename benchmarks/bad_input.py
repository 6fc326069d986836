"""Unwelcome files through all that a photo meets on the server: reading, finding the face, encoding.

One process stands for the server: with the checkpoints open and the detector warm it is at rest.
"""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from PIL import Image

from app.checkpoints.opening import open_all
from app.paths import PORTRAIT
from app.session.photos import take_in
from benchmarks.report import Row
from faces.photo import PhotoError

TALL = 3 / 4  # width to height
KILO = 1024


def measure() -> list[Row]:
    """Every file once: the slowest, and the memory that the greediest took."""
    models, _ = open_all()
    take_in("rest", PORTRAIT.read_bytes(), models)
    slowest, hardest, greediest = ("", 0.0), ("", 0.0), ("", 0.0)
    answers: list[str] = []
    for name, data in _made():
        rest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, used = time.monotonic(), time.process_time()
        try:
            answer = take_in(name, data, models).problem or "a face"
        except PhotoError as error:
            answer = str(error)
        seconds, work = time.monotonic() - began, time.process_time() - used
        # The peak only ever rises, so each file is charged with what it added to the largest before it.
        added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - rest) * KILO / 1e6
        print(f"{name}: {seconds:.2f} s, {work:.2f} s of a processor, peak +{added:.0f} MB: {answer}", flush=True)
        slowest, hardest = max(slowest, (name, seconds), key=_second), max(hardest, (name, work), key=_second)
        greediest = max(greediest, (name, added), key=_second)
        answers.append(answer)
    return [
        Row("Unwelcome files tried, each gave a face or a sentence", str(len(answers))),
        Row("Slowest", f"{slowest[1]:.2f} s ({slowest[0]})", "under 3 s"),
        Row("Most processor time", f"{hardest[1]:.2f} s ({hardest[0]})"),
        Row("Largest step of the peak memory", f"{greediest[1]:.0f} MB ({greediest[0]})", "under 1,500 MB"),
    ]


def _made() -> Iterator[tuple[str, bytes]]:
    """Name and content; another process makes them, so that this one's peak is that of reading."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
        for i, (name, _) in enumerate(_files()):
            yield name, maker.submit(_content, i).result()


def _content(number: int) -> bytes:
    return list(_files())[number][1]()


def _second(pair: tuple[str, float]) -> float:
    return pair[1]


def _files() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and maker of each file; the small ones first."""
    with Image.open(PORTRAIT) as opened:
        face = opened.convert("RGB")

    def large(megapixels: float, mode: str = "RGB") -> Image.Image:
        height = (megapixels * 1e6 / TALL) ** 0.5
        return face.resize((int(height * TALL), int(height))).convert(mode)

    def crowd() -> Image.Image:
        group = Image.new("RGB", (3000, 2000), "gray")
        for i in range(50):
            group.paste(face.resize((260, 318)), (20 + 295 * (i % 10), 20 + 390 * (i // 10)))
        return group

    def drawing() -> Image.Image:
        y, x = np.mgrid[:600, :600]
        rings = (np.hypot(x - 300, y - 300) // 20 % 2 * 255).astype(np.uint8)
        return Image.fromarray(rings)

    deep = Image.fromarray(np.asarray(face.convert("L")).astype(np.uint16) * 257)
    frames = {"save_all": True, "append_images": [face.rotate(90)] * 20}
    yield "0 bytes", lambda: b""
    yield "text", lambda: b"not a picture" * 1000
    yield "cut short", lambda: _file(face)[:9000]
    yield "1 x 1", lambda: _file(Image.new("RGB", (1, 1)), "PNG")
    yield "animated GIF", lambda: _file(face, "GIF", **frames)
    yield "animated WebP", lambda: _file(face, "WEBP", **frames)
    yield "16-bit PNG", lambda: _file(deep, "PNG")
    yield "CMYK JPEG", lambda: _file(face.convert("CMYK"))
    yield "palette PNG", lambda: _file(face.convert("P"), "PNG")
    yield "alpha PNG", lambda: _file(face.convert("RGBA"), "PNG")
    yield "grey JPEG", lambda: _file(face.convert("L"))
    yield "drawing", lambda: _file(drawing(), "PNG")
    yield "no face", lambda: _file(face.crop((0, 0, 356, 100)).resize((3000, 900)))
    yield "fifty faces", lambda: _file(crowd())
    yield "PNG of 12 megapixels", lambda: _file(large(12), "PNG", compress_level=1)
    yield "AVIF of 12 megapixels", lambda: _file(large(12), "AVIF", speed=10)
    yield "PNG that claims 400 megapixels", lambda: _file(Image.new("1", (20_000, 20_000)), "PNG")
    yield "GIF of 49 megapixels", lambda: _file(large(49, "P"), "GIF")
    yield "alpha PNG of 49 megapixels", lambda: _file(large(49, "RGBA"), "PNG", compress_level=1)
    yield "WebP of 49 megapixels", lambda: _file(large(49), "WEBP", method=0)
    yield "JPEG of 100 megapixels", lambda: _file(large(100))
    yield "progressive JPEG of 100 megapixels", lambda: _file(large(100), progressive=True, subsampling=0)


def _file(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
