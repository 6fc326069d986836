"""Does the whole of CelebA (202,599 pictures) go through `build_atlas.py` in bounded memory?

Folders of links to synthetic pictures stand in for CelebA, in two sizes. Give it ten minutes on two cores.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks.report import Row
from benchmarks.server import ROOT

WHOLE = 202_599
SIZES = (25_000, 75_000)
PICTURES = 25_000  # distinct ones; a larger folder holds each several times


def measure() -> list[Row]:
    """Build atlases of two sizes in a scratch folder, watch the process's memory, and draw the line through both."""
    libraries = peak([sys.executable, "-c", "import build_atlas, umap"])[0]
    used, seconds, _ = zip(*(_build(count) for count in SIZES), strict=True)
    a_picture = (used[1] - used[0]) / (SIZES[1] - SIZES[0])
    whole = used[1] + a_picture * (WHOLE - SIZES[1]) - libraries
    return [
        *(
            Row(f"Peak memory to map {count:,} pictures", f"{peak / 1e6:,.0f} MB in {took:.0f} s")
            for count, peak, took in zip(SIZES, used, seconds, strict=True)
        ),
        Row(
            f"hence for {WHOLE:,}, besides the libraries ({libraries / 1e6:,.0f} MB), extrapolated in a straight line",
            f"{whole / 1e9:.1f} GB",
            "under 4 GB",
        ),
    ]


def _build(count: int) -> tuple[int, float, float]:
    """Peak bytes, seconds and processor time of one build of `count` pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        faces, checkpoint = Path(scratch) / "faces", Path(scratch) / "ae"
        _faces(faces, count)
        checkpoint.mkdir()
        for name in ("config.json", "model.safetensors"):
            (checkpoint / name).symlink_to(ROOT / "checkpoints" / "ae" / name)
        return peak([sys.executable, "build_atlas.py", str(checkpoint), "--data", str(faces)])


def _faces(folder: Path, count: int) -> None:
    """Smooth random pictures, each linked often: distinct enough for UMAP, quick to make."""
    folder.mkdir()
    random = np.random.default_rng(0)
    originals = []
    for i in range(min(PICTURES, count)):
        small = Image.fromarray(random.integers(0, 256, (6, 5, 3), dtype=np.uint8))
        originals.append(folder.parent / f"original{i}.jpg")
        small.resize((178, 218), Image.Resampling.BICUBIC).save(originals[-1], quality=85)
    for number in range(1, count + 1):
        (folder / f"{number:06d}.jpg").symlink_to(originals[number % len(originals)])


def peak(command: list[str]) -> tuple[int, float, float]:
    """Peak resident bytes of a command, its seconds, and those of the processor.

    Raises:
        RuntimeError: the command failed.
    """
    began, most, busy = time.monotonic(), 0, 0.0
    process = psutil.Popen(command, cwd=ROOT)
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
            busy = sum(process.cpu_times()[:2])
        except psutil.Error:
            break
        time.sleep(0.05)
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} failed")
    return most, time.monotonic() - began, busy
