"""More pictures than one sitting or one machine can encode: in shards, each of which is kept as soon as it is done.

A shard that is there is not encoded again, whoever made it: an earlier run, another process of `torchrun`, another
machine with the same folders. A shard ends where a batch ends, so that the pictures come to the network in the very
batches of one go, and the codes are the same to the last bit. One shard at a time is in memory.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.classifier import AttributeClassifier
from models.data import encoding
from models.data.celeba import CelebAFolder, DataError
from models.data.encoding import Codes, encode_folder
from models.latent_model import LatentModel
from models.whole_files import write_bytes

LOOKING = 1.0  # seconds between two looks for other processes' shards


@dataclass(frozen=True)
class Shards:
    """Which pictures stand in which shard, and where what is made of them lies.

    Attributes:
        place: a folder for them.
        folder: the pictures.
        chosen: rows of `folder` to take [M].
        count: how many shards.
        made_by: names the network, the classifier and all else that the codes depend on.
    """

    place: Path
    folder: CelebAFolder
    chosen: NDArray[np.integer]
    count: int
    made_by: str

    def rows(self, number: int) -> NDArray[np.integer]:
        """The pictures of a shard, counted from 0; none where there are fewer batches than shards."""
        batches = -(-len(self.chosen) // encoding.BATCH)
        each = -(-batches // self.count) * encoding.BATCH
        return self.chosen[number * each : (number + 1) * each]

    def path(self, number: int) -> Path:
        """Where a shard lies; the name says what it is of, so that one of other pictures is not taken for it."""
        return self.place / f"{self._key()}-{number + 1:05d}-of-{self.count:05d}.npz"

    def missing(self) -> list[int]:
        """Those that nobody has made yet."""
        return [number for number in range(self.count) if not self.path(number).is_file()]

    def _key(self) -> str:
        said = hashlib.sha256(f"{self.made_by} {encoding.BATCH} {np.__version__}".encode())
        for row in self.chosen:
            said.update(f"\n{self.folder.paths[row].name}".encode())
        return said.hexdigest()[:16]


def encode_all(
    network: LatentModel, classifier: AttributeClassifier, shards: Shards, only: int | None = None
) -> Codes | None:
    """Encode and score pictures, in one go where there is one shard, else with what is done already.

    Args:
        network, classifier: as for `encode_folder`.
        shards: of the pictures.
        only: make only this shard, counted from 1.

    Returns:
        As `encode_folder`; None in a process that was to make some shards only, and has.

    Raises:
        DataError: no picture can be read, or there is no such shard.
    """
    if shards.count == 1 and only is None:
        return encode_folder(network, classifier, shards.folder, shards.chosen)
    encode_shards(network, classifier, shards, shares_of_process(shards.count, only))
    if only is not None or os.environ.get("RANK", "0") != "0":
        return None
    return join_shards(shards)


def shares_of_process(count: int, only: int | None) -> list[int]:
    """The shards that this process makes, counted from 0.

    Args:
        count: how many there are.
        only: one of them, counted from 1; None for this process's part under `torchrun`, or for all.

    Raises:
        DataError: there is no such shard.
    """
    if only is not None:
        if not 1 <= only <= count:
            raise DataError(f"there is no shard {only} of {count}; they are counted from 1.")
        return [only - 1]
    rank, processes = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    return list(range(rank, count, processes))


def encode_shards(
    network: LatentModel, classifier: AttributeClassifier, shards: Shards, numbers: Sequence[int]
) -> None:
    """Make those of some shards that are not there.

    Args:
        network, classifier: as for `encode_folder`.
        shards: all of them.
        numbers: which to make.
    """
    shards.place.mkdir(parents=True, exist_ok=True)
    paths = [shards.path(number) for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        if path.is_file():
            print(f"Shard {number + 1} of {shards.count} is there.")
            continue
        arrays = _arrays(network, classifier, shards, number)
        content = io.BytesIO()
        np.savez(content, **arrays)  # type: ignore[arg-type]
        write_bytes(path, content.getvalue())
        print(f"Shard {number + 1} of {shards.count}: {len(arrays['rows'])} pictures.")


def _arrays(
    network: LatentModel, classifier: AttributeClassifier, shards: Shards, number: int
) -> dict[str, NDArray[np.generic]]:
    """What a shard holds; of one in which no picture can be read, that it has none."""
    chosen = shards.rows(number)
    try:
        rows, mu, logvar, scores = encode_folder(network, classifier, shards.folder, chosen)
    except DataError:
        return {"rows": chosen[:0]}
    known = {} if logvar is None else {"logvar": logvar.astype(np.float16)}  # as precise as it was encoded
    return {"rows": rows, "mu": mu, "scores": scores, **known}


def join_shards(shards: Shards) -> Codes:
    """All pictures, as `encode_folder` gives them in one go; waits for shards that other processes still make.

    Raises:
        DataError: no picture can be read.
    """
    while shards.missing():
        time.sleep(LOOKING)
    parts = []
    for number in range(shards.count):
        with np.load(shards.path(number), allow_pickle=False) as file:
            if len(file["rows"]):
                parts.append({name: file[name] for name in file.files})
    if not parts:
        raise DataError(f"none of the {len(shards.chosen)} pictures in {shards.folder.root} can be read.")
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    logvar = joined["logvar"].astype(np.float32) if "logvar" in joined else None
    return joined["rows"], joined["mu"], logvar, joined["scores"]
