"""Encode a folder of faces with a checkpoint and map them with UMAP: writes atlas.npz into the checkpoint.

python build_atlas.py checkpoints/vae --data CELEBA --start-from checkpoints/ae
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from latent.atlas import Atlas, AtlasError, load_atlas, save_atlas
from latent.embedding import embed
from latent.posterior import covariance_of_draws
from models import CheckpointError, load_checkpoint, load_classifier
from models.attributes import ATTRIBUTES
from models.celeba import CelebAFolder, DataError, read_celeba
from models.checkpoints import checkpoint_hash
from models.classifier import AttributeClassifier
from models.effects import dimension_effects
from models.images import read_crops, to_tensor
from models.metrics import attribute_probabilities
from models.networks import Autoencoder

ATLAS_FILE = "atlas.npz"
EFFECT_POINTS = 16  # encoded faces over which a dimension's effect on the picture is averaged


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("checkpoint", type=Path, help="folder of an AE or a VAE")
    words.add_argument("--data", default=os.environ.get("FACESPACE_CELEBA"), help="folder of faces (FACESPACE_CELEBA)")
    words.add_argument(
        "--classifier",
        type=Path,
        default=Path(__file__).parent / "checkpoints" / "classifier",
        help="the attribute classifier whose scores colour the map",
    )
    words.add_argument("--start-from", type=Path, help="checkpoint whose map to start from, for a similar layout")
    words.add_argument("--n-neighbors", type=int, default=15, help="UMAP's (default %(default)s)")
    words.add_argument("--min-dist", type=float, default=0.1, help="UMAP's (default %(default)s)")
    words.add_argument("--seed", type=int, default=0, help="UMAP's (default %(default)s)")
    words.add_argument("--limit", type=int, help="take only the first pictures")
    return words


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    words = parser().parse_args(arguments)
    try:
        run(words)
    except (AtlasError, CheckpointError, DataError) as error:
        print(f"build_atlas.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written; an earlier atlas is still in place.", file=sys.stderr)
        return 130
    return 0


def run(words: argparse.Namespace) -> None:
    """Build the atlas that the parsed command line asks for.

    Raises:
        AtlasError, CheckpointError, DataError: bad input, in one sentence.
    """
    if not words.data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a folder of faces.")
    network = load_checkpoint(words.checkpoint)
    classifier = load_classifier(words.classifier)
    start = load_atlas(words.start_from / ATLAS_FILE) if words.start_from else None
    folder = read_celeba(words.data)
    rows, mu, logvar, scores = encode_folder(network, classifier, folder, words.limit)
    if len(rows) < 3:
        raise DataError(f"only {len(rows)} pictures in {words.data} can be read; a map needs at least 3.")
    init = None
    if start is not None:
        if not np.array_equal(start.image, folder.numbers[rows]):
            raise AtlasError(
                f"{words.start_from / ATLAS_FILE} lists other pictures than {words.data}. "
                "Build it from the same folder first, or leave out --start-from."
            )
        init = start.xy
    print(f"Mapping {len(mu)} latents with UMAP (one thread, so that a seed gives one map) ...")
    xy, facts = embed(
        mu, init=init, n_neighbors=words.n_neighbors, min_dist=words.min_dist, seed=words.seed, verbose=True
    )
    points = mu[np.random.default_rng(words.seed).permutation(len(mu))[:EFFECT_POINTS]]
    atlas = Atlas(
        image=folder.numbers[rows],
        partition=folder.partition[rows],
        scores=scores,
        attributes=ATTRIBUTES,
        mu=mu,
        logvar=logvar,
        xy=xy,
        effect=dimension_effects(network, points, np.sqrt(np.diag(covariance_of_draws(mu, logvar)))),
        checkpoint_sha256=checkpoint_hash(words.checkpoint),
        facts={**facts, "numpy": np.__version__, "classifier_sha256": checkpoint_hash(words.classifier)},
    )
    path = words.checkpoint / ATLAS_FILE
    save_atlas(atlas, path)
    print(f"{path}: {len(atlas)} pictures, {path.stat().st_size / 1e6:.1f} MB")


@torch.inference_mode()
def encode_folder(
    network: Autoencoder, classifier: AttributeClassifier, folder: CelebAFolder, limit: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float16], NDArray[np.float32] | None, NDArray[np.uint8]]:
    """Encode and score the pictures of a folder in one pass, a batch in memory at a time.

    Args:
        network: AE or VAE.
        classifier: reads the attributes, at its own image size.
        folder: the pictures, M of which can be read.
        limit: take only the first ones.

    Returns:
        Rows of `folder` that could be read [M], `mu` [M, D], `logvar` [M, D] or None, scores uint8 [M, 40].

    Raises:
        DataError: a latent does not fit float16.
    """
    paths = folder.paths[:limit]
    rows, mus, logvars, scores = [], [], [], []
    size, classifier_size = network.config.image_size, classifier.config.image_size
    unreadable: list[Path] = []
    with tqdm(total=len(paths), desc=f"Encoding with {network.config.kind}", unit=" pictures") as bar:
        streams = [read_crops(paths, size)]
        if classifier_size != size:
            streams.append(read_crops(paths, classifier_size))
        for batches in zip(*streams, strict=True):
            positions, crops, bad = batches[0]
            bar.update(len(positions) + len(bad))
            unreadable += bad
            if not len(positions):
                continue
            mu, logvar = network.posterior(to_tensor(crops))
            rows.append(positions)
            mus.append(mu.half().numpy())
            if logvar is not None:
                logvars.append(logvar.half().numpy())
            scores.append(np.round(attribute_probabilities(classifier, batches[-1][1]) * 255).astype(np.uint8))
    if unreadable:
        print(f"{len(unreadable)} pictures cannot be read and are left out, {unreadable[0]} first.", file=sys.stderr)
    if not rows:
        raise DataError(f"none of the {len(paths)} pictures in {folder.root} can be read.")
    mu16 = np.concatenate(mus)
    if not np.isfinite(mu16).all():
        raise DataError("the encoder's latents are too large for 16-bit numbers; train it again with weight decay.")
    logvar32 = np.concatenate(logvars).astype(np.float32) if logvars else None
    return np.concatenate(rows), mu16, logvar32, np.concatenate(scores)


if __name__ == "__main__":
    sys.exit(main())
