"""UMAP maps of the same points under several settings: which, of which faces, and the process that draws them.

`prepare` and `run` are the work of a process of its own, which can be ended at any time: it takes an order and says
each map. UMAP compiles itself first, which takes seconds.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from latent.embedding import embed
from latent.probes import parts

FACES = 3000


@dataclass(frozen=True)
class Setting:
    """What UMAP is told.

    Attributes:
        n_neighbors: size of the neighbourhood that the map tries to keep.
        min_dist: how close together points may lie.
        seed: of its random numbers.
    """

    n_neighbors: int = 15
    min_dist: float = 0.1
    seed: int = 0


BASE = Setting()
VARIED = {
    "neighbours": [Setting(n_neighbors=5), BASE, Setting(n_neighbors=50)],
    "distance": [Setting(min_dist=0.0), BASE, Setting(min_dist=0.8)],
    "seed": [BASE, Setting(seed=1), Setting(seed=2)],
}
SETTINGS = tuple(dict.fromkeys(setting for settings in VARIED.values() for setting in settings))


def map_rows(partition: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The faces of an atlas that stand on these maps: up to 3,000 of those that `parts` holds out."""
    return parts(partition)[1][:FACES]


def pack_order(points: NDArray[np.float32], settings: Sequence[Setting]) -> bytes:
    """An order as the process reads it: points [N, D], and the settings in the order in which they are wanted."""
    buffer = io.BytesIO()
    np.savez(buffer, points=points, settings=np.array(json.dumps([asdict(setting) for setting in settings])))
    return buffer.getvalue()


def prepare() -> None:
    """Nothing to import beforehand: nobody lets these processes wait for an order."""


def run(order: bytes, say: Callable[..., None]) -> None:
    """Carry out an order.

    Args:
        order: from `pack_order`.
        say: takes "step" and "share", and for each map its "setting" and "xy", a list of N places.
    """
    with np.load(io.BytesIO(order), allow_pickle=False) as stored:
        points, settings = stored["points"], json.loads(str(stored["settings"]))
    warnings.simplefilter("ignore")  # UMAP's on its own seed, and on points that stand alone
    for done, setting in enumerate(settings):
        step = f"Map {done + 1} of {len(settings)}" if done else "Opening UMAP, which compiles itself first"
        say(step=step, share=done / len(settings))
        xy, _ = embed(points, **setting)
        say(setting=setting, xy=xy.round(3).tolist())
