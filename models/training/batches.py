"""The pictures of a run, epoch by epoch: in which order, mirrored or not, and which of them each process takes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor

from models.checkpoint_files import CheckpointError
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.training.options import TrainingOptions


def rank() -> int:
    """The number of this process among those that train together; 0 where it is alone."""
    return dist.get_rank() if dist.is_initialized() else 0


def world() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


@dataclass(frozen=True, eq=False)
class Batches:
    """Training pictures in batches; what an epoch holds follows from (seed, epoch) alone.

    Attributes:
        faces: all pictures.
        rows: int64 [T], which of them are trained on.
        size: pictures a batch, over all processes together.
        seed: of the order, the mirroring and the jitter.
        jitter: how far crops stray, see `FaceArray.jittered`.
        labelled: whether labels come along.
        rank, world: this process's number, and how many there are.
        readers: threads that read jittered crops.
    """

    faces: FaceArray
    rows: NDArray[np.int64]
    size: int
    seed: int = 0
    jitter: float = 0.0
    labelled: bool = False
    rank: int = field(default_factory=rank)
    world: int = field(default_factory=world)
    readers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="pictures"))

    @property
    def steps(self) -> int:
        """Batches an epoch; the pictures that do not fill another one are left out, others each time."""
        return len(self.rows) // self.size

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor | None]]:
        """This process's share of each batch of an epoch: shuffled, half of it mirrored left to right.

        Yields:
            Pictures float32 [N, 3, S, S] in [0, 1] and labels float32 [N, 40] or None, on the CPU.

        Raises:
            DataError: a file that is read anew is gone.
        """
        random = np.random.default_rng([self.seed, number])
        order = random.permutation(self.rows)
        mirrored = random.random(len(order)) < 0.5
        for start in range(0, self.steps * self.size, self.size):
            mine = slice(start + self.rank, start + self.size, self.world)
            rows = order[mine]
            if self.jitter:
                own = np.random.default_rng([self.seed, number, start, self.rank])
                crops = self.faces.jittered(rows, self.jitter, own, self.readers)
            else:
                crops = self.faces.images[rows]  # a copy, since rows is an array
            crops[mirrored[mine]] = crops[mirrored[mine], :, ::-1]  # as bytes, a quarter of the work
            labels = None
            if self.labelled and self.faces.labels is not None:
                labels = torch.from_numpy(self.faces.labels[rows]).float()
            yield to_tensor(crops), labels


def rows_of(faces: FaceArray, config: ModelConfig, partition: str) -> NDArray[np.int64]:
    """The pictures of a partition that a network can learn from or be judged by: int64 [T].

    Raises:
        CheckpointError: a classifier, without labels.
    """
    rows = faces.indices(partition)
    if config.kind != "classifier":
        return rows
    if faces.labels is None or faces.attributes != ATTRIBUTES:
        raise CheckpointError("a classifier learns from CelebA's labels; put list_attr_celeba.txt beside the pictures.")
    return rows[(faces.labels[rows] >= 0).all(1)]


def training_batches(faces: FaceArray, config: ModelConfig, options: TrainingOptions) -> Batches:
    """The training pictures as a run takes them.

    Raises:
        CheckpointError: a classifier without labels, or fewer training pictures than one batch.
    """
    labelled = config.kind == "classifier"
    rows = rows_of(faces, config, "train")
    batches = Batches(faces, rows, options.batch_size, options.seed, options.crop_jitter, labelled)
    if not batches.steps:
        raise CheckpointError(
            f"{len(rows)} training pictures do not fill one batch of {options.batch_size}. "
            "Lower --batch-size or give more pictures."
        )
    return batches
