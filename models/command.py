"""The command line that remakes a checkpoint, from what its `config.json` says of its training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.config import ModelConfig

OPTION_NAMES = (
    "image_size",
    "latent_dim",
    "width",
    "beta",
    "decoder_sigma",
    "encoder_scale",
    "encoder_width",
    "perceptual_weight",
)
OFF_AT_ZERO = ("encoder_width", "perceptual_weight", "perceptual_last_stage", "kl_target")
RUN_NAMES = ("perceptual_last_stage", "kl_target", "epochs", "batch_size", "learning_rate", "weight_decay", "seed")
SWITCHES = ("resize_convolution", "eight_bit")
OF_NO_USE_TO_A_CLASSIFIER = ("latent_dim", "beta", "decoder_sigma", "encoder_scale", "encoder_width")


def training_command(place: str, config: ModelConfig, training: Mapping[str, Any]) -> str:
    """The call of `train.py` that a checkpoint came from, "CELEBA" standing for the folder of pictures.

    Args:
        place: the checkpoint's folder as the command is to name it.
        config: the network.
        training: the "training" part of `config.json`; what is missing or no number is left out of the command.
    """
    values = {**config.to_dict(), **training}
    values = {key: value for key, value in values.items() if isinstance(value, int | float)}
    skipped = set(OF_NO_USE_TO_A_CLASSIFIER) if config.kind == "classifier" else set()
    if training.get("kl_target"):
        skipped.add("beta")  # what the training ended with, not what it was given
    options = [f"--kind {config.kind}"]
    if config.kind == "classifier":
        options.append(f"--architecture {config.architecture}")
    if config.linear_path:
        options.append("--linear-path")
    options += [f"--{name.replace('_', '-')}" for name in SWITCHES if training.get(name)]
    for key in (*OPTION_NAMES, *RUN_NAMES):
        if key in values and key not in skipped and (values[key] or key not in OFF_AT_ZERO):
            options.append(f"--{key.replace('_', '-')} {values[key]:g}")
    processes = training.get("processes", 1)
    door = "python train.py" if processes == 1 else f"torchrun --nproc-per-node {processes} train.py"
    return f"{door} --data CELEBA --out {place} {' '.join(options)}"
