"""Training that goes on from a checkpoint: its weights, and what its files say of how they came about."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch.nn.functional as F
from torch import nn

from models.checkpoints import BESIDE, HISTORY_FILE, CheckpointError, load_checkpoint, read_config
from models.networks import Autoencoder


@dataclass(frozen=True, eq=False)
class Start:
    """A checkpoint that a run starts from.

    Attributes:
        network: with its weights.
        record: its whole config.json, kept in that of the run, so that the card can name both commands.
        history: the rows of its history.csv; empty where there is none that can be read.
        beside: its mapping and its faithful decoder, as `models.checkpoints.save_checkpoint` takes them.
    """

    network: Autoencoder
    record: dict[str, Any]
    history: Sequence[dict[str, float]]
    beside: Mapping[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Names its weights."""
        return str(self.record["weights_sha256"])


def read_start(folder: Path) -> Start:
    """Open the checkpoint in `folder` as a start.

    Raises:
        CheckpointError: it cannot be opened, or is none of ours, so that its layers are not known.
    """
    network = load_checkpoint(folder)
    if not isinstance(network, Autoencoder):
        raise CheckpointError(f"{folder} was made elsewhere, so its layers cannot be trained here. Name one of ours.")
    try:
        with (folder / HISTORY_FILE).open(newline="", encoding="utf-8") as file:
            history = [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
    except (OSError, ValueError, TypeError, csv.Error):
        history = []
    record = read_config(folder)[1]
    try:
        beside = {name: ((folder / file).read_bytes(), record[name]) for name, file in BESIDE.items() if name in record}
    except OSError as error:
        raise CheckpointError(f"{folder} is not whole ({error.strerror}). Copy it again.") from error
    return Start(network, record, history, beside)


def take_over(network: nn.Module, start: Autoencoder) -> None:
    """Give `network` the weights of `start`; residual blocks that only `network` has stay fresh and change nothing,
    and a larger kernel begins with a border of zeros.

    What moved latents to the faces of `start` is kept if `network` has a place for it. What corrected its codes is left
    behind: it belongs to the decoder as it was.

    Raises:
        CheckpointError: the two differ in more than that.
    """
    weights, own = start.state_dict(), network.state_dict()
    left = {name for name in weights if name == "refinement" or (".mapping." in name and name not in own)}
    weights = {name: weight for name, weight in weights.items() if name not in left}
    for name, weight in weights.items():
        if weight.ndim == 4 and name in own and own[name].shape[-1] == weight.shape[-1] + 2 and "decoder." in name:
            weights[name] = F.pad(weight, (1, 1, 1, 1))  # a larger kernel draws the same with a border of zeros
    odd = [name for name in weights if name not in own or own[name].shape != weights[name].shape]
    odd += [name for name in own if name not in weights and ".blocks." not in name]
    if odd:
        raise CheckpointError(
            f"the checkpoint to start from has other layers ({odd[0]} does not fit). "
            "Give the options it was trained with; only --encoder-blocks and --last-kernel may grow, and "
            "--mapping-width is that of its mapping or 0."
        )
    network.load_state_dict({**own, **weights})


def continued(start: Start | None, history: Sequence[dict[str, float]]) -> list[dict[str, float]]:
    """The epochs of `history` behind those of the checkpoint that the run started from, counted on."""
    before = list(start.history) if start is not None else []
    return before + [{**row, "epoch": row["epoch"] + len(before)} for row in history]


def to_csv(rows: Sequence[dict[str, float]]) -> str:
    """Rows as CSV text; a term that a row does not have is left empty."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, fieldnames=names, lineterminator="\n")
    writer.writeheader()
    writer.writerows([{name: f"{value:.6g}" for name, value in row.items()} for row in rows])
    return text.getvalue()
