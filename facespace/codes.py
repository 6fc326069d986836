"""Codes of a folder of pictures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.code_table import code_table, csv_bytes, parquet_bytes


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of N pictures.

    Attributes:
        z: float32 [N, D], an AE's codes or a VAE's means.
        logvar: float32 [N, D], natural log of a VAE's variances; None of an AE.
        paths: the N files.
        left_out: a sentence for each file that has no code, by its path.
        facts: which model encoded them.
    """

    z: NDArray[np.float32]
    logvar: NDArray[np.float32] | None
    paths: tuple[Path, ...]
    left_out: Mapping[Path, str]
    facts: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.z)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a table of file names and codes; it holds every number exactly.

        Args:
            path: ends in ".csv" or ".parquet" (columns "file", "z0", "z1" and so on), or in ".npy" (the codes alone).

        Raises:
            ValueError: another ending.
            OSError: the file cannot be written.
        """
        path = Path(path)
        if path.suffix == ".npy":
            np.save(path, self.z)
            return
        write = {".csv": csv_bytes, ".parquet": parquet_bytes}.get(path.suffix)
        if write is None:
            raise ValueError(f"codes are saved as .csv, .parquet or .npy, not as {path.name!r}.")
        path.write_bytes(write(code_table(self.z, {"file": [one.name for one in self.paths]}, self.facts)))
