"""Learn the prior of a checkpoint from the latents of its atlas: writes prior.json and prior.safetensors beside it.

python train_prior.py checkpoints/vae
python train_prior.py checkpoints/vae --resume   a run that was stopped
python train_prior.py checkpoints/vae --stamp    the weights changed, but not what they encode: keep the prior
python train_prior.py checkpoints/vae --mapping  teach the decoder where the prior carries points of N(0, I)
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from tqdm import tqdm

from command_line import run_door
from latent.atlas import load_atlas
from latent.prior_file import CONFIG_FILE, WEIGHTS_FILE, has_prior, read_prior, stamped, write_prior
from latent.velocity import FlowConfig, PriorError
from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files

AT_ONCE, FEWEST_POINTS = 1000, 1000


@dataclass(frozen=True)
class PriorRequest:
    """The command line.

    Attributes:
        checkpoint: folder of an AE or a VAE with an atlas.
        steps: of the optimiser.
        batch_size: points a step.
        learning_rate: its highest.
        all_told: share of points whose attributes are all told.
        width: of the network's layers.
        blocks: of the network.
        solver_steps: from noise to face whenever it draws.
        guidance: how much attributes count whenever it draws.
        seed: of everything that is drawn while it learns.
        precision: auto takes what the hardware has.
        resume: continue a run that was stopped, with the same options.
        stamp: train nothing; the prior that is there belongs to the present weights too.
        overwrite: replace a prior, or a mapping, that is there.
        mapping: train no prior; teach the decoder a mapping by the one that is there, so that points of N(0, I) are
            faces too. Encoder, codes, atlas and prior stay as they are; evaluate.py measures anew.
        points: of N(0, I) that the mapping is taught by.
    """

    checkpoint: Path
    _: KW_ONLY
    steps: int = 10_000
    batch_size: int = 512
    learning_rate: float = 1e-3
    all_told: float = 0.4
    width: int = 512
    blocks: int = 4
    solver_steps: int = 10
    guidance: float = 1.3
    seed: int = 0
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    resume: bool = False
    stamp: bool = False
    overwrite: bool = False
    mapping: bool = False
    points: int = 100_000

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""
        return "Nothing is lost: " + ("start it again." if self.mapping else "continue with --resume.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    return run_door("train_prior.py", __doc__, PriorRequest, run, arguments)


def run(asked: PriorRequest) -> int:
    """Do what the command line asks.

    Raises:
        AtlasError, CheckpointError, PriorError: bad input, in one sentence.
    """
    files = open_files(asked.checkpoint)
    if files.config.kind == "classifier":
        raise CheckpointError(f"{asked.checkpoint} holds a classifier, which has no latents. Name an AE or a VAE.")
    if asked.mapping:
        teach(files, asked)
    elif asked.stamp:
        stamp(files)
    else:
        train(files, asked)
    return 0


def stamp(files: CheckpointFiles) -> None:
    """Say in the prior's files that it belongs to the present weights, if these encode as the former ones did.

    Raises:
        AtlasError, PriorError: there is none, or the codes moved.
    """
    atlas = load_atlas(files.atlas_path, files.sha256, files.config.latent_dim)
    write_prior(stamped(read_prior(files.folder, any_weights=True), atlas), files.folder)
    print(f"{files.folder / CONFIG_FILE} now belongs to the weights {files.sha256[:8]}.")


def teach(files: CheckpointFiles, asked: PriorRequest) -> None:
    """Teach the decoder's mapping, and keep it beside the other weights.

    Raises:
        AtlasError, CheckpointError, PriorError: bad input, in one sentence.
    """
    if files.is_brought:
        raise CheckpointError(f"{files.folder} was made elsewhere, so its decoder cannot be taught. Name one of ours.")
    if files.mapping_sha256 and not asked.overwrite:
        raise CheckpointError(f"{files.folder} has a mapping already. Add --overwrite.")
    if asked.points < FEWEST_POINTS:
        raise PriorError(f"points must be at least {FEWEST_POINTS}, not {asked.points}.")
    atlas = load_atlas(files.atlas_path, files.sha256, files.config.latent_dim)
    from latent.flow import load_prior
    from latent.probes import parts
    from latent.samplers import posterior_draws
    from models.checkpoints import load_checkpoint, save_mapping  # late: torch takes seconds
    from models.networks import Autoencoder
    from models.training.hardware import best_precision
    from models.training.mapping import Lesson, MappingOptions, teach_mapping, with_moments

    flow, rows = load_prior(files.folder, files.sha256), parts(atlas.partition)[0]
    noise = np.random.default_rng(asked.seed).standard_normal((asked.points, files.config.latent_dim), np.float32)
    places = np.empty_like(noise)
    with tqdm(total=len(noise), desc="Carrying points to faces", unit=" points") as bar:
        for start in range(0, len(noise), AT_ONCE):
            places[start : start + AT_ONCE] = flow.path(noise[start : start + AT_ONCE])[-1]
            bar.update(len(noise[start : start + AT_ONCE]))
    logvar = None if atlas.logvar is None else atlas.logvar[rows].astype(np.float32)
    places = with_moments(places, posterior_draws(atlas.mu[rows], logvar, asked.seed))
    lesson = Lesson(atlas.mu[rows].astype(np.float32), logvar, noise, places)
    precision = best_precision("cpu") if asked.precision == "auto" else asked.precision
    mapping, facts = teach_mapping(
        lesson, MappingOptions(asked.width, asked.steps, asked.batch_size, asked.learning_rate, asked.seed, precision)
    )
    network = load_checkpoint(files)
    assert isinstance(network, Autoencoder)
    network.decoder.mapping, network.config = mapping, replace(network.config, mapping_width=facts["width"])
    save_mapping(network, files, facts)
    print(f"{files.mapping_path}: taught by {len(noise):,} points")


def train(files: CheckpointFiles, asked: PriorRequest) -> None:
    """Train as the command line asks.

    Raises:
        AtlasError, PriorError: bad input, in one sentence.
    """
    atlas = load_atlas(files.atlas_path, files.sha256, files.config.latent_dim)
    if has_prior(files.folder) and not (asked.overwrite or asked.resume):
        raise PriorError(f"{files.folder} already has a learned prior. Add --overwrite, or --stamp to keep it.")
    config = FlowConfig(
        files.config.latent_dim, atlas.attributes, asked.width, asked.blocks, asked.solver_steps, asked.guidance
    )
    from latent.flow_training import STATE_FILE, FlowOptions, FlowTrainer  # late: torch takes seconds
    from models.training.hardware import best_precision

    options = FlowOptions(
        steps=asked.steps,
        batch_size=asked.batch_size,
        learning_rate=asked.learning_rate,
        all_told=asked.all_told,
        seed=asked.seed,
        precision=best_precision("cpu") if asked.precision == "auto" else asked.precision,
    )
    trainer = FlowTrainer(atlas, config, options)
    if asked.resume:
        trainer.resume(files.folder)
    write_prior(trainer.run(files.folder), files.folder)
    (files.folder / STATE_FILE).unlink(missing_ok=True)
    size = (files.folder / WEIGHTS_FILE).stat().st_size
    print(f"{files.folder / WEIGHTS_FILE}: learnt from {len(trainer.rows):,} faces, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
