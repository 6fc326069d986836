"""The file of UMAP maps that are made beforehand, since each takes many seconds: maps.npz beside an atlas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas, AtlasError, naming_damage
from latent.map_settings import Setting, map_rows
from latent.npz_file import read_npz, write_npz

FORMAT = "facespace-maps-1"
MAX_BYTES = 20_000_000
REMEDY = "Make it with build_atlas.py --maps."


def save_maps(maps: Mapping[Setting, NDArray[np.floating]], atlas: Atlas, path: Path) -> None:
    """Write maps as compressed NPZ; the file is replaced whole.

    Args:
        maps: places [N, 2] of the faces `map_rows(atlas.partition)`, for each setting; kept as float16, which is finer
            than a screen.
        atlas: of these faces.
        path: of the file.
    """
    header = {
        "format": FORMAT,
        "checkpoint_sha256": atlas.checkpoint_sha256,
        "settings": [asdict(setting) for setting in maps],
    }
    arrays: dict[str, NDArray[Any]] = {
        "image": atlas.image[map_rows(atlas.partition)],
        "xy": np.stack([xy.astype(np.float16) for xy in maps.values()]),
    }
    write_npz(path, header, arrays)


def load_maps(path: Path, atlas: Atlas) -> dict[Setting, NDArray[np.float32]]:
    """Read maps and check that they belong to an atlas.

    Returns:
        Places float32 [N, 2] of the faces `map_rows(atlas.partition)`, for each setting.

    Raises:
        FileNotFoundError: there are none.
        AtlasError: damaged, or of other weights or faces.
    """
    with naming_damage(path, REMEDY):
        header, arrays = read_npz(path, MAX_BYTES)
        image, xy = arrays["image"], arrays["xy"].astype(np.float32)
        maps = dict(zip([Setting(**setting) for setting in header["settings"]], xy, strict=True))
        made_by = header["checkpoint_sha256"]
        if header["format"] != FORMAT or xy.shape != (len(maps), len(image), 2) or not np.isfinite(xy).all():
            raise ValueError
    if made_by != atlas.checkpoint_sha256:
        raise AtlasError(f"{path} was made with other weights. {REMEDY}")
    if not np.array_equal(image, atlas.image[map_rows(atlas.partition)]):
        raise AtlasError(f"{path} shows other faces than the atlas beside it. {REMEDY}")
    return maps
