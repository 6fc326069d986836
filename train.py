"""Train an AE, a VAE or the attribute classifier: CelebA folder in, checkpoint out.

python train.py --data CELEBA --kind vae --out checkpoints/my-vae
torchrun --nproc-per-node 2 train.py --data CELEBA --kind vae --out checkpoints/my-vae
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import torch
import torch.distributed as dist

from models.checkpoints import WEIGHTS_FILE, CheckpointError, checkpoint_hash, load_classifier
from models.config import ConfigError, ModelConfig
from models.data.attributes import ATTRIBUTES
from models.data.celeba import DataError, read_celeba
from models.data.dataset import load_faces
from models.training.adversarial import AdversarialLearner
from models.training.hardware import best_precision
from models.training.learner import Learner
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.perceptual import PerceptualDistance
from models.training.plan import Plan
from models.training.start import read_start
from models.training.state import STATE_FILE

MOST_JITTER = 10  # pixels of the 30 that there are beside the crop


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", default=os.environ.get("FACESPACE_CELEBA"), help="CelebA folder (FACESPACE_CELEBA)")
    words.add_argument("--out", type=Path, required=True, help="folder of the checkpoint, such as checkpoints/my-vae")
    words.add_argument("--kind", choices=["ae", "vae", "classifier"], required=True)
    words.add_argument("--image-size", type=int, default=64, help="64 or 128 pixels (default %(default)s)")
    words.add_argument("--latent-dim", type=int, default=128, help="latent dimensions (default %(default)s)")
    words.add_argument("--width", type=int, default=32, help="channels nearest the picture (default %(default)s)")
    words.add_argument(
        "--architecture", choices=["residual", "plain"], default="residual", help="a classifier's (default %(default)s)"
    )
    words.add_argument("--beta", type=float, default=1.0, help="weight of the VAE's KL term (default %(default)s)")
    words.add_argument(
        "--decoder-sigma", type=float, default=0.2, help="standard deviation of p(x|z) a pixel (default %(default)s)"
    )
    words.add_argument(
        "--encoder-scale", type=int, default=1, help="2: the encoder sees the picture at half size (default 1)"
    )
    words.add_argument(
        "--encoder-width", type=int, default=0, help="the encoder's width where it differs (default 0: the same)"
    )
    words.add_argument(
        "--encoder-blocks", type=int, default=0, help="residual blocks after each halving of the encoder (default 0)"
    )
    words.add_argument(
        "--refinement-steps", type=int, default=0, help="corrections of an AE's code by its decoder (default 0)"
    )
    words.add_argument(
        "--linear-path", action="store_true", help="linear paths beside the convolutions, started from PCA"
    )
    words.add_argument(
        "--resize-convolution", action="store_true", help="keep the decoder to kernels that cannot draw a grid"
    )
    words.add_argument(
        "--perceptual-weight", type=float, default=0.0, help="nats for one unit of feature distance (default 0: pixels)"
    )
    words.add_argument(
        "--perceptual-classifier",
        type=Path,
        default=Path("checkpoints/classifier"),
        help="whose features the perceptual term compares (default %(default)s)",
    )
    words.add_argument(
        "--perceptual-last-stage", type=float, default=0.0, help="weight of that classifier's last stage (default 0)"
    )
    words.add_argument(
        "--kl-target", type=float, default=0.0, help="nats a picture that a VAE's beta is steered to (default 0: fixed)"
    )
    words.add_argument(
        "--snapshots", action="store_true", help="keep a strip of decoded pictures after each epoch, for a time-lapse"
    )
    words.add_argument("--eight-bit", action="store_true", help="keep the weights in eight bits: half the file")
    words.add_argument("--start-from", type=Path, help="a checkpoint with the same layers whose weights to start from")
    words.add_argument("--freeze-decoder", action="store_true", help="leave that checkpoint's decoder as it is")
    words.add_argument("--freeze-encoder", action="store_true", help="leave its encoder, and so every latent, as it is")
    words.add_argument(
        "--last-kernel",
        type=int,
        default=4,
        help="side of the decoder's last kernel, 4 or 6 (default %(default)s)",
    )
    words.add_argument(
        "--free-layers", type=int, default=0, help="last layers that --resize-convolution leaves free (default 0)"
    )
    words.add_argument(
        "--adversarial-weight", type=float, default=0.0, help="nats for a critic's preference (default 0: no critic)"
    )
    words.add_argument(
        "--prior-weight", type=float, default=0.0, help="the same for faces decoded from N(0, I) (default 0)"
    )
    words.add_argument(
        "--crop-jitter", type=float, default=0.0, help="pixels that the crops stray from the shared one (default 0)"
    )
    words.add_argument("--epochs", type=int, default=12, help="default %(default)s")
    words.add_argument("--batch-size", type=int, default=128, help="over all processes (default %(default)s)")
    words.add_argument("--learning-rate", type=float, default=2e-3, help="peak of one cycle (default %(default)s)")
    words.add_argument("--weight-decay", type=float, default=0.01, help="AdamW's (default %(default)s)")
    words.add_argument("--seed", type=int, default=0, help="default %(default)s")
    words.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s")
    words.add_argument(
        "--precision", choices=["auto", "float32", "bfloat16"], default="auto", help="auto takes what the hardware has"
    )
    words.add_argument(
        "--resume", action="store_true", help="continue an unfinished run with the same options (--epochs may change)"
    )
    words.add_argument("--overwrite", action="store_true", help="replace a checkpoint that already stands in --out")
    words.add_argument("--dry-run", action="store_true", help="read, build, train one step; write no checkpoint")
    return words


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    words = parser().parse_args(arguments)
    try:
        return run(words)
    except (CheckpointError, ConfigError, DataError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            f"\nStopped. {words.out} holds the last finished epoch, if there was one; continue with --resume.",
            file=sys.stderr,
        )
        return 130
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def run(words: argparse.Namespace) -> int:
    """Train as the parsed command line asks.

    Raises:
        CheckpointError, ConfigError, DataError: bad input, in one sentence.
    """
    if not words.data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a CelebA folder.")
    if not 0 <= words.kl_target < float("inf"):
        raise ConfigError(f"--kl-target must be a number of nats of at least 0, not {words.kl_target!r}.")
    if not 0 <= words.crop_jitter <= MOST_JITTER:
        raise ConfigError(f"--crop-jitter must be from 0 to {MOST_JITTER} pixels, not {words.crop_jitter!r}.")
    for name in ("free_layers", "adversarial_weight", "prior_weight"):
        if not 0 <= getattr(words, name) < float("inf"):
            raise ConfigError(f"--{name.replace('_', '-')} must be at least 0, not {getattr(words, name)!r}.")
    if words.prior_weight and not words.adversarial_weight:
        raise ConfigError("--prior-weight asks a critic about draws; give it an --adversarial-weight, too.")
    if words.epochs < 1 or words.batch_size < 2:
        raise ConfigError("--epochs must be at least 1 and --batch-size at least 2.")
    finished = (words.out / WEIGHTS_FILE).exists() or (words.out / STATE_FILE).exists()
    if finished and not (words.resume or words.overwrite or words.dry_run):
        raise CheckpointError(f"{words.out} already holds a checkpoint. Add --resume, --overwrite or another --out.")
    config = ModelConfig(
        kind=words.kind,
        image_size=words.image_size,
        latent_dim=len(ATTRIBUTES) if words.kind == "classifier" else words.latent_dim,
        width=words.width,
        beta=words.beta if words.kind == "vae" else 0.0,
        decoder_sigma=words.decoder_sigma,
        architecture=words.architecture,
        encoder_scale=words.encoder_scale,
        encoder_width=words.encoder_width,
        encoder_blocks=words.encoder_blocks,
        refinement_steps=words.refinement_steps,
        linear_path=words.linear_path,
        perceptual_weight=words.perceptual_weight,
        last_kernel=words.last_kernel,
    )
    device = words.device
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        if device.startswith("cuda"):
            device = f"cuda:{os.environ['LOCAL_RANK']}"
            torch.cuda.set_device(device)
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    options = TrainingOptions(
        epochs=words.epochs,
        batch_size=words.batch_size,
        learning_rate=words.learning_rate,
        weight_decay=words.weight_decay,
        seed=words.seed,
        precision=best_precision(device) if words.precision == "auto" else words.precision,
        perceptual_classifier=checkpoint_hash(words.perceptual_classifier) if words.perceptual_weight else "",
        perceptual_last_stage=words.perceptual_last_stage,
        kl_target=words.kl_target,
        resize_convolution=words.resize_convolution,
        eight_bit=words.eight_bit,
        start_from=checkpoint_hash(words.start_from) if words.start_from else "",
        freeze_decoder=words.freeze_decoder,
        freeze_encoder=words.freeze_encoder,
        free_layers=words.free_layers,
        adversarial_weight=words.adversarial_weight,
        prior_weight=words.prior_weight,
        crop_jitter=words.crop_jitter,
    )
    trainer = _trainer(words, config, options, device)
    if words.dry_run:
        return _dry_run(trainer)
    if words.resume:
        trainer.resume(words.out)
    trainer.run(words.out)
    return 0


def _trainer(words: argparse.Namespace, config: ModelConfig, options: TrainingOptions, device: str) -> Trainer:
    """Read the folder (the first process of each machine decodes it, the others wait) and build the trainer."""
    folder = read_celeba(words.data)
    folder.indices("train")
    first = int(os.environ.get("LOCAL_RANK", "0")) == 0
    if dist.is_initialized() and not first:
        dist.barrier()
    faces = load_faces(folder, config.image_size, progress=first)
    if dist.is_initialized() and first:
        dist.barrier()
    if faces.unreadable and first:
        print(f"{faces.unreadable} pictures in {words.data} could not be read and are left out.", file=sys.stderr)
    perceptual = None
    if config.perceptual_weight:
        perceptual = PerceptualDistance(load_classifier(words.perceptual_classifier), words.perceptual_last_stage)
    start = read_start(words.start_from) if words.start_from else None
    plan = Plan(config, options, device, perceptual, start)
    learner: type[Learner] = AdversarialLearner if options.adversarial_weight else Learner
    return Trainer(plan, faces, snapshots=words.snapshots, learner=learner)


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
