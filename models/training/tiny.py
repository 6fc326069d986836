"""A training run small enough to be watched: 32 px, a latent of two numbers, seconds an epoch on one core.

`prepare` and `run` are the work of a process of its own, so that the page that started it stays quick and gets all
memory back.
"""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.config import ConfigError, ModelConfig

if TYPE_CHECKING:  # the page reads what the process says without torch
    import torch

    from models.latent_model import LatentModel
    from models.networks import Autoencoder

SIDE, GRID = 32, 9
BATCH, LEARNING_RATE = 50, 2e-3
CHUNK = 100  # pictures read or decoded at once
INSIDE = (2, 98)  # percentiles of the codes between which the plane is decoded
Faces = Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]
"""Blocks of faces uint8 [B, 32, 32, 3], each with which of those that were wanted they are."""


@dataclass(frozen=True)
class TinyConfig(ModelConfig):
    """As any network of ours, of a size that only this run has."""

    image_size: int = SIDE
    latent_dim: int = 2
    width: int = 16

    def _check_image_size(self) -> None:
        if self.image_size != SIDE:
            raise ConfigError(f"image_size must be {SIDE}, not {self.image_size!r}.")


@dataclass(frozen=True, eq=False)
class Epoch:
    """What there is to see after an epoch.

    Attributes:
        number: 0 before the first one.
        kind: of the network, "ae" or "vae".
        seconds: that it took.
        distortion, kl: means over its pictures, in nats an image; NaN before the first one, and the KL of an AE.
        codes: float32 [N, 2], where the faces lie: codes, or centres of posteriors.
        rebuilt: uint8 [H, 32, 32, 3], the held-out faces.
        plane: uint8 [288, 288, 3], nine by nine places of the plane decoded, the greatest second number on top.
        extent: the least and greatest first number and the least and greatest second number on `plane`.
    """

    number: int
    kind: str
    seconds: float
    distortion: float
    kl: float
    codes: NDArray[np.float32]
    rebuilt: NDArray[np.uint8]
    plane: NDArray[np.uint8]
    extent: tuple[float, float, float, float]

    def to_message(self) -> dict[str, Any]:
        """As JSON can hold it."""
        numbers = {"number": self.number, "seconds": self.seconds, "distortion": self.distortion, "kl": self.kl}
        arrays = {"codes": pack(self.codes), "rebuilt": pack(self.rebuilt), "plane": pack(self.plane)}
        return {"kind": self.kind, **numbers, **arrays, "extent": self.extent}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Epoch:
        """The opposite of `to_message`."""
        left, right, low, high = (float(end) for end in message["extent"])
        return cls(
            number=int(message["number"]),
            kind=str(message["kind"]),
            seconds=float(message["seconds"]),
            distortion=float(message["distortion"]),
            kl=float(message["kl"]),
            codes=unpack(message["codes"]),
            rebuilt=unpack(message["rebuilt"]),
            plane=unpack(message["plane"]),
            extent=(left, right, low, high),
        )


def train(
    faces: NDArray[np.uint8], held: NDArray[np.uint8], config: TinyConfig, epochs: int, seed: int = 0
) -> Iterator[Epoch]:
    """Train a tiny network, and look at it before the first and after each epoch.

    Args:
        faces: uint8 [N, 32, 32, 3], N at least 2.
        held: uint8 [H, 32, 32, 3], faces that it is not trained on.
        config: an AE or a VAE.
        epochs: passes through all faces.
        seed: of weights, order and draws.
    """
    import torch

    from models.images import to_tensor
    from models.networks import Autoencoder
    from models.training.objectives import AutoencoderObjective

    torch.manual_seed(seed)
    network = Autoencoder(config)
    objective = AutoencoderObjective(network)
    generator = torch.Generator().manual_seed(seed)
    pictures, unseen = to_tensor(faces), to_tensor(held)
    yield _look(network, pictures, unseen, 0, 0.0, {})
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE)
    for number in range(1, epochs + 1):
        began, sums = time.monotonic(), dict.fromkeys(("distortion", "kl"), 0.0)
        network.train()
        batches = _batches(len(pictures), generator)
        for rows in batches:
            terms = objective(pictures[rows], None, generator)
            optimizer.zero_grad(set_to_none=True)
            terms["loss"].backward()
            optimizer.step()
            for name in sums:
                sums[name] += float(terms[name].detach()) * len(rows) if name in terms else float("nan")
        seen = sum(map(len, batches))
        means = {name: total / seen for name, total in sums.items()}
        yield _look(network, pictures, unseen, number, time.monotonic() - began, means)


def _batches(count: int, generator: torch.Generator) -> list[torch.Tensor]:
    """Rows in a new order; a last batch of a single picture, which has no variance, is left out."""
    import torch

    return [rows for rows in torch.randperm(count, generator=generator).split(BATCH) if len(rows) > 1]


def _look(
    network: Autoencoder,
    pictures: torch.Tensor,
    unseen: torch.Tensor,
    number: int,
    seconds: float,
    means: dict[str, float],
) -> Epoch:
    import torch

    from models.images import to_uint8

    network.eval()
    with torch.inference_mode():
        codes = torch.cat([network.encode(batch) for batch in pictures.split(500)]).numpy()
        rebuilt = to_uint8(network.decode(network.encode(unseen)))
        (left, low), (right, high) = np.percentile(codes, INSIDE, axis=0)
        across, up = np.meshgrid(np.linspace(left, right, GRID), np.linspace(high, low, GRID))
        places = torch.from_numpy(np.stack([across.ravel(), up.ravel()], 1).astype(np.float32))
        cells = to_uint8(network.decode(places)).reshape(GRID, GRID, SIDE, SIDE, 3)
    plane = cells.transpose(0, 2, 1, 3, 4).reshape(GRID * SIDE, GRID * SIDE, 3)
    distortion, kl = (means.get(name, float("nan")) for name in ("distortion", "kl"))
    extent = (float(left), float(right), float(low), float(high))
    return Epoch(number, network.config.kind, seconds, distortion, kl, codes, rebuilt, plane, extent)


def pack(array: NDArray[Any]) -> str:
    """An array as text."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def unpack(text: str) -> NDArray[Any]:
    """The opposite of `pack`."""
    loaded: NDArray[Any] = np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False)
    return loaded


def pack_order(settings: dict[str, Any], latents: NDArray[np.float32] | None) -> bytes:
    """An order as the process reads it.

    Args:
        settings: "kinds" (of the networks, which are trained side by side), "beta", "epochs", "seconds" (the most that
            training may take), "held" (how many of the faces, the last ones, are held out), and either "paths" of
            aligned pictures or the "checkpoint" that decodes `latents`.
        latents: float32 [N + H, D], or None where there are paths.
    """
    buffer = io.BytesIO()
    empty = np.empty((0, 0), np.float32)
    np.savez(buffer, settings=np.array(json.dumps(settings)), latents=empty if latents is None else latents)
    return buffer.getvalue()


def _source(settings: dict[str, Any], latents: NDArray[np.float32]) -> Callable[[slice], Faces]:
    """What makes some of an order's faces."""
    if "paths" in settings:
        return lambda rows: _read(settings["paths"][rows])
    from models.checkpoints import load_checkpoint

    network = load_checkpoint(Path(settings["checkpoint"]))
    return lambda rows: _decode(network, latents[rows])


def _read(paths: Sequence[str]) -> Faces:
    from models.images import read_crops

    for rows, crops, _ in read_crops([Path(path) for path in paths], SIDE, workers=1, batch_size=CHUNK):
        yield rows, crops


def _decode(network: LatentModel, latents: NDArray[np.float32]) -> Faces:
    import torch

    from models.images import as_seen, to_uint8

    for start in range(0, len(latents), CHUNK):
        with torch.inference_mode():
            decoded = to_uint8(network.decode(torch.from_numpy(latents[start : start + CHUNK])))
        yield np.arange(start, start + len(decoded)), as_seen(decoded, SIDE)


def _gather(faces: Faces, count: int, say: Callable[..., None]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """So many faces at 32 px, and which of them could be read."""
    blocks, places = [], []
    for rows, block in faces:
        places.append(rows)
        blocks.append(block)
        say(step="Gathering the faces", share=min(1.0, float(rows[-1] + 1) / count) if len(rows) else 0.0)
    return np.concatenate(blocks), np.concatenate(places)


def held_faces(settings: dict[str, Any], latents: NDArray[np.float32] | None) -> NDArray[np.uint8]:
    """The held-out faces of an order, which are the first thing to see: uint8 [H, 32, 32, 3], those that can be read.

    Args:
        settings, latents: as in `pack_order`.

    Raises:
        CheckpointError: the checkpoint that decodes them cannot be opened.
    """
    codes = np.empty((0, 0), np.float32) if latents is None else latents
    rows = slice(len(settings.get("paths", codes)) - settings["held"], None)
    return np.concatenate([block for _, block in _source(settings, codes)(rows)])


def prepare() -> None:
    """Import what `run` needs, seconds long; `torch._dynamo` is what an optimizer imports by itself."""
    own = ("models.checkpoints", "models.images", "models.networks", "models.training.objectives")
    for module in (*own, "torch._dynamo"):
        import_module(module)


def run(order: bytes, say: Callable[..., None], clock: Callable[[], float] = time.monotonic) -> None:
    """Carry out an order.

    Args:
        order: from `pack_order`.
        say: takes what there is to tell: "step" and "share"; "faces" (the held-out ones, first of all); "used" (which
            of the others could be read); "epoch"; "began", right before the first step of training, from which on the
            order's seconds count; and "problem", a sentence, with which it ends.
        clock: tells the time in seconds.
    """
    with np.load(io.BytesIO(order), allow_pickle=False) as stored:
        settings, latents = json.loads(str(stored["settings"])), stored["latents"]
    source, count = _source(settings, latents), len(settings.get("paths", latents)) - settings["held"]
    unseen = held_faces(settings, latents)
    if len(unseen):  # before the many others are there
        say(faces=pack(unseen))
    pictures, used = _gather(source(slice(count)), count, say)
    if len(pictures) < BATCH or not len(unseen):
        say(problem="Too few of the pictures can be read.")
        return
    say(used=used.tolist())
    configs = [TinyConfig(kind, beta=settings["beta"]) for kind in settings["kinds"]]
    side_by_side = (train(pictures, unseen, config, settings["epochs"]) for config in configs)
    began = None  # a busy machine may have taken minutes until here
    for epochs in zip(*side_by_side, strict=True):
        for epoch in epochs:
            say(epoch=epoch.to_message())
        if began is None:
            began = clock()
            say(began=True)
        elif clock() - began > settings["seconds"]:
            say(stopped=True)
            return
