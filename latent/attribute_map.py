"""A second map of an atlas, whose places also use what the classifier sees: by_attributes.npz beside the atlas.

UMAP lays out the codes together with the attributes' probabilities, which make up `SHARE` of the squared distance
between two faces on average. So faces with the same attributes come to lie together, at the price of some neighbours
in the space of codes: both are measured, for this map and the plain one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas, AtlasError, naming_damage
from latent.attribute_axes import PRESENT
from latent.embedding import embed
from latent.map_quality import neighbour_auc, neighbours_kept
from latent.npz_file import read_npz, write_npz

FILE = "by_attributes.npz"
FORMAT = "facespace-by-attributes-1"
MAX_BYTES = 20_000_000
SHARE = 0.3  # more hardly makes attributes clearer, and loses neighbours: see checkpoints/TRIED.md
ASKED = 1000  # faces whose nearest codes are sought
REMEDY = "Make it with build_atlas.py --by-attributes."


@dataclass(frozen=True)
class Quality:
    """What a map keeps.

    Attributes:
        kept: of a face's ten nearest in the space of codes, the share that are among its ten nearest on the map.
        auc: how well a face's neighbours on the map tell its attributes, a mean over them: 0.5 is guessing.
    """

    kept: float
    auc: float


@dataclass(frozen=True, eq=False)
class AttributeMap:
    """The map.

    Attributes:
        xy: float32 [M, 2], places of the atlas' faces, in its order.
        quality: of this map.
        plain: of the atlas' own.
    """

    xy: NDArray[np.float32]
    quality: Quality
    plain: Quality


def draw_by_attributes(atlas: Atlas, without: Sequence[str] = ()) -> AttributeMap:
    """Lay an atlas out anew, from its own map on.

    Args:
        atlas: one with attributes.
        without: names of attributes that are to have no say.

    Raises:
        AtlasError: it has no attributes.
    """
    columns = [column for column, name in enumerate(atlas.attributes) if name not in without]
    if not columns:
        raise AtlasError("This atlas names no attributes. Build it from pictures, so that a classifier scores them.")
    scores = (atlas.scores[:, columns] / 255).astype(np.float32)
    parts = (np.sqrt(1 - SHARE) * _of_spread_1(atlas.mu.astype(np.float32)), np.sqrt(SHARE) * _of_spread_1(scores))
    xy, _ = embed(np.concatenate(parts, axis=1), init=atlas.xy)
    present = atlas.scores[:, columns] > PRESENT
    return AttributeMap(xy, *(_quality(atlas, places, present) for places in (xy, atlas.xy)))


def _of_spread_1(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points [M, D] around 0 with a mean squared length of 1; those that are all alike stay at 0."""
    centred = points - points.mean(0)
    return centred / max(float(np.sqrt(np.square(centred).sum(1).mean())), 1e-6)


def _quality(atlas: Atlas, xy: NDArray[np.float32], present: NDArray[np.bool_]) -> Quality:
    kept = neighbours_kept(atlas.mu, xy, seed=0, asked=ASKED)
    return Quality(round(kept, 4), round(neighbour_auc(xy, present), 3))


def save_attribute_map(made: AttributeMap, atlas: Atlas, path: Path) -> None:
    """Write it as compressed NPZ, places as float16, which is finer than a screen; the file is replaced whole."""
    header = {
        "format": FORMAT,
        "stamp": _stamp(atlas),
        "quality": asdict(made.quality),
        "plain": asdict(made.plain),
    }
    write_npz(path, header, {"xy": made.xy.astype(np.float16)})


def load_attribute_map(path: Path, atlas: Atlas) -> AttributeMap:
    """Read it and check that it belongs to an atlas.

    Raises:
        FileNotFoundError: there is none.
        AtlasError: damaged, or of other faces, codes or scores.
    """
    with naming_damage(path, REMEDY):
        header, arrays = read_npz(path, MAX_BYTES)
        xy = arrays["xy"].astype(np.float32)
        quality, plain = (Quality(**{k: float(v) for k, v in header[name].items()}) for name in ("quality", "plain"))
        if header["format"] != FORMAT or xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
            raise ValueError
        stamp = header["stamp"]
    if stamp != _stamp(atlas) or len(xy) != len(atlas):
        raise AtlasError(f"{path} was made of another atlas than the one beside it. {REMEDY}")
    return AttributeMap(xy, quality, plain)


def _stamp(atlas: Atlas) -> str:
    """Names what the map depends on, whatever weights decode the codes: SHA-256."""
    digest = hashlib.sha256(np.ascontiguousarray(atlas.mu, "<f2").tobytes())
    digest.update(np.ascontiguousarray(atlas.scores).tobytes())
    return digest.hexdigest()
