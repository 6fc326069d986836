"""Does the whole of CelebA (202,599 pictures) go through `build_atlas.py` in bounded memory?

A folder of that many links to a few synthetic pictures stands in for CelebA. Give it an hour on two cores.
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
PICTURES = 2_000


def measure(count: int = WHOLE) -> list[Row]:
    """Build an atlas of `count` pictures in a scratch folder and watch the process's memory."""
    with tempfile.TemporaryDirectory() as scratch:
        faces, checkpoint = Path(scratch) / "faces", Path(scratch) / "ae"
        _faces(faces, count)
        checkpoint.mkdir()
        for name in ("config.json", "model.safetensors"):
            (checkpoint / name).symlink_to(ROOT / "checkpoints" / "ae" / name)
        libraries = _peak([sys.executable, "-c", "import build_atlas, umap"])[0]
        peak, seconds = _peak([sys.executable, "build_atlas.py", str(checkpoint), "--data", str(faces)])
        size = (checkpoint / "atlas.npz").stat().st_size
    return [
        Row(f"Memory to map {count:,} pictures, besides the libraries ({libraries / 1e6:.0f} MB)",
            f"{(peak - libraries) / 1e9:.2f} GB in {seconds / 60:.0f} min; atlas of {size / 1e6:.0f} MB", "under 4 GB"),
    ]  # fmt: skip


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


def _peak(command: list[str]) -> tuple[int, float]:
    """Peak resident bytes of a command, and its seconds.

    Raises:
        RuntimeError: the command failed.
    """
    began, peak = time.monotonic(), 0
    process = psutil.Popen(command, cwd=ROOT)
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.05)
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} failed")
    return peak, time.monotonic() - began
