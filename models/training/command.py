"""The command line that remakes a checkpoint, from what its `config.json` says of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from models.config import ConfigError, ModelConfig
from models.training.options import TrainingOptions

OF_NO_USE_TO_A_CLASSIFIER = {"latent_dim", "beta", "decoder_sigma", "encoder_scale", "encoder_width", "encoder_blocks"}
USUAL = {
    "last_kernel": ModelConfig.last_kernel,
    "taught_share": TrainingOptions.taught_share,
    "memory": TrainingOptions.memory,
}
"""Numbers that go without saying, although they are not 0."""
SAID_EVEN_AT_ZERO = {"seed", "beta", "weight_decay"}


def stages(config: ModelConfig, training: Mapping[str, Any]) -> list[tuple[ModelConfig, Mapping[str, Any]]]:
    """The runs that a checkpoint came from, the last one last: its own, and those of the checkpoints it started from.

    Args:
        config: the network.
        training: the "training" part of `config.json`.
    """
    runs = [(config, training)]
    while isinstance(start := runs[0][1].get("start"), dict) and isinstance(start.get("training"), dict):
        try:
            runs.insert(0, (ModelConfig.from_dict(start.get("model")), start["training"]))
        except ConfigError:
            break
    return runs


def training_command(place: str, config: ModelConfig, training: Mapping[str, Any]) -> str:
    """The calls of `train.py` that a checkpoint came from, a line each, "CELEBA" standing for the folder of pictures.

    Args:
        place: the checkpoint's folder as the command is to name it.
        config: the network.
        training: the "training" part of `config.json`; what is missing or no number is left out of the command.
    """
    runs = stages(config, training)
    places = [f"{place}-start{number}" for number in range(1, len(runs))] + [place]
    return "\n".join(
        one_command(out, *run, before) for out, run, before in zip(places, runs, ["", *places], strict=False)
    )


def mapping_command(place: str, told: Mapping[str, Any]) -> str:
    """The call of `train_prior.py` that taught a decoder's mapping, from the "mapping" part of `config.json`."""
    names = ("width", "steps", "batch_size", "learning_rate", "seed", "points")
    options = [f"{_flag(name)} {told[name]}" for name in names if isinstance(told.get(name), int | float)]
    return f"python train_prior.py {place} --mapping {' '.join(options)}"


def one_command(place: str, config: ModelConfig, training: Mapping[str, Any], start: str) -> str:
    """One call of `train.py`, as in `training_command`; `start` is the folder that it starts from, if it does."""
    given = {**config.to_dict(), **training}
    skipped = set(OF_NO_USE_TO_A_CLASSIFIER) if config.kind == "classifier" else set()
    if "mapping_width" not in training:
        skipped.add("mapping_width")  # the mapping was taught after the run, see `mapping_command`
    if training.get("kl_target"):
        skipped.add("beta")  # what the training ended with, not what it was given
    skipped |= {name for name, usual in USUAL.items() if given.get(name) == usual}
    options = [f"--kind {config.kind}"]
    if start:
        options.append(f"--start-from {start}")
    if config.kind == "classifier":
        options.append(f"--architecture {config.architecture}")
    known = [field.name for kind in (ModelConfig, TrainingOptions) for field in fields(kind) if field.name in given]
    switches = [name for name in known if given[name] is True]
    numbers = [name for name in known if isinstance(given[name], int | float) and not isinstance(given[name], bool)]
    options += [_flag(name) for name in switches]
    options += [
        f"{_flag(name)} {given[name]:g}"
        for name in numbers
        if name not in skipped and (given[name] or name in SAID_EVEN_AT_ZERO)
    ]
    processes = training.get("processes", 1)
    door = "python train.py" if processes == 1 else f"torchrun --nproc-per-node {processes} train.py"
    return f"{door} --data CELEBA --out {place} {' '.join(options)}{_remarks(training)}"


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _remarks(training: Mapping[str, Any]) -> str:
    """What a command cannot say: where the run's plan was changed on the way, and where it was stopped."""
    said = []
    changes = training.get("rescheduled")
    for change in changes if isinstance(changes, list) else []:
        if isinstance(change, list) and len(change) == 2 and all(isinstance(part, int) for part in change):
            said.append(f"with --epochs {change[1]} until epoch {change[0]}")
    eyes = training.get("perceptual_classifier")
    if isinstance(eyes, str) and (several := len(eyes.split())) > 1:
        said.append(f"--perceptual-classifier for each of {several} classifiers")
    done, planned = training.get("epochs_done"), training.get("epochs")
    if isinstance(done, int) and isinstance(planned, int) and done < planned:
        said.append(f"stopped after epoch {done}")
    return f"  # {', '.join(said)}" if said else ""
