"""A run that is stopped after its first epoch and taken up again."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file

from models.training.loop import Trainer


def stop_after_an_epoch(trainer: Trainer, folder: Path) -> None:
    """Leave in `folder` what `run` leaves there when it is stopped in its second epoch."""
    trainer.progress.history.append({"epoch": 1.0, "seconds": 0.0, **trainer.run_epoch(), **trainer.validate()})
    trainer.save(folder)


def check_that_it_resumes(make: Callable[[], Trainer], folder: Path) -> Trainer:
    """A resumed run ends in the weights of an unbroken one, which is returned; `make` gives fresh ones."""
    whole = make()
    whole.run(folder / "whole", progress=False)
    stop_after_an_epoch(make(), folder / "parts")
    resumed = make()
    resumed.resume(folder / "parts")
    assert resumed.progress.epoch == 1
    resumed.run(folder / "parts", progress=False)
    first, second = (load_file(folder / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(first[name], second[name]) for name in first)
    return whole
