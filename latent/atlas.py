"""The atlas of a checkpoint: where each encoded picture lies, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latent.npz_file import DAMAGE, ArraySizeError, read_npz, write_npz

FORMAT = "facespace-atlas-1"
MAX_BYTES = 4_000_000_000
REMEDY = "Make it again with build_atlas.py."
MOST_LOGVAR = 80.0  # beyond it a variance is no finite float32


class AtlasError(ValueError):
    """An atlas cannot be used; the message names the file, what was expected and what to do."""


@contextmanager
def naming_damage(path: Path, remedy: str) -> Iterator[None]:
    """Say of a file that cannot be read which one it is and what to do.

    Raises:
        FileNotFoundError: there is none.
        AtlasError: it is too large or damaged.
    """
    try:
        yield
    except (AtlasError, FileNotFoundError):
        raise
    except ArraySizeError as error:
        raise AtlasError(f"{path} {error}, so it is not opened. {remedy}") from error
    except DAMAGE as error:
        raise AtlasError(f"{path} is damaged. {remedy}") from error


@dataclass(frozen=True)
class Atlas:
    """Encoded pictures of one checkpoint, M of them in D latent dimensions.

    Attributes:
        image: int32 [M], image numbers, in the same order for every checkpoint of one build.
        partition: uint8 [M]: 0 train, 1 valid, 2 test, 255 not listed.
        scores: uint8 [M, A]: the attribute classifier's probability times 255.
        attributes: the A attribute names.
        mu: float16 [M, D]: AE codes or posterior means.
        logvar: float32 [M, D], natural log of the posterior variance (8-bit precision), or None for an AE.
        xy: float32 [M, 2]: the UMAP map.
        effect: float32 [D]: how much one standard deviation of each dimension changes the picture.
        checkpoint_sha256: the weights that encoded them.
        facts: seeds, parameters and versions of the build.
    """

    image: NDArray[np.int32]
    partition: NDArray[np.uint8]
    scores: NDArray[np.uint8]
    attributes: tuple[str, ...]
    mu: NDArray[np.float16]
    logvar: NDArray[np.float32] | None
    xy: NDArray[np.float32]
    effect: NDArray[np.float32]
    checkpoint_sha256: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.image)

    def row_of(self, image: int) -> int | None:
        """The row of an image number, or None where the atlas does not hold it."""
        rows = np.flatnonzero(self.image == image)
        return int(rows[0]) if len(rows) else None

    def rows_of(self, images: ArrayLike) -> NDArray[np.int64]:
        """The rows of those of some image numbers [N] that the atlas holds, in the order of the atlas."""
        return np.flatnonzero(np.isin(self.image, images))


def quantise(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Values [M, D] as 8-bit steps between each column's minimum and maximum.

    Returns:
        uint8 [M, D], and float32 [2, D]: the minimum and the step of each column.
    """
    low, high = values.min(0), values.max(0)
    step = np.maximum((high - low) / 255, np.float32(1e-12))
    return np.round((values - low) / step).astype(np.uint8), np.stack([low, step]).astype(np.float32)


def dequantise(codes: NDArray[np.uint8], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of `quantise`, to half a step."""
    return scale[0] + codes.astype(np.float32) * scale[1]


def save_atlas(atlas: Atlas, path: str | Path) -> None:
    """Write an atlas as compressed NPZ; the file is replaced whole."""
    path = Path(path)
    arrays: dict[str, NDArray[Any]] = {
        "image": atlas.image,
        "partition": atlas.partition,
        "scores": atlas.scores,
        "mu": atlas.mu,
        "xy": atlas.xy,
        "effect": atlas.effect,
    }
    if atlas.logvar is not None:
        arrays["logvar"], arrays["logvar_scale"] = quantise(atlas.logvar)
    header = {
        "format": FORMAT,
        "checkpoint_sha256": atlas.checkpoint_sha256,
        "attributes": list(atlas.attributes),
        "facts": atlas.facts,
    }
    write_npz(path, header, arrays)


def load_atlas(path: str | Path, checkpoint_sha256: str | None = None, latent_dim: int | None = None) -> Atlas:
    """Read an atlas and check that it belongs to a checkpoint.

    Args:
        path: the `.npz` file.
        checkpoint_sha256: the hash that the atlas must state, if given.
        latent_dim: the number of columns that its latents must have, if given.

    Raises:
        AtlasError: missing, damaged, of another format or of another checkpoint.
    """
    path = Path(path)
    if not path.is_file():
        raise AtlasError(f"{path} is missing. Make it with build_atlas.py.")
    with naming_damage(path, f"Copy it again, or m{REMEDY[1:]}"):
        header, arrays = read_npz(path, MAX_BYTES)
        if header["format"] != FORMAT:
            raise AtlasError(f"{path} is not of the format {FORMAT}. {REMEDY}")
        logvar = dequantise(arrays["logvar"], arrays["logvar_scale"]) if "logvar" in arrays else None
        atlas = Atlas(
            image=arrays["image"],
            partition=arrays["partition"],
            scores=arrays["scores"],
            attributes=tuple(header["attributes"]),
            mu=arrays["mu"],
            logvar=logvar,
            xy=arrays["xy"],
            effect=arrays["effect"],
            checkpoint_sha256=str(header["checkpoint_sha256"]),
            facts=header["facts"],
        )
    _check(atlas, path, checkpoint_sha256, latent_dim)
    return atlas


def _check(atlas: Atlas, path: Path, checkpoint_sha256: str | None, latent_dim: int | None) -> None:
    rows, dimensions = len(atlas.image), latent_dim or atlas.mu.shape[-1]
    expected = {
        "image": ((rows,), np.int32),
        "partition": ((rows,), np.uint8),
        "scores": ((rows, len(atlas.attributes)), np.uint8),
        "mu": ((rows, dimensions), np.float16),
        "xy": ((rows, 2), np.float32),
        "effect": ((dimensions,), np.float32),
    }
    for name, (shape, dtype) in expected.items():
        array = getattr(atlas, name)
        if array.shape != shape or array.dtype != dtype:
            raise AtlasError(
                f"{path}: {name} is {array.dtype} {list(array.shape)}, "
                f"expected {np.dtype(dtype)} {list(shape)}. {REMEDY}"
            )
    if atlas.logvar is not None and atlas.logvar.shape != atlas.mu.shape:
        raise AtlasError(f"{path}: logvar does not have the shape of mu. {REMEDY}")
    spread = np.zeros(1) if atlas.logvar is None else atlas.logvar
    finite = all(np.isfinite(a).all() for a in (atlas.xy, atlas.mu, atlas.effect, spread))
    if not rows or not finite or spread.max(initial=0) > MOST_LOGVAR:
        raise AtlasError(f"{path} is empty or holds values that are not finite. {REMEDY}")
    if checkpoint_sha256 is not None and atlas.checkpoint_sha256 != checkpoint_sha256:
        raise AtlasError(
            f"{path} was made with other weights ({atlas.checkpoint_sha256[:8]}, not {checkpoint_sha256[:8]}). {REMEDY}"
        )
