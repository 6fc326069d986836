"""One case after the other, each from its seed and number alone."""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np

from tests.mixing import checkpoints, folders, graphs, pairs, photos
from tests.mixing.lists import Random

KINDS: dict[str, Callable[[Random, Path], str]] = {
    "folders": lambda random, place: folders.check(random, folders.make(random, place)),
    "pairs": lambda random, place: pairs.check(random, graphs.make(random), place),
    "checkpoints": checkpoints.check,
    "photos": lambda random, place: photos.check(random),
}
ORDER = ("folders", "pairs", "folders", "pairs", "checkpoints", "photos")


@dataclass(frozen=True)
class Outcome:
    """What came of a case: `came` says what was done with it, `fault` what should not have happened."""

    kind: str
    number: int
    came: str = ""
    fault: str = ""


def run(seed: int, numbers: Iterable[int], kind: str | None = None) -> Iterator[Outcome]:
    """Cases of all kinds in turn, or of one."""
    with TemporaryDirectory() as place, mock.patch.dict(os.environ, {"FACESPACE_CACHE": f"{place}/cache"}):
        for number in numbers:
            here = kind or ORDER[number % len(ORDER)]
            folder = Path(place) / "case"
            folder.mkdir()
            try:
                yield Outcome(here, number, came=KINDS[here](np.random.default_rng([seed, number]), folder))
            except AssertionError as error:
                yield Outcome(here, number, fault=str(error) or _where(error))
            except Exception as error:  # what nothing here may let through
                yield Outcome(here, number, fault=f"{type(error).__name__}: {str(error)[:300]} {_where(error)}")
            finally:
                shutil.rmtree(folder)


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-4:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last)
