"""How far a point that is placed by its neighbours lies from where UMAP's own `transform` puts it.

A map is fitted to the training and validation part of an atlas only; the test part is then placed both ways.
"""

from __future__ import annotations

import numpy as np
import umap

from benchmarks.report import Row
from benchmarks.server import ROOT
from latent.atlas import load_atlas
from latent.projection import place

HELD_OUT = 500


def measure() -> list[Row]:
    """Median and 90th percentile of the distance, in shares of the map's width."""
    rows = []
    for name in ("ae", "vae"):
        atlas = load_atlas(ROOT / "checkpoints" / name / "atlas.npz")
        mu = atlas.mu.astype(np.float32)
        known, held_out = mu[atlas.partition != 2], mu[atlas.partition == 2][:HELD_OUT]
        reducer = umap.UMAP(n_neighbors=15, min_dist=0.1, random_state=0, n_jobs=1)
        xy = reducer.fit_transform(known).astype(np.float32)
        expected = reducer.transform(held_out)
        placed = np.stack([place(z, known, xy) for z in held_out])
        width = float(np.ptp(np.percentile(xy, [1, 99], axis=0), axis=0).max())
        distance = np.linalg.norm(placed - expected, axis=1) / width
        chance = np.linalg.norm(np.random.default_rng(0).permutation(placed) - expected, axis=1) / width
        rows.append(
            Row(
                f"Placing a held-out face by its neighbours, `{name}`: distance to UMAP's transform",
                f"median {np.median(distance):.1%}, 90th percentile {np.percentile(distance, 90):.1%} of the map's "
                f"width ({np.median(chance):.0%} for a place picked at random)",
            )
        )
    return rows
