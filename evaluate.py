"""Measure a checkpoint on held-out CelebA: writes metrics.json (an autoencoder's leakage.json, reach.json, blend.json).

python evaluate.py checkpoints/vae --data CELEBA
python evaluate.py checkpoints/vae --reach  only where attributes show along their sliders; needs no pictures
python evaluate.py checkpoints/vae --blend --data CELEBA   only the way from its faithful to its vivid decoder
python evaluate.py checkpoints/vae --card   its model card (README.md and sheets of faces), from metrics.json
python evaluate.py --table                  the tables of the README, from every metrics.json
python evaluate.py checkpoints/family --table   the same for the lesson's family
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from command_line import folder_named, run_door
from evaluation.autoencoder import (
    Settings,
    autoencoder_figures,
    blend_figures,
    leakage_figures,
    map_figures,
    reach_figures,
)
from evaluation.card import write_card
from evaluation.report import read_metrics, tables
from latent.atlas import Atlas, load_atlas
from models.checkpoint_files import (
    BLEND_FIGURES_FILE,
    LEAKAGE_FILE,
    METRICS_FILE,
    REACH_FILE,
    CheckpointError,
    CheckpointFiles,
    open_files,
)
from models.checkpoints import load_classifier
from models.data.attributes import ATTRIBUTES, plain_name
from models.data.celeba import DataError, read_celeba
from models.data.dataset import FaceArray, load_faces
from models.metrics import attribute_figures, attribute_probabilities
from models.training.hardware import machine
from models.whole_files import write_text

CHECKPOINTS = Path(__file__).parent / "checkpoints"


@dataclass(frozen=True)
class EvaluationRequest:
    """The command line.

    Attributes:
        checkpoint: folder of an AE, a VAE or a classifier.
        data: CelebA folder (FACESPACE_CELEBA).
        measure: the classifier in whose features pictures are compared; no model may be trained against it.
        samples: decoded faces a sampler.
        seed: of everything that is drawn.
        card: write the model card of a measured checkpoint.
        reach: find only where attributes show along their sliders, with the atlas's held-out faces.
        blend: measure only the way from its faithful to its vivid decoder.
        table: print the tables of all checkpoints in a folder, measure none.
    """

    checkpoint: Path | None = None
    _: KW_ONLY
    data: str | None = field(default_factory=lambda: folder_named("FACESPACE_CELEBA"))
    measure: Path = CHECKPOINTS / "measure"
    samples: int = 10_000
    seed: int = 0
    card: bool = False
    reach: bool = False
    blend: bool = False
    table: bool = False

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""
        return "No new figures were written."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    return run_door("evaluate.py", __doc__, EvaluationRequest, run, arguments)


def run(asked: EvaluationRequest) -> int:
    """Do what the command line asks.

    Raises:
        AtlasError, CheckpointError, DataError, PriorError: bad input, in one sentence.
    """
    if asked.table:
        print(tables(read_metrics(asked.checkpoint or CHECKPOINTS)))
        return 0
    if asked.checkpoint is None:
        raise CheckpointError("name a checkpoint folder, or give --table.")
    if asked.card:
        write_card(open_files(asked.checkpoint), asked.seed)
        return 0
    if asked.reach:
        write_reach(open_files(asked.checkpoint), Settings(asked.measure, asked.samples, asked.seed))
        return 0
    if not asked.data:
        raise DataError("no pictures given. Point --data or FACESPACE_CELEBA at a CelebA folder.")
    if asked.samples < 2 or asked.seed < 0:
        raise DataError("--samples must be at least 2 and --seed not negative.")
    act = write_blend if asked.blend else measure
    act(open_files(asked.checkpoint), asked.data, Settings(asked.measure, asked.samples, asked.seed))
    return 0


def write_reach(checkpoint: CheckpointFiles, settings: Settings) -> None:
    """Find where attributes show along the sliders of one checkpoint, and write that into it.

    Raises:
        AtlasError, CheckpointError: bad input, in one sentence.
    """
    if checkpoint.config.kind == "classifier":
        raise CheckpointError(f"{checkpoint.folder} is a classifier, which has no sliders. Name an AE or a VAE.")
    atlas = load_atlas(checkpoint.atlas_path, checkpoint.sha256, checkpoint.config.latent_dim)
    write_text(checkpoint.reach_path, to_json(reach_figures(checkpoint, atlas, settings)))
    print(f"{checkpoint.reach_path} is written.")


def write_blend(checkpoint: CheckpointFiles, data: str, settings: Settings) -> None:
    """Measure the way from a checkpoint's faithful to its vivid decoder on the test part, and write that into it.

    Raises:
        CheckpointError, DataError: bad input, in one sentence.
    """
    faces = load_faces(read_celeba(data), *checkpoint.config.view)
    write_text(checkpoint.blend_figures_path, to_json(blend_figures(checkpoint, faces, settings)))
    print(f"{checkpoint.blend_figures_path} is written.")


def measure(checkpoint: CheckpointFiles, data: str, settings: Settings) -> None:
    """Measure one checkpoint on the test partition and write what was found into it.

    Raises:
        AtlasError, CheckpointError, DataError, PriorError: bad input, in one sentence.
    """
    began = time.monotonic()
    config = checkpoint.config
    folder = read_celeba(data)
    for note in folder.notes:
        print(note, file=sys.stderr)
    for partition in ("train", "test"):
        folder.indices(partition)
    faces = load_faces(folder, *config.view)
    files: dict[str, dict[str, Any]] = {}
    if config.kind == "classifier":
        figures = classifier_figures(checkpoint, faces)
    else:
        figures = autoencoder_figures(checkpoint, faces, settings)
        if checkpoint.faithful_sha256:
            files[BLEND_FIGURES_FILE] = blend_figures(checkpoint, faces, settings)
        atlas = _atlas(checkpoint)
        if atlas is not None:
            figures["map"] = map_figures(atlas, folder, settings.seed)
            files[REACH_FILE] = reach_figures(checkpoint, atlas, settings)
            if (atlas.partition == 0).any():  # directions come from the training part, which a small atlas leaves out
                files[LEAKAGE_FILE] = leakage_figures(checkpoint, atlas, faces, settings)
    files[METRICS_FILE] = {
        "checkpoint_sha256": checkpoint.sha256,
        "partition": "test",
        "images": len(faces.indices("test")),
        **figures,
        "machine": machine(),
        "torch": torch.__version__,
        "seconds": round(time.monotonic() - began),
    }
    for name, content in files.items():
        write_text(checkpoint.folder / name, to_json(content))
    short = {key: value for key, value in files[METRICS_FILE].items() if not isinstance(value, list | dict)}
    print(json.dumps(short, indent=2))


def _atlas(checkpoint: CheckpointFiles) -> Atlas | None:
    """The checkpoint's atlas; None, with a word, where there is none yet.

    Raises:
        AtlasError: there is one, but it is damaged or of other weights.
    """
    path = checkpoint.atlas_path
    if path.is_file():
        return load_atlas(path, checkpoint.sha256, checkpoint.config.latent_dim)
    print(f"{path} is missing: the map and the attribute directions are left out. Make it with build_atlas.py.")
    return None


def classifier_figures(checkpoint: CheckpointFiles, faces: FaceArray) -> dict[str, Any]:
    """Accuracy, AUC and calibration error of a classifier, overall and by attribute.

    Raises:
        CheckpointError: the classifier cannot be opened.
        DataError: the pictures have no labels.
    """
    if faces.labels is None or faces.attributes != ATTRIBUTES:
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
        "mean_calibration_error": round(float(np.mean(figures["calibration_error"])), 4),
        "eyeglasses_accuracy": round(figures["accuracy"][eyeglasses], 4),
        "eyeglasses_auc": round(figures["auc"][eyeglasses], 4),
        "by_attribute": {
            plain_name(attribute): {
                name: None if np.isnan(values[i]) else round(values[i], 4) for name, values in figures.items()
            }
            for i, attribute in enumerate(ATTRIBUTES)
        },
    }


def to_json(content: dict[str, Any]) -> str:
    """JSON with each list of numbers or names on one line, so that a matrix stays readable and its history small."""
    text = json.dumps(content, indent=2, allow_nan=False)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


if __name__ == "__main__":
    sys.exit(main())
