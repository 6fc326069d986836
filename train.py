"""Train an AE, a VAE or the attribute classifier: CelebA folder in, checkpoint out.

python train.py --data CELEBA --kind vae --out checkpoints/my-vae
torchrun --nproc-per-node 2 train.py --data CELEBA --kind vae --out checkpoints/my-vae
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from typing import Annotated

import torch
import torch.distributed as dist
from cyclopts import Parameter

from command_line import folder_named, run_door
from models.checkpoint_files import WEIGHTS_FILE, CheckpointError
from models.checkpoints import checkpoint_hash, load_classifier
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.data.celeba import DataError, read_several
from models.data.dataset import load_faces
from models.training.adversarial import AdversarialLearner
from models.training.hardware import best_precision, usable_device
from models.training.learner import Learner
from models.training.lock import alone_in
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.perceptual import PerceptualDistance
from models.training.plan import Plan
from models.training.start import read_start
from models.training.state import STATE_FILE

DOOR = "train.py"
SLOW = (
    "This machine multiplies no bfloat16 itself, so each step takes many times as long as it has to. Leave out "
    "--precision: it takes what is fast here."
)


@dataclass(frozen=True)
class TrainingRequest:
    """The command line.

    Attributes:
        out: folder of the checkpoint, such as checkpoints/my-vae.
        data: CelebA folder, with its own lists; give it several times to train on several (FACESPACE_CELEBA).
        align: find the faces in the pictures and cut them out first.
        model: the network.
        training: how it is trained.
        perceptual_classifier: whose features the perceptual term compares; of several one is drawn for each batch.
        start_from: a checkpoint with the same layers whose weights to start from.
        snapshots: keep a strip of decoded pictures after each epoch, for a time-lapse.
        device: what to compute on: cpu, cuda, cuda:1, mps.
        resume: continue an unfinished run with the same options (--epochs may change).
        overwrite: replace a checkpoint that already stands in --out.
        dry_run: read, build, train one step; write no checkpoint.
    """

    _: KW_ONLY
    out: Path
    data: tuple[str, ...] = field(default_factory=lambda: tuple(filter(None, [folder_named("FACESPACE_CELEBA")])))
    align: bool = False
    model: Annotated[ModelConfig, Parameter(name="*")]
    training: Annotated[TrainingOptions, Parameter(name="*")] = field(default_factory=TrainingOptions)
    perceptual_classifier: tuple[Path, ...] = (Path("checkpoints/classifier"),)
    start_from: Path | None = None
    snapshots: bool = False
    device: str = field(default_factory=lambda: "cuda" if torch.cuda.is_available() else "cpu")
    resume: bool = False
    overwrite: bool = False
    dry_run: bool = False

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""
        return f"{self.out} holds the last finished epoch, if there was one; continue with --resume."

    @property
    def config(self) -> ModelConfig:
        """The network as its kind needs it."""
        if self.model.kind == "classifier":
            return replace(self.model, latent_dim=len(ATTRIBUTES), beta=0.0)
        return self.model if self.model.kind == "vae" else replace(self.model, beta=0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    try:
        return run_door(DOOR, __doc__, TrainingRequest, run, arguments)
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def run(asked: TrainingRequest) -> int:
    """Train as the command line asks.

    Raises:
        CheckpointError, ConfigError, DataError: bad input, in one sentence.
    """
    if not asked.data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a CelebA folder.")
    if asked.dry_run:
        return _dry_run(_trainer(asked, _join(asked.device)))
    with alone_in(asked.out) if int(os.environ.get("RANK", "0")) == 0 else nullcontext():
        return _train(asked)


def _train(asked: TrainingRequest) -> int:
    finished = (asked.out / WEIGHTS_FILE).exists() or (asked.out / STATE_FILE).exists()
    if finished and not (asked.resume or asked.overwrite):
        raise CheckpointError(f"{asked.out} already holds a checkpoint. Add --resume, --overwrite or another --out.")
    trainer = _trainer(asked, _join(asked.device))
    if asked.resume:
        trainer.resume(asked.out)
    trainer.run(asked.out)
    return 0


def _join(device: str) -> str:
    """The device of this process; where there are several, it meets the others.

    Raises:
        ConfigError: there is no such device.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return usable_device(device)
    if device.startswith("cuda"):
        device = usable_device(f"cuda:{os.environ['LOCAL_RANK']}")
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return usable_device(device)


def _trainer(asked: TrainingRequest, device: str) -> Trainer:
    """Read the folder (the first process of each machine decodes it, the others wait) and build the trainer."""
    first = int(os.environ.get("LOCAL_RANK", "0")) == 0
    if dist.is_initialized() and not first:
        dist.barrier()
    if asked.align and first:
        from align_faces import align_pictures  # late: nothing else here looks for faces

        for photos in asked.data:
            align_pictures(photos)
    folder = read_several(asked.data)
    folder.indices("train")
    for note in folder.notes if first else ():
        print(note, file=sys.stderr)
    faces = load_faces(folder, asked.config.image_size, progress=first)
    if dist.is_initialized() and first:
        dist.barrier()
    if faces.unreadable and first:
        print(f"{faces.unreadable} pictures in {folder.root} could not be read and are left out.", file=sys.stderr)
    perceptual = None
    if asked.config.perceptual_weight:
        eyes = [load_classifier(path) for path in asked.perceptual_classifier]
        sha256 = " ".join(checkpoint_hash(path) for path in asked.perceptual_classifier)
        perceptual = PerceptualDistance(eyes, asked.training.perceptual_last_stage, sha256)
    start = read_start(asked.start_from) if asked.start_from else None
    plan = Plan(asked.config, asked.training, device, perceptual, start)
    if first and plan.options.precision == "bfloat16" and best_precision(device) == "float32":
        print(SLOW, file=sys.stderr)
    learner: type[Learner] = AdversarialLearner if asked.training.adversarial_weight else Learner
    return Trainer(plan, faces, snapshots=asked.snapshots, learner=learner)


def _dry_run(trainer: Trainer) -> int:
    options, learner = trainer.plan.options, trainer.learner
    x, labels = next(trainer.batches.epoch(0))
    learner.train()
    terms = learner.step(x, labels, torch.Generator(learner.device).manual_seed(options.seed))
    parameters = sum(parameter.numel() for parameter in learner.network.parameters())
    print(f"{len(trainer.pictures.train)} training and {len(trainer.pictures.valid)} validation pictures")
    print(f"{parameters:,} parameters, {trainer.batches.steps} steps an epoch, {options.precision}")
    print("one step: " + ", ".join(f"{name} {float(value):.1f}" for name, value in terms.items()) + " nats an image")
    print("Dry run: no checkpoint was written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
