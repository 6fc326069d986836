"""Damaged picture files through `faces.photo.read_photo` and the warp behind it: crashes, hangs, growth.

Real files of every kind are mutated from a seed. A child process does the work, since a fault in a decoder's C code
would end the process; each input has ten seconds.

python -m benchmarks fuzz                              50,000 inputs, a table
python -m benchmarks.fuzz --seconds 60 --seed 3        the child: one line of JSON
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks.report import Row
from faces import align
from faces.photo import PhotoError, read_photo

ROOT = Path(__file__).parents[1]
INPUTS = 50_000
CHILDREN = 5
PATIENCE = 10  # seconds for one input
SETTLING = 500  # inputs after which memory is first read
MARKS = [(30, 40), (66, 40), (48, 80)]
PNG_START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Outcome:
    """What came of mutated files.

    Attributes:
        inputs: how many were tried.
        pictures: gave a picture.
        refused: gave a `PhotoError`, as they should.
        faults: raised anything else, one line each (at most 20 kept).
        slowest: seconds.
        growth_mb: resident memory at the end beyond that after the first 500 inputs.
    """

    inputs: int
    pictures: int
    refused: int
    faults: list[str]
    slowest: float
    growth_mb: float


def real_files() -> list[bytes]:
    """Small valid files of many kinds, all of the public-domain portrait."""
    with Image.open(ROOT / "assets" / "portrait.jpg") as opened:
        portrait = opened.convert("RGB").resize((96, 118))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a portrait"
    deep = Image.fromarray(np.asarray(portrait.convert("L")).astype(np.uint16) * 257)
    with_alpha = portrait.convert("RGBA")
    with_alpha.putalpha(portrait.convert("L"))
    frames = {"save_all": True, "append_images": [portrait.rotate(90)], "duration": 40}
    files = [
        *(_file(portrait, "JPEG", quality=75, **extra) for extra in ({}, {"progressive": True}, {"exif": exif})),
        *(_file(portrait.convert(mode), "JPEG", quality=75) for mode in ("L", "CMYK")),
        *(_file(picture, "PNG") for picture in (portrait, with_alpha, deep, portrait.convert("P"))),
        _file(portrait, "PNG", exif=exif, **frames),
        *(_file(with_alpha, "WEBP", **extra) for extra in ({"quality": 70}, {"lossless": True}, frames)),
        _file(portrait, "WEBP", quality=60, exif=exif),
        _file(portrait, "GIF", **frames),
        _file(portrait, "BMP"),
        _file(portrait, "AVIF", quality=50),
        (ROOT / "tests" / "faces" / "portrait.heic").read_bytes(),
    ]
    return files


def _file(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def mutate(data: bytes, other: bytes, random: np.random.Generator) -> bytes:
    """One to eight random changes to a file; half of the PNG files get their checksums put right again."""
    content = bytearray(data)
    for _ in range(int(random.integers(1, 9))):
        CHANGES[random.integers(len(CHANGES))](content, other, random)
    if content.startswith(PNG_START) and random.random() < 0.5:
        _repair_checksums(content)
    return bytes(content)


def _place(content: bytearray, random: np.random.Generator) -> int:
    """Anywhere, but as often in the first 200 bytes, where the headers are."""
    end = max(1, len(content) if random.random() < 0.5 else min(200, len(content)))
    return int(random.integers(end))


def _flip(content: bytearray, _: bytes, random: np.random.Generator) -> None:
    if content:
        content[_place(content, random)] ^= 1 << int(random.integers(8))


def _overwrite(content: bytearray, _: bytes, random: np.random.Generator) -> None:
    start, length = _place(content, random), int(random.choice([1, 2, 4, 8]))
    value = random.choice([b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01"]) * length
    content[start : start + length] = value if random.random() < 0.7 else random.bytes(length)


def _delete(content: bytearray, _: bytes, random: np.random.Generator) -> None:
    start = _place(content, random)
    del content[start : start + int(random.integers(1, 64))]


def _repeat(content: bytearray, _: bytes, random: np.random.Generator) -> None:
    start = _place(content, random)
    piece = content[start : start + int(random.integers(1, 200))]
    content[start:start] = piece * int(random.integers(1, 4))


def _cut(content: bytearray, _: bytes, random: np.random.Generator) -> None:
    if random.random() < 0.3:
        del content[int(random.integers(len(content) + 1)) :]


def _splice(content: bytearray, other: bytes, random: np.random.Generator) -> None:
    start, length = int(random.integers(len(other))), int(random.integers(1, 400))
    place = _place(content, random)
    content[place : place + length] = other[start : start + length]


CHANGES: tuple[Callable[[bytearray, bytes, np.random.Generator], None], ...] = (
    *(_flip, _flip, _overwrite, _overwrite),
    *(_delete, _repeat, _cut, _splice),
)


def _repair_checksums(content: bytearray) -> None:
    place = len(PNG_START)
    while place + 12 <= len(content):
        end = place + 8 + int.from_bytes(content[place : place + 4], "big")
        if end + 4 > len(content):
            return
        content[end : end + 4] = zlib.crc32(content[place + 4 : end]).to_bytes(4, "big")
        place = end + 4


def run(*, seed: int, seconds: float | None = None, inputs: int | None = None) -> Outcome:
    """Mutate and read until the time or the inputs are used up, in this process."""
    random, files, process = np.random.default_rng(seed), real_files(), psutil.Process()
    done = pictures = refused = settled = 0
    slowest, faults = 0.0, list[str]()
    began = time.monotonic()
    while (inputs is None or done < inputs) and (seconds is None or time.monotonic() - began < seconds):
        data = mutate(files[random.integers(len(files))], files[random.integers(len(files))], random)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        started = time.monotonic()
        try:
            align(read_photo(data), MARKS)
            pictures += 1
        except PhotoError:
            refused += 1
        except Exception as error:  # what the target must not let through
            faults = [*faults, f"input {done} of seed {seed}: {type(error).__name__}: {error}"][:20]
        faulthandler.cancel_dump_traceback_later()
        slowest = max(slowest, time.monotonic() - started)
        done += 1
        if done == SETTLING:
            settled = process.memory_info().rss
    growth = (process.memory_info().rss - settled) / 1e6 if settled else 0.0
    return Outcome(done, pictures, refused, faults, slowest, growth)


def run_child(*, seed: int, seconds: float | None = None, inputs: int | None = None) -> Outcome | str:
    """The same in a child process; what it printed where it crashed or hung."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--seed", str(seed)]
    command += ["--seconds", str(seconds)] if seconds is not None else []
    command += ["--inputs", str(inputs)] if inputs is not None else []
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        return f"seed {seed} ended with {ended.returncode}: {ended.stderr[-1500:]}"
    return Outcome(**json.loads(ended.stdout.splitlines()[-1]))


def measure() -> list[Row]:
    """50,000 inputs in five processes one after the other."""
    outcomes: list[Outcome] = []
    crashes: list[str] = []
    for seed in range(CHILDREN):
        outcome = run_child(seed=seed, inputs=INPUTS // CHILDREN)
        if isinstance(outcome, str):
            crashes.append(outcome)
            print(outcome, file=sys.stderr)
        else:
            outcomes.append(outcome)
        print(f"{(seed + 1) * INPUTS // CHILDREN:,} of {INPUTS:,} inputs", file=sys.stderr, flush=True)
    for fault in (fault for outcome in outcomes for fault in outcome.faults):
        print(fault, file=sys.stderr)
    pictures, refused = sum(o.pictures for o in outcomes), sum(o.refused for o in outcomes)
    return [
        Row("Mutated picture files tried", f"{sum(o.inputs for o in outcomes):,}", "50,000"),
        Row("gave a picture, a sentence", f"{pictures:,}, {refused:,}"),
        Row("Crashes and hangs of the process", str(len(crashes)), "0"),
        Row("Other errors let through", str(sum(len(o.faults) for o in outcomes)), "0"),
        Row("Slowest input", f"{max((o.slowest for o in outcomes), default=0):.2f} s", "under 3 s"),
        Row(
            "Growth of memory over 10,000 inputs, at most", f"{max((o.growth_mb for o in outcomes), default=0):.0f} MB"
        ),
    ]


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--seconds", type=float)
    words.add_argument("--inputs", type=int)
    given = words.parse_args()
    print(json.dumps(asdict(run(seed=given.seed, seconds=given.seconds, inputs=given.inputs))))
