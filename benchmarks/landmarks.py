"""What a map loses that is fitted to landmarks only: against the full fit, at 200,000 faces.

The faces are drawn from the ten Gaussians that were fitted to the shipped VAE's codes; its linear probes say which
attributes each has. Every fit runs in a process of its own, whose memory and processor time are measured. The full one
takes some minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.atlas_memory import peak
from benchmarks.report import Row
from benchmarks.server import ROOT
from latent.atlas import Atlas, load_atlas
from latent.embedding import embed, embed_by_landmarks
from latent.map_quality import NEIGHBOURS, neighbour_auc, neighbours_kept
from latent.mixture_file import load_mixture
from latent.probes import fit_probes

COUNT = 200_000
LANDMARKS = (20_000, 50_000, COUNT)
ASKED = 2_000
VAE = ROOT / "checkpoints" / "vae"


def measure() -> list[Row]:
    """Fit the map to some and to all of the same faces."""
    atlas = load_atlas(VAE / "atlas.npz")
    mixture = load_mixture(VAE / "mixture.npz", atlas)
    mu = mixture.sample(COUNT, seed=0).astype(np.float16)  # as an atlas holds codes
    present = _attributes(atlas, mu)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        codes = Path(scratch) / "codes.npy"
        np.save(codes, mu)
        for fitted in LANDMARKS:
            out = Path(scratch) / f"{fitted}.npy"
            used, _, busy = peak([sys.executable, "-m", "benchmarks.landmarks", str(codes), str(out), str(fitted)])
            xy = np.load(out)
            kept, auc = neighbours_kept(mu, xy, 0, ASKED), neighbour_auc(xy, present)
            name = "all" if fitted == COUNT else f"{fitted:,} landmarks"
            cost = f"{busy:,.0f} s of one core, {used / 1e6:,.0f} MB"
            figures = f"{kept:.2%} of {NEIGHBOURS} neighbours kept, AUC {auc:.3f}; {cost}"
            rows.append(Row(f"Map of {COUNT:,} faces, fitted to {name}", figures))
    shuffled = np.random.default_rng(0).permutation(xy)
    kept, auc = neighbours_kept(mu, shuffled, 0, ASKED), neighbour_auc(shuffled, present)
    return [*rows, Row("The places of the last, dealt out at random", f"{kept:.2%}, AUC {auc:.3f}")]


def _attributes(atlas: Atlas, mu: NDArray[np.float16]) -> NDArray[np.bool_]:
    """Which attributes codes have: bool [M, A]."""
    probes = fit_probes(atlas.mu, atlas.scores > 127, atlas.partition, atlas.attributes)
    return probes.log_odds(mu) > 0


def main() -> None:
    """One fit: the files of codes and of places, and how many faces it is fitted to."""
    codes, places, fitted = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    mu = np.load(codes)
    xy, _ = embed(mu) if fitted == len(mu) else embed_by_landmarks(mu, fitted)
    np.save(places, xy)


if __name__ == "__main__":
    main()
