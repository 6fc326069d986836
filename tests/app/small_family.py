"""A stand-in for the lesson's family: tiny seeded networks with all files that the real ones have."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from latent.atlas import save_atlas
from models.checkpoints import save_checkpoint
from models.training.snapshots import save_snapshot
from tests.conftest import tiny_network
from tests.latent.test_atlas import small_atlas

DIMENSIONS = 6
TRAINING = {
    "epochs": 3, "epochs_done": 3, "batch_size": 8, "learning_rate": 0.002, "weight_decay": 0.01, "seed": 5,
    "images": 40, "seconds": 90, "processes": 1, "machine": "a test", "precision": "float32", "torch": "2",
}  # fmt: skip
CURVE = {0.0: 24.0, 0.1: 23.5, 1.0: 22.0, 10.0: 19.0}
"""PSNR by beta; a beta of 0 is the autoencoder."""
ALIKE: dict[str, Any] = {"linear_path": True, "perceptual_weight": 50.0}
"""What the curve's share: `pixels` lacks the perceptual term, `plain-ae` the start as PCA."""


def write_family(folder: Path) -> Path:
    """Write `beta-0`, `beta-0.1`, `beta-1`, `beta-10`, `pixels`, `plain-ae` and `two-dimensions` into a folder."""
    for beta, psnr in CURVE.items():
        write_member(folder / f"beta-{beta:g}", psnr, kind="vae" if beta else "ae", beta=beta, **ALIKE)
    write_member(folder / "pixels", 22.5, beta=1.0, linear_path=True)
    write_member(folder / "plain-ae", 21.0, kind="ae", beta=0.0, perceptual_weight=50.0)
    write_member(folder / "two-dimensions", 17.0, beta=1.0, latent_dim=2)
    return folder


def write_member(
    folder: Path, psnr: float, *, kind: str = "vae", latent_dim: int = DIMENSIONS, snapshots: int = 3, **more: Any
) -> str:
    """Write a tiny checkpoint with a test-part atlas, history, figures and strips; returns the hash of its weights."""
    network = tiny_network(kind, latent_dim=latent_dim, **more)
    sha256 = save_checkpoint(network, folder, TRAINING)
    atlas = small_atlas(variational=kind == "vae", rows=60, dimensions=latent_dim)
    atlas = replace(atlas, partition=np.full(60, 2, np.uint8), checkpoint_sha256=sha256)
    save_atlas(atlas, folder / "atlas.npz")
    nats = np.linspace(3, 0, latent_dim) / (1 + more.get("beta", 0.0))
    metrics: dict[str, Any] = {
        "checkpoint_sha256": sha256, "images": 10, "psnr_db": psnr, "psnr_db_interval": [psnr - 0.1, psnr + 0.1],
        "pca_psnr_db": 21.0, "gain_db": psnr - 21, "gain_db_interval": [psnr - 21.2, psnr - 20.8],
        "pca_components": latent_dim, "ssim": 0.7, "pca_ssim": 0.66,
    }  # fmt: skip
    if kind == "vae":
        metrics |= {
            "kl_nats": round(float(nats.sum()), 2),
            "active_units": int((nats > 0.01).sum()),
            "kl_nats_by_dimension": nats.round(4).tolist(),
        }
    (folder / "metrics.json").write_text(json.dumps(metrics))
    columns = "epoch,seconds,loss,distortion,valid_psnr" + (",kl,valid_kl" if kind == "vae" else "")
    rows = [
        f"{e},30,{900 / e},{800 / e},{psnr - 3 + e}" + (f",{5 + e},{6 + e}" if kind == "vae" else "") for e in (1, 2, 3)
    ]
    (folder / "history.csv").write_text("\n".join([columns, *rows]) + "\n")
    faces = np.random.default_rng(0).integers(0, 256, (8, 64, 64, 3), dtype=np.uint8)
    for epoch in range(snapshots):
        save_snapshot(tiny_network(kind, latent_dim=latent_dim, seed=epoch, **more), faces, folder, epoch)
    return sha256
