"""What lets a run go on after it was stopped: one file beside the checkpoint, until the last epoch is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor
from torch.optim import Optimizer

from models.checkpoint_files import CheckpointError
from models.config import ModelConfig
from models.training.options import TrainingOptions
from models.whole_files import write_bytes

STATE_FILE = "training.safetensors"
ABSENT = object()


@dataclass
class Progress:
    """How far a run has come.

    Attributes:
        epoch: finished epochs.
        history: a row for each of them.
        rescheduled: [epoch, epochs planned until then] for each time that the plan was changed on the way.
    """

    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    rescheduled: list[list[int]] = field(default_factory=list)


def write_state(folder: Path, settings: dict[str, Any], progress: Progress, tensors: dict[str, Tensor]) -> None:
    """Replace the state file in `folder`.

    Args:
        folder: of the checkpoint; made if missing.
        settings: all that has to be the same when the run goes on.
        progress: how far it has come.
        tensors: what `Learner.tensors` returns.

    Raises:
        OSError: it cannot be written; the file that stood there is as it was.
    """
    facts = {"identity": json.dumps(settings), **asdict(progress)}
    held = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_bytes(folder / STATE_FILE, save(held, metadata={"run": json.dumps(facts)}))


def read_state(folder: Path, settings: dict[str, Any]) -> tuple[Progress, dict[str, Tensor]]:
    """Read the state file in `folder`, for a run of these settings; only its epochs may have changed.

    Raises:
        CheckpointError: nothing to resume, damage, or a run with other settings.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        raise CheckpointError(f"{path} is missing: there is no unfinished run. Leave out --resume to start one.")
    try:
        with safe_open(path, "pt") as file:
            facts = json.loads(file.metadata()["run"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        before = json.loads(facts["identity"])
        progress = Progress(facts["epoch"], facts["history"], facts.get("rescheduled", []))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged. Add --overwrite instead of --resume to start again.") from error
    # An option that is newer than the run had its default then.
    defaults = {one.name: one.default for kind in (ModelConfig, TrainingOptions) for one in fields(kind)}
    before = {**defaults, "perceptual_classifier": "", "start_from": "", **before}
    if before["epochs"] != settings["epochs"] > progress.epoch:
        progress.rescheduled.append([progress.epoch, before["epochs"]])
        before["epochs"] = settings["epochs"]
    keys = dict.fromkeys([*before, *settings])
    if changed := [key for key in keys if before.get(key, ABSENT) != settings.get(key, ABSENT)]:
        said = ", ".join(f"{key} was {_short(before, key)} and is now {_short(settings, key)}" for key in changed)
        raise CheckpointError(
            f"{path} comes from a run with other settings: {said}. Give the same options, or another --out."
        )
    return progress, tensors


def _short(settings: dict[str, Any], key: str) -> str:
    """A setting in words; of a hash, only the beginning."""
    if settings.get(key, "") == "":
        return "not given"
    value = settings[key]
    return value[:12] if isinstance(value, str) else f"{value}"


def optimizer_tensors(optimizer: Optimizer, prefix: str) -> dict[str, Tensor]:
    """The state of an optimiser that holds nothing but tensors, under names that begin with `prefix`."""
    states = optimizer.state_dict()["state"]
    return {f"{prefix}.{index}.{name}": tensor for index, state in states.items() for name, tensor in state.items()}


def restore_optimizer(optimizer: Optimizer, kept: dict[str, Tensor], prefix: str) -> None:
    """Put back what `optimizer_tensors` gave under the same `prefix`."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in kept.items():
        if name.startswith(f"{prefix}."):
            index, field_name = name.removeprefix(f"{prefix}.").split(".")
            state.setdefault(int(index), {})[field_name] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
