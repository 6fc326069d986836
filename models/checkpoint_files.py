"""A checkpoint's folder as one thing: read and checked once, then passed on; free of torch and onnx, for a quick start.

What a folder may hold has its name here and nowhere else. Opening the networks themselves is `models.checkpoints`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.config import ConfigError, ForeignConfig, LatentConfig, ModelConfig

FORMAT = "facespace-1"
FOREIGN_FORMAT = "facespace-onnx-1"  # two ONNX files made elsewhere, see `models.onnx`
TOP_LEVEL_KEYS = {"format", "model", "weights_sha256", "mapping", "faithful", "training"}
MAX_CONFIG_BYTES = 1_000_000
MAX_WEIGHTS_BYTES = 4_000_000_000
MAX_ONNX_BYTES = 500_000_000

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
MAPPING_FILE = "mapping.safetensors"  # taught later, see `models.training.mapping`; the weights stay as they are
FAITHFUL_FILE = "faithful.safetensors"  # another decoder for the same codes, see `models.faithful`
NEXT_WEIGHTS_FILE = "model.safetensors.next"  # for the moment in which weights and config.json are replaced
ENCODER_FILE, BROUGHT_DECODER_FILE = "encoder.onnx", "decoder.onnx"  # of a checkpoint made elsewhere
DECODER_FILE = "decoder.onnx"  # what the browser decodes with, made from our own weights
BLEND_FILE = "faithful.blend"  # what the browser blends into it, made from the faithful decoder's weights
FOREIGN_DECODER_FILE = "browser.onnx"  # the same where decoder.onnx is what was brought
HISTORY_FILE = "history.csv"
METRICS_FILE = "metrics.json"
LEAKAGE_FILE = "leakage.json"
BLEND_FIGURES_FILE = "blend.json"
REACH_FILE = "reach.json"
ATLAS_FILE = "atlas.npz"
MAPS_FILE = "maps.npz"
MIXTURE_FILE = "mixture.npz"

Stamp = tuple[int, int]


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message names the file, what was expected and what to do."""


@dataclass(frozen=True)
class CheckpointFiles:
    """A checkpoint's folder as it was when it was opened.

    Attributes:
        folder: where it lies.
        config: what its networks are, or how a brought pair is read.
        values: the whole of config.json.
        sha256: names the weights: what config.json states of ours, for a brought pair a hash of both files and of how
            they are read.
        stamps: time of change (ns) and size (bytes) of config.json, of the weights and of the atlas; zeros for none.
        identity: a short name that changes with the weights, with how they are read, and with the atlas: the key for
            everything that is worked out from a checkpoint.
    """

    folder: Path
    config: LatentConfig
    values: Mapping[str, Any]
    sha256: str
    stamps: tuple[Stamp, ...]
    identity: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def is_brought(self) -> bool:
        """Whether it is a pair of ONNX files made elsewhere."""
        return isinstance(self.config, ForeignConfig)

    @property
    def own_config(self) -> ModelConfig:
        """What one of our own networks is built from.

        Raises:
            CheckpointError: it was made elsewhere, so nothing is known of its layers and its loss.
        """
        if not isinstance(self.config, ModelConfig):
            raise CheckpointError(f"{self.folder} was made elsewhere: its layers and its loss are not known.")
        return self.config

    @property
    def training(self) -> Mapping[str, Any]:
        """What config.json says of the training; any entry may be missing."""
        told = self.values.get("training")
        return told if isinstance(told, dict) else {}

    @property
    def mapping_sha256(self) -> str:
        """Names the weights of the mapping in front of the decoder; empty where there is none."""
        return _sha256_beside(self.values, "mapping")

    @property
    def mapping_path(self) -> Path:
        """The weights of that mapping."""
        return self.folder / MAPPING_FILE

    @property
    def faithful_sha256(self) -> str:
        """Names the weights of the faithful decoder beside its own, vivid one; empty where there is none."""
        return "" if self.is_brought else _sha256_beside(self.values, "faithful")

    @property
    def faithful_path(self) -> Path:
        """The weights of that decoder."""
        return self.folder / FAITHFUL_FILE

    @property
    def config_path(self) -> Path:
        """What was read."""
        return self.folder / CONFIG_FILE

    @property
    def weights_paths(self) -> tuple[Path, ...]:
        """The files that its networks are opened from: our weights, or a brought encoder and decoder."""
        return _weights_paths(self.folder, self.config, self.sha256)

    @property
    def history_path(self) -> Path:
        """The training run, an epoch a row."""
        return self.folder / HISTORY_FILE

    @property
    def metrics_path(self) -> Path:
        """What evaluate.py measured."""
        return self.folder / METRICS_FILE

    @property
    def leakage_path(self) -> Path:
        """What evaluate.py measured of the attribute directions."""
        return self.folder / LEAKAGE_FILE

    @property
    def reach_path(self) -> Path:
        """Where evaluate.py saw attributes along their directions."""
        return self.folder / REACH_FILE

    @property
    def blend_figures_path(self) -> Path:
        """What evaluate.py measured between the faithful and the vivid decoder."""
        return self.folder / BLEND_FIGURES_FILE

    @property
    def atlas_path(self) -> Path:
        """The encoded faces and their map."""
        return self.folder / ATLAS_FILE

    @property
    def maps_path(self) -> Path:
        """The same faces mapped with other settings, for the lesson."""
        return self.folder / MAPS_FILE

    @property
    def mixture_path(self) -> Path:
        """Ten Gaussians fitted to the atlas."""
        return self.folder / MIXTURE_FILE

    @property
    def decoder_paths(self) -> tuple[Path, Path]:
        """Where the browser's decoder may lie: beside the weights, else in the user's cache folder."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "facespace"
        name = FOREIGN_DECODER_FILE if self.is_brought else DECODER_FILE
        return self.folder / name, cache / self.sha256[:16] / name

    @property
    def blend_paths(self) -> tuple[Path, ...]:
        """Where what the browser blends into that decoder may lie."""
        return tuple(path.with_name(BLEND_FILE) for path in self.decoder_paths)


def open_files(folder: str | Path | CheckpointFiles) -> CheckpointFiles:
    """Read and check a checkpoint's `config.json` and see what lies beside it; one that is open already is returned.

    Raises:
        CheckpointError: config.json is missing, unreadable, not JSON, of another format, breaks a rule or names no
            weights; or one of a brought pair of files is missing.
    """
    if isinstance(folder, CheckpointFiles):
        return folder
    folder = Path(folder)
    config, values = _read_config(folder / CONFIG_FILE)
    sha256 = _pair_sha256(folder, config) if isinstance(config, ForeignConfig) else _stated_sha256(folder, values)
    paths = (folder / CONFIG_FILE, *_weights_paths(folder, config, sha256), folder / ATLAS_FILE)
    stamps = tuple(file_stamp(path) for path in paths)
    beside = [values.get(key) for key in ("mapping", "faithful")]
    reading = json.dumps([sha256, config.to_dict(), *beside, stamps[1:]], sort_keys=True)
    identity = hashlib.sha256(reading.encode()).hexdigest()[:16]
    return CheckpointFiles(folder, config, values, sha256, stamps, identity)


def _sha256_beside(values: Mapping[str, Any], key: str) -> str:
    told = values.get(key)
    digest = told.get("sha256") if isinstance(told, dict) else None
    return digest if isinstance(digest, str) else ""


def check_onnx_size(path: Path, size: int) -> None:
    """See that an ONNX file of `size` bytes may be opened.

    Raises:
        CheckpointError: it is empty, or above 500 MB.
    """
    if not size:
        raise CheckpointError(f"{path} is empty. Export it again.")
    if size > MAX_ONNX_BYTES:
        raise CheckpointError(
            f"{path} has {size / 1e6:,.0f} MB; a network of up to {MAX_ONNX_BYTES / 1e6:.0f} MB can be opened."
        )


def file_stamp(path: Path) -> Stamp:
    """What changes when a file does, its time of change in ns and its size in bytes; zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_config(path: Path) -> tuple[LatentConfig, dict[str, Any]]:
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. A checkpoint is a folder with {CONFIG_FILE} and {WEIGHTS_FILE}.")
    if file_stamp(path)[1] > MAX_CONFIG_BYTES:
        raise CheckpointError(f"{path} is larger than 1 MB, so it is not a checkpoint's configuration.")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not valid JSON. Copy the checkpoint again.") from error
    if not isinstance(values, dict) or values.get("format") not in (FORMAT, FOREIGN_FORMAT):
        raise CheckpointError(
            f'{path} does not say "format": "{FORMAT}" (or "{FOREIGN_FORMAT}"), so this version cannot open it.'
        )
    if unknown := sorted(set(values) - TOP_LEVEL_KEYS):
        raise CheckpointError(f"{path} has the unknown key {unknown[0]!r}; remove it or open it with its own version.")
    try:
        kind: type[LatentConfig] = ModelConfig if values["format"] == FORMAT else ForeignConfig
        return kind.from_dict(values.get("model")), values
    except ConfigError as error:
        raise CheckpointError(f"{path}: {error}") from error


def _weights_paths(folder: Path, config: LatentConfig, sha256: str = "") -> tuple[Path, ...]:
    """A brought pair; or our own weights, which have another name while they are put in place, or were cut off then."""
    if isinstance(config, ForeignConfig):
        return folder / ENCODER_FILE, folder / BROUGHT_DECODER_FILE
    coming = folder / NEXT_WEIGHTS_FILE
    with suppress(OSError):  # it is gone as soon as it has its name
        if coming.is_file() and file_sha256(coming) == sha256:
            return (coming,)
    return (folder / WEIGHTS_FILE,)


def _stated_sha256(folder: Path, values: Mapping[str, Any]) -> str:
    digest = values.get("weights_sha256")
    if not isinstance(digest, str) or len(digest) != 64:
        raise CheckpointError(f"{folder / CONFIG_FILE} does not state weights_sha256. Copy the checkpoint again.")
    return digest


def _pair_sha256(folder: Path, config: ForeignConfig) -> str:
    digest = hashlib.sha256(repr(sorted(config.to_dict().items())).encode())
    for path in _weights_paths(folder, config):
        try:
            status = path.stat()
            check_onnx_size(path, status.st_size)
            digest.update(_file_digest(path, status.st_size, status.st_mtime_ns))
        except OSError as error:
            raise CheckpointError(
                f"{path} cannot be read: {error.strerror}. A checkpoint from elsewhere needs {ENCODER_FILE} and "
                f"{BROUGHT_DECODER_FILE} beside its config.json."
            ) from error
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _file_digest(path: Path, size: int, changed: int) -> bytes:
    return bytes.fromhex(file_sha256(path))
