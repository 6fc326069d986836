"""Does loading hold training back? The rate of whole epochs against bare steps on data already in memory."""

from __future__ import annotations

import time

import numpy as np
import torch

from benchmarks.report import Row
from models.config import ModelConfig
from models.data.dataset import FaceArray
from models.training.hardware import best_precision, machine
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan

STEPS = 20
ROUNDS = 3


def measure() -> list[Row]:
    """Interleave epochs of 20 steps with 20 bare steps, so that a drifting machine hits both alike."""
    options = TrainingOptions(epochs=2 * ROUNDS + 2, precision=best_precision("cpu"))
    count = STEPS * options.batch_size
    # The pictures lie in a memory-mapped file on disk, exactly as in training.
    images = _on_disk(count)
    faces = FaceArray(images, np.zeros(count, np.uint8), None, 0)
    trainer = Trainer(Plan(ModelConfig("vae"), options), faces)
    trainer.run_epoch()  # warm-up
    batches = [x.clone() for x, _ in trainer.batches.epoch(0)]
    generator = torch.Generator().manual_seed(0)
    with_loading, bare = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        trainer.run_epoch()
        with_loading.append(time.perf_counter() - began)
        began = time.perf_counter()
        for x in batches:
            trainer.learner.step(x, None, generator)
        bare.append(time.perf_counter() - began)
    rate, bare_rate = (count / float(np.median(seconds)) for seconds in (with_loading, bare))
    return [
        Row("Training, 64 px, width 32", f"{rate:.0f} pictures/s on {machine()}, {options.precision}"),
        Row("of the bare step rate", f"{rate / bare_rate:.0%}", "at least 90 %"),
    ]


def _on_disk(count: int) -> np.ndarray:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file, np.random.default_rng(0).integers(0, 256, (count, 64, 64, 3), dtype=np.uint8))
        file.flush()
        return np.load(file.name, mmap_mode="r")
