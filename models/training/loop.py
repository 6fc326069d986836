"""The training loop: one for the AE, the VAE and the attribute classifier, on one process or many."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from models.checkpoint_files import HISTORY_FILE, CheckpointError
from models.checkpoints import save_checkpoint
from models.classifier import AttributeClassifier
from models.data.dataset import FaceArray
from models.metrics import attribute_logits, measure_reconstruction
from models.networks import Autoencoder
from models.training.batches import rows_of, training_batches
from models.training.finishing import Pictures, kept_network, staying_beside, training_record
from models.training.learner import Learner
from models.training.plan import Plan
from models.training.snapshots import COLUMNS, save_snapshot
from models.training.start import continued, to_csv
from models.training.state import STATE_FILE, Progress, read_state, write_state
from models.whole_files import write_text


class Trainer:
    """A training run that can be stopped after any epoch and continued to the same result.

    All randomness of an epoch comes from (seed, epoch, rank), so only what `Learner.tensors` returns needs keeping.

    Attributes:
        plan: what is trained.
        batches: of which pictures.
        learner: what learns from them.
        progress: how far it has come.
    """

    def __init__(
        self, plan: Plan, faces: FaceArray, *, snapshots: bool = False, learner: type[Learner] = Learner
    ) -> None:
        """Build what learns.

        Args:
            plan: what is trained, and how.
            faces: the pictures.
            snapshots: `run` keeps a strip of decoded pictures an epoch.
            learner: how it learns.

        Raises:
            CheckpointError: a classifier without labels, fewer training pictures than one batch, snapshots of what
                decodes nothing, or a network to start from that has other layers.
        """
        if snapshots and plan.config.kind == "classifier":
            raise CheckpointError("a classifier decodes nothing, so it has no snapshots; leave out --snapshots.")
        self.plan, self.snapshots = plan, snapshots
        self.batches = training_batches(faces, plan.config, plan.options)
        self.pictures = Pictures(faces, self.batches.rows, rows_of(faces, plan.config, "valid"))
        self.learner = learner(plan, plan.options.epochs * self.batches.steps)
        self.progress = Progress()
        self._begun = False

    def begin(self) -> None:
        """What comes before the first step and takes a while, so that `resume` need not wait for it."""
        if not self._begun:
            self.learner.begin(self.pictures.faces, self.pictures.train)
            self._begun = True

    def run_epoch(self, bar: tqdm[Any] | None = None) -> dict[str, float]:
        """Train for one epoch and return its mean terms.

        Raises:
            CheckpointError: the loss is no longer a finite number.
        """
        self.begin()
        self.learner.train()
        options, epoch = self.plan.options, self.progress.epoch
        seed = (options.seed * 100_003 + epoch) * 1009 + self.batches.rank
        torch.manual_seed(seed)  # of what draws by itself, such as dropout
        generator = torch.Generator(self.learner.device).manual_seed(seed)
        sums: dict[str, Tensor] = {}
        for x, labels in self.batches.epoch(epoch):
            terms = self.learner.step(x, labels, generator)
            for name, value in terms.items():
                sums[name] = sums.get(name, torch.zeros_like(value)) + value
            if bar is not None:
                bar.update(options.batch_size)
                loss = float(terms["loss"])
                bar.set_postfix(epoch=f"{epoch + 1}/{options.epochs}", loss=f"{loss:.1f}", refresh=False)
        means = {name: float(value) / self.batches.steps for name, value in sums.items()}
        if not np.isfinite(means["loss"]):
            raise CheckpointError("the loss is no longer a finite number; start again with a lower --learning-rate.")
        self.progress.epoch += 1
        return means

    def validate(self) -> dict[str, float]:
        """Figures on the validation partition; empty where there is none. Nothing is changed."""
        rows, faces = self.pictures.valid, self.pictures.faces
        if not len(rows):
            return {}
        network = self.learner.network.eval()
        images: NDArray[np.uint8] = faces.images[rows]
        if isinstance(network, AttributeClassifier):
            assert faces.labels is not None
            labels = torch.from_numpy(faces.labels[rows])
            return {"valid_accuracy": float(((attribute_logits(network, images) > 0) == labels).double().mean())}
        result = measure_reconstruction(network, images)
        return {"valid_psnr": result.psnr} | ({"valid_kl": result.kl} if network.is_variational else {})

    def run(self, folder: Path, progress: bool = True) -> None:
        """Train the remaining epochs, keeping a checkpoint in `folder` after each."""
        with self._bar(folder, progress) as bar:
            if self.progress.epoch == self.plan.options.epochs and self.batches.rank == 0:
                self.save(folder)  # all was trained, and what came after the last epoch went wrong
            elif self.progress.epoch == 0:
                self.begin()
                if self.plan.options.critic_first:  # what a critic learnt alone need not be learnt again
                    write_state(folder, self._settings(), self.progress, self.learner.tensors())
                self.keep_snapshot(folder)
            while self.progress.epoch < self.plan.options.epochs:
                self._train_and_keep(folder, bar)

    def _train_and_keep(self, folder: Path, bar: tqdm[Any]) -> None:
        """One epoch; it is saved whatever goes wrong behind it."""
        began = time.monotonic()
        means = self.run_epoch(bar)
        row = {"epoch": float(self.progress.epoch), "seconds": time.monotonic() - began, **means}
        if self.batches.rank == 0:
            self.progress.history.append(row)
            try:
                row |= self.validate()
            finally:
                self.save(folder)
            self.keep_snapshot(folder)
            bar.write(", ".join(f"{name} {value:.4g}" for name, value in row.items()))
        if self.batches.world > 1:
            dist.barrier()

    def _bar(self, folder: Path, progress: bool) -> tqdm[Any]:
        an_epoch = self.batches.steps * self.plan.options.batch_size
        return tqdm(
            total=self.plan.options.epochs * an_epoch,
            initial=self.progress.epoch * an_epoch,
            desc=f"Training {folder.name}",
            unit=" pictures",
            disable=not progress or self.batches.rank > 0,
            mininterval=0.5 if sys.stderr.isatty() else 30,
        )

    def keep_snapshot(self, folder: Path) -> None:
        """Write this epoch's strip of decoded pictures, where snapshots are kept."""
        rows = self.pictures.valid[:COLUMNS]
        if self.snapshots and self.batches.rank == 0 and len(rows):
            network = self.learner.network
            assert isinstance(network, Autoencoder)
            save_snapshot(network.eval(), self.pictures.faces.images[rows], folder, self.progress.epoch)

    def save(self, folder: Path) -> None:
        """Write what `--resume` needs, then the checkpoint and `history.csv`; a finished run needs no `--resume`."""
        write_state(folder, self._settings(), self.progress, self.learner.tensors())
        finished = self.progress.epoch == self.plan.options.epochs
        network = kept_network(
            self.learner.network, self.learner.config, self.plan if finished else None, self.pictures
        )
        record = training_record(self.plan, self.progress, self.pictures, self.batches.world)
        beside = staying_beside(self.plan)
        save_checkpoint(network, folder, record, eight_bit=self.plan.options.eight_bit, beside=beside)
        write_text(folder / HISTORY_FILE, to_csv(continued(self.plan.start, self.progress.history)))
        if finished:
            (folder / STATE_FILE).unlink(missing_ok=True)

    def resume(self, folder: Path) -> None:
        """Take up the run that `save` left in `folder`; from there on the schedule may span another number of epochs.

        Raises:
            CheckpointError: nothing to resume, or a run with other settings.
        """
        self.progress, tensors = read_state(folder, self._settings())
        self.learner.restore(tensors, self.progress.epoch * self.batches.steps)
        self._begun = True

    def _settings(self) -> dict[str, Any]:
        """All that decides the result."""
        decided = {**self.plan.config.to_dict(), **self.plan.decided()}
        return {**decided, "images": len(self.batches.rows), "processes": self.batches.world}
