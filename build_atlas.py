"""Encode a folder of faces with a checkpoint and map them with UMAP: writes atlas.npz into the checkpoint.

python build_atlas.py checkpoints/vae --data CELEBA --start-from checkpoints/ae
python build_atlas.py checkpoints/small --data CELEBA --part test   a small atlas, of the held-out faces only
python build_atlas.py checkpoints/mine --decoded checkpoints/vae    of faces that another checkpoint decodes: no CelebA
python build_atlas.py checkpoints/mine --latents-of checkpoints/vae    of a decoder trained behind the same encoder
python build_atlas.py checkpoints/mine --data PHOTOS --align    of your own photos, their faces cut out first
python build_atlas.py checkpoints/vae --maps             the atlas is there: seven maps of it, for the lesson
python build_atlas.py checkpoints/vae --by-attributes    a second map of it, whose places use the attributes too
python build_atlas.py checkpoints/vae --mixture          ten Gaussians fitted to it, to draw new faces from
python build_atlas.py checkpoints/vae --errors --data CELEBA    how well each face comes back, to filter the map by
python build_atlas.py checkpoints/vae --data MANY --shards 64 --landmarks 50000    of millions, in parts that stay
torchrun --nproc-per-node 4 build_atlas.py checkpoints/vae --data MANY --shards 64    the same by four processes

What was interrupted goes on with its shard. `--shard 3` makes one shard and ends; the run without it makes what is
missing, maps and writes the atlas. Several machines need the same folders.

A model of two latent dimensions needs no UMAP: its map is its latent space.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from command_line import folder_named, run_door
from evaluation.beside_atlas import (
    draw_maps,
    effects_on_the_picture,
    fit_gaussians,
    map_by_attributes,
    take_over_latents,
)
from evaluation.picture_errors import measure_errors
from latent.atlas import Atlas, AtlasError, load_atlas, save_atlas
from latent.embedding import embed, embed_by_landmarks
from models import load_checkpoint, load_classifier
from models.checkpoint_files import CheckpointFiles, open_files
from models.data.attributes import ATTRIBUTES
from models.data.celeba import PARTITIONS, DataError, read_celeba
from models.data.encoding import Encoded, encode_decoded
from models.data.shards import Shards, encode_all
from models.latent_model import LatentModel

SHARDS = "atlas.shards"  # in the checkpoint, until its atlas is there


@dataclass(frozen=True)
class AtlasRequest:
    """The command line.

    Attributes:
        checkpoint: folder of an AE or a VAE.
        data: folder of faces (FACESPACE_CELEBA).
        align: find the faces in the pictures and cut them out first.
        decoded: instead of pictures, a checkpoint with an atlas, whose faces are decoded.
        classifier: the attribute classifier whose scores colour the map.
        latents_of: take over the latents and maps of a checkpoint with the very same encoder.
        start_from: checkpoint whose map to start from, for a similar layout.
        n_neighbors: UMAP's.
        min_dist: UMAP's.
        seed: UMAP's.
        part: take only this part.
        limit: take only the first pictures.
        shards: encode the pictures in so many parts, each of which is kept until the atlas is there.
        shard: make only this one of them, counted from 1.
        landmarks: fit the map to so many faces, drawn at random, and place the others among them.
        maps: only make the lesson's maps, of the atlas that is there.
        by_attributes: only make the map by codes and attributes, of the atlas that is there.
        mixture: only fit ten Gaussians to the atlas that is there.
        errors: only compare the decoded faces of the atlas that is there with their pictures.
    """

    checkpoint: Path
    _: KW_ONLY
    data: str | None = field(default_factory=lambda: folder_named("FACESPACE_CELEBA"))
    align: bool = False
    decoded: Path | None = None
    classifier: Path = Path(__file__).parent / "checkpoints" / "classifier"
    latents_of: Path | None = None
    start_from: Path | None = None
    n_neighbors: int = 15
    min_dist: float = 0.1
    seed: int = 0
    part: Literal["all", "train", "valid", "test"] = "all"
    limit: int | None = None
    shards: int = 1
    shard: int | None = None
    landmarks: int | None = None
    maps: bool = False
    by_attributes: bool = False
    mixture: bool = False
    errors: bool = False

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""
        kept = " Shards that are done are kept: the same command goes on." if self.shards > 1 else ""
        return f"Nothing was written; an earlier atlas is still in place.{kept}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    return run_door("build_atlas.py", __doc__, AtlasRequest, run, arguments)


def run(asked: AtlasRequest) -> int:
    """Do what the command line asks.

    Raises:
        AtlasError, CheckpointError, DataError: bad input, in one sentence.
    """
    if asked.maps:
        draw_maps(open_files(asked.checkpoint))
    elif asked.by_attributes:
        map_by_attributes(open_files(asked.checkpoint))
    elif asked.mixture:
        fit_gaussians(open_files(asked.checkpoint))
    elif asked.errors:
        measure_errors(open_files(asked.checkpoint), asked.data)
    elif asked.latents_of:
        take_over_latents(open_files(asked.checkpoint), open_files(asked.latents_of))
    else:
        build(asked)
    return 0


def build(asked: AtlasRequest) -> None:
    """Build the atlas that the command line asks for.

    Raises:
        AtlasError, CheckpointError, DataError: bad input, in one sentence.
    """
    files = open_files(asked.checkpoint)
    network = load_checkpoint(files)
    start = load_atlas(open_files(asked.start_from).atlas_path) if asked.start_from else None
    encoded = _decoded_faces(network, asked) if asked.decoded else _pictures(network, files, asked)
    if encoded is None:  # the shards that this process was to make are there
        return
    if len(encoded.image) < 3:
        raise DataError(f"only {len(encoded.image)} pictures can be read; a map needs at least 3.")
    mu, logvar = encoded.mu, encoded.logvar
    if not np.isfinite(mu).all():
        raise DataError("the encoder's latents are too large for 16-bit numbers; train it again with weight decay.")
    xy, facts = _map(mu, None if start is None else _places(start, encoded.image, asked), asked)
    atlas = Atlas(
        image=encoded.image,
        partition=encoded.partition,
        scores=encoded.scores,
        attributes=encoded.attributes,
        mu=mu,
        logvar=logvar,
        xy=xy,
        effect=effects_on_the_picture(network, mu, logvar, asked.seed),
        checkpoint_sha256=files.sha256,
        facts={**facts, "part": asked.part, "numpy": np.__version__, **encoded.facts},
    )
    save_atlas(atlas, files.atlas_path)
    shutil.rmtree(files.folder / SHARDS, ignore_errors=True)
    print(f"{files.atlas_path}: {len(atlas)} pictures, {files.atlas_path.stat().st_size / 1e6:.1f} MB")


def _places(start: Atlas, images: NDArray[np.integer], asked: AtlasRequest) -> NDArray[np.float32]:
    """Where pictures lie on another atlas' map: float32 [M, 2].

    Raises:
        AtlasError: it does not hold all of them.
    """
    place = {int(image): row for row, image in enumerate(start.image)}
    rows = [place.get(int(image), -1) for image in images]
    if -1 in rows:
        raise AtlasError(
            f"The atlas of {asked.start_from} lists other pictures. "
            "Build it from the same ones first, or leave out --start-from."
        )
    return start.xy[rows]


def _map(
    mu: NDArray[np.float16], init: NDArray[np.float32] | None, asked: AtlasRequest
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """The map float32 [M, 2] of codes [M, D], and what is to be known of it."""
    if mu.shape[1] == 2:
        return mu.astype(np.float32), {"map": "the two latent dimensions themselves", "seed": asked.seed}
    known: dict[str, Any] = {"n_neighbors": asked.n_neighbors, "min_dist": asked.min_dist, "seed": asked.seed}
    fitted = min(asked.landmarks or len(mu), len(mu))
    print(f"Mapping {fitted} of {len(mu)} latents with UMAP (one thread, so that a seed gives one map) ...")
    if fitted < len(mu):
        return embed_by_landmarks(mu, fitted, init=init, verbose=True, **known)
    return embed(mu, init=init, verbose=True, **known)


def _pictures(network: LatentModel, files: CheckpointFiles, asked: AtlasRequest) -> Encoded | None:
    """The pictures of a folder, encoded and scored; None where this process was to make some shards of them only.

    Raises:
        CheckpointError, DataError: there are none, or no classifier to score them.
    """
    if not asked.data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a folder of faces, or use --decoded.")
    classifier_files = open_files(asked.classifier)
    classifier = load_classifier(classifier_files)
    if asked.align:
        from align_faces import align_pictures  # late: nothing else here looks for faces

        align_pictures(asked.data)
    folder = read_celeba(asked.data)
    for note in folder.notes:
        print(note, file=sys.stderr)
    chosen = np.arange(len(folder.paths)) if asked.part == "all" else folder.indices(asked.part)
    chosen, made_by = chosen[: asked.limit], f"{files.identity} {classifier_files.identity} {asked.data}"
    shards = Shards(files.folder / SHARDS, folder, chosen, asked.shards, made_by)
    if (codes := encode_all(network, classifier, shards, asked.shard)) is None:
        return None
    rows, mu, logvar, scores = codes
    facts = {"classifier_sha256": classifier_files.sha256}
    own, known = folder.own_scores(rows)
    attributes, scores = (*ATTRIBUTES, *own), np.concatenate([scores, known], axis=1)
    return Encoded(folder.numbers[rows], folder.partition[rows], mu, logvar, scores, facts, attributes)


def _decoded_faces(network: LatentModel, asked: AtlasRequest) -> Encoded:
    """The faces of another checkpoint's atlas, decoded by it and encoded by `network`; their scores are kept.

    Raises:
        AtlasError, CheckpointError: the other checkpoint or its atlas cannot be used, or lists other attributes.
    """
    assert asked.decoded is not None
    files = open_files(asked.decoded)
    source, atlas = load_checkpoint(files), load_atlas(files.atlas_path, files.sha256)
    if atlas.attributes != ATTRIBUTES:
        raise AtlasError(f"{files.atlas_path} does not list CelebA's attributes. Choose another checkpoint.")
    wanted = range(len(PARTITIONS)) if asked.part == "all" else [PARTITIONS.index(asked.part)]
    chosen = np.flatnonzero(np.isin(atlas.partition, wanted))[: asked.limit]
    mu, logvar = encode_decoded(network, source, atlas.mu[chosen], files.name)
    facts = {"decoded_by": files.name, "decoded_by_sha256": files.sha256}
    return Encoded(atlas.image[chosen], atlas.partition[chosen], mu, logvar, atlas.scores[chosen], facts)


if __name__ == "__main__":
    sys.exit(main())
