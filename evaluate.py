"""Measure a checkpoint on held-out CelebA: writes metrics.json into it and prints the figures.

python evaluate.py checkpoints/vae --data CELEBA
python evaluate.py --table            the table of the README, from every metrics.json
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.attributes import ATTRIBUTES, plain_name
from models.celeba import DataError, read_celeba
from models.checkpoints import (
    CheckpointError,
    checkpoint_hash,
    load_checkpoint,
    load_classifier,
    read_config,
    write_text,
)
from models.dataset import FaceArray, load_faces
from models.metrics import (
    USED_DIMENSION_NATS,
    attribute_figures,
    attribute_probabilities,
    measure_reconstruction,
    pca_mse,
    psnr,
)
from models.networks import Autoencoder
from models.training import machine

METRICS_FILE = "metrics.json"
CHECKPOINTS = Path(__file__).parent / "checkpoints"
PCA_SEED = 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("checkpoint", type=Path, nargs="?", help="folder of an AE, a VAE or the classifier")
    words.add_argument("--data", default=os.environ.get("FACESPACE_CELEBA"), help="CelebA folder (FACESPACE_CELEBA)")
    words.add_argument("--table", action="store_true", help="print the table of all shipped checkpoints, measure none")
    return words


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    words = parser().parse_args(arguments)
    try:
        if words.table:
            print(table(CHECKPOINTS))
            return 0
        if words.checkpoint is None:
            raise CheckpointError("name a checkpoint folder, or give --table.")
        if not words.data:
            raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a CelebA folder.")
        metrics = measure(words.checkpoint, words.data)
    except (CheckpointError, DataError) as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 130
    write_text(words.checkpoint / METRICS_FILE, json.dumps(metrics, indent=2) + "\n")
    print(json.dumps({k: v for k, v in metrics.items() if not isinstance(v, list | dict)}, indent=2))
    return 0


def measure(checkpoint: Path, data: str) -> dict[str, Any]:
    """All figures of one checkpoint on the test partition.

    Raises:
        CheckpointError, DataError: bad input, in one sentence.
    """
    began = time.monotonic()
    config, _ = read_config(checkpoint)
    folder = read_celeba(data)
    folder.indices("test")
    faces = load_faces(folder, config.image_size)
    figures = _classifier_figures(checkpoint, faces) if config.kind == "classifier" else _figures(checkpoint, faces)
    return {
        "checkpoint_sha256": checkpoint_hash(checkpoint),
        "partition": "test",
        "images": len(faces.indices("test")),
        **figures,
        "machine": machine(),
        "torch": torch.__version__,
        "seconds": round(time.monotonic() - began),
    }


def _figures(checkpoint: Path, faces: FaceArray) -> dict[str, Any]:
    network = load_checkpoint(checkpoint)
    train, test = faces.images[faces.indices("train")], faces.images[faces.indices("test")]
    print(f"Encoding and decoding {len(test)} test pictures ...")
    result = measure_reconstruction(network, test)
    print(f"Fitting PCA with {network.config.latent_dim} components on {len(train)} training pictures ...")
    pca = psnr(pca_mse(train, test, network.config.latent_dim, PCA_SEED))
    figures: dict[str, Any] = {
        "psnr_db": round(result.psnr, 3),
        "pca_psnr_db": round(pca, 3),
        "pca_components": network.config.latent_dim,
        "pca_seed": PCA_SEED,
        **_speed(network),
    }
    if network.is_variational:
        used = result.kl_by_dimension > USED_DIMENSION_NATS
        figures |= {
            "kl_nats": round(result.kl, 2),
            "active_units": int(used.sum()),
            "kl_nats_by_dimension": result.kl_by_dimension.round(4).tolist(),
        }
    return figures


@torch.inference_mode()
def _speed(network: Autoencoder, repeats: int = 100) -> dict[str, Any]:
    """Median time to decode one face on one core, and the decoder's size."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    z = torch.zeros(1, network.config.latent_dim)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        network.decode(z)
        times.append(time.perf_counter() - began)
    torch.set_num_threads(threads)
    return {
        "decode_ms_one_core": round(float(np.median(times)) * 1000, 2),
        "decoder_parameters": sum(parameter.numel() for parameter in network.decoder.parameters()),
        "encoder_parameters": sum(parameter.numel() for parameter in network.encoder.parameters()),
    }


def _classifier_figures(checkpoint: Path, faces: FaceArray) -> dict[str, Any]:
    if faces.labels is None:
        raise DataError("a classifier is measured against labels; put list_attr_celeba.txt beside the pictures.")
    classifier = load_classifier(checkpoint)
    rows = faces.indices("test")
    rows = rows[(faces.labels[rows] >= 0).all(1)]
    train_labels = faces.labels[faces.indices("train")]
    probabilities = attribute_probabilities(classifier, faces.images[rows])
    figures = attribute_figures(probabilities, faces.labels[rows], train_labels[(train_labels >= 0).all(1)])
    eyeglasses = ATTRIBUTES.index("Eyeglasses")
    return {
        "mean_accuracy": round(float(np.mean(figures["accuracy"])), 4),
        "mean_auc": round(float(np.nanmean(figures["auc"])), 4),
        "mean_commoner_answer": round(float(np.mean(figures["commoner_answer"])), 4),
        "eyeglasses_accuracy": round(figures["accuracy"][eyeglasses], 4),
        "eyeglasses_auc": round(figures["auc"][eyeglasses], 4),
        "by_attribute": {
            plain_name(attribute): {name: round(values[i], 4) for name, values in figures.items()}
            for i, attribute in enumerate(ATTRIBUTES)
        },
    }


def table(checkpoints: Path) -> str:
    """The README's tables, in Markdown, from every `metrics.json` under a folder of checkpoints."""
    found = {path.parent.name: json.loads(path.read_text()) for path in sorted(checkpoints.glob(f"*/{METRICS_FILE}"))}
    rows = ["| checkpoint | PSNR | PCA, as many components | KL | dimensions in use | decode, one core |"]
    rows.append("|---|---|---|---|---|---|")
    for name, m in found.items():
        if "psnr_db" in m:
            kl = f"{m['kl_nats']:.1f} nats" if "kl_nats" in m else "none"
            used = f"{m['active_units']} of {m['pca_components']}" if "active_units" in m else m["pca_components"]
            rows.append(
                f"| `{name}` | {m['psnr_db']:.2f} dB | {m['pca_psnr_db']:.2f} dB | {kl} | {used} "
                f"| {m['decode_ms_one_core']:.1f} ms |"
            )
    rows += ["", "| classifier | mean accuracy | commoner answer | mean AUC | Eyeglasses accuracy, AUC |"]
    rows.append("|---|---|---|---|---|")
    for name, m in found.items():
        if "mean_auc" in m:
            rows.append(
                f"| `{name}` | {m['mean_accuracy']:.1%} | {m['mean_commoner_answer']:.1%} | {m['mean_auc']:.3f} "
                f"| {m['eyeglasses_accuracy']:.1%}, {m['eyeglasses_auc']:.3f} |"
            )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
