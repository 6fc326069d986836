"""Take in an AE or a VAE made elsewhere: two ONNX files and a small config.json become a checkpoint.

python import_checkpoint.py encoder.onnx decoder.onnx --config config.json --name theirs
python import_checkpoint.py --check checkpoints/theirs        only look for what config.json gets wrong; --fix mends it

config.json says how the networks' numbers are to be read: kind (ae or vae), image_size, latent_dim, crop (celeba or
square), value_range ([0, 1] or [-1, 1]), channels (RGB, BGR or grey), and spread, what a VAE's encoder returns beside
the mean (logvar, logstd, variance or std). Where they are needed: output_range, mean and std (of the encoder's pixels),
layout (NCHW or NHWC), latent_shape (of latents that are maps) and outputs (names of the encoder's mean and spread).

A PyTorch model need not be exported first: from models.onnx import bring; bring(encoder, decoder, example, into=...).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from command_line import folder_named, run_door
from evaluation.evidence import gather
from faces import NoFaceError, align_face
from models.checkpoint_files import CheckpointError, check_onnx_size, open_files
from models.data.celeba import read_celeba
from models.onnx.doctor import Evidence, Finding, examine
from models.onnx.import_pair import correct, import_pair

ROOT = Path(__file__).parent


@dataclass(frozen=True)
class ImportRequest:
    """The command line.

    Attributes:
        encoder: ONNX file, pictures [N, 3, S, S] to latents.
        decoder: ONNX file, latents [N, D] to pictures [N, 3, S, S].
        config: JSON file that says how their numbers are to be read.
        name: of the checkpoint's folder; the app shows it.
        into: folder of checkpoints.
        check: folder of a checkpoint that was taken in before.
        fix: change config.json where the check finds it wrong.
        data: CelebA folder (FACESPACE_CELEBA).
    """

    encoder: Path | None = None
    decoder: Path | None = None
    _: KW_ONLY
    config: Path | None = None
    name: str | None = None
    into: Path = ROOT / "checkpoints"
    check: Path | None = None
    fix: bool = False
    data: str | None = field(default_factory=lambda: folder_named("FACESPACE_CELEBA"))

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""
        return "The checkpoint may not have been taken in whole; look with --check, or do it again."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (1: something is off, 2: bad input, 130: Ctrl-C)."""
    return run_door("import_checkpoint.py", __doc__, ImportRequest, run, arguments)


def run(asked: ImportRequest) -> int:
    """Do what the command line asks.

    Raises:
        AtlasError, CheckpointError, DataError: bad input, in one sentence.
    """
    folder = asked.check
    if folder is None:
        if not (asked.encoder and asked.decoder and asked.config and asked.name):
            raise CheckpointError("give ENCODER DECODER --config FILE --name NAME, or --check FOLDER.")
        encoder, decoder, config = (_read(path) for path in (asked.encoder, asked.decoder, asked.config))
        folder = import_pair(encoder, decoder, config, asked.into, asked.name)
        print(f"{folder}: taken in.")
    files = open_files(folder)
    print("Checking it on decoded faces, the shipped portrait and your CelebA pictures, if there are any ...")
    found = examine(files, _evidence(asked.data))
    changes = {key: value for finding in found for key, value in finding.change.items()}
    if changes and asked.fix:
        correct(files, changes)
        found = examine(files.folder, _evidence(asked.data))
        print(f"Changed in {files.config_path}: {_spelled(changes)}.")
        changes = {}
    for finding in found:
        print(f"- {finding.words}{_offer(finding)}")
    if changes:
        print(f"To make these changes: python import_checkpoint.py --check {folder} --fix")
    if not found:
        print("Nothing is off.")
    print(f"Its map: python build_atlas.py {folder} --decoded checkpoints/vae --part test   (or --data CELEBA)")
    return int(any(finding.wrong for finding in found))


def _read(path: Path) -> bytes:
    try:
        check_onnx_size(path, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error


def _evidence(data: str | None) -> Evidence:
    portraits = []
    with Image.open(ROOT / "assets" / "portrait.jpg") as picture:
        try:
            portraits.append(align_face(picture.convert("RGB")))
        except NoFaceError:  # cannot happen to the shipped one; another's copy may be damaged
            print("No face was found in assets/portrait.jpg.", file=sys.stderr)
    return gather(ROOT / "checkpoints" / "vae", portraits, read_celeba(data) if data else None)


def _offer(finding: Finding) -> str:
    return f" Change {_spelled(finding.change)}." if finding.change else ""


def _spelled(changes: Mapping[str, Any]) -> str:
    return ", ".join(f'"{key}" to {json.dumps(value)}' for key, value in changes.items())


if __name__ == "__main__":
    sys.exit(main())
