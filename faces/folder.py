"""A folder of somebody's own pictures -> a folder of faces cut out as CelebA's are, beside what was not found."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from faces.detector import NoFaceError, align_face
from faces.photo import PhotoError, read_photo

MARK = "aligned.json"
"""Stands in a folder of aligned pictures and says so, and in which pictures no face was found."""
QUALITY = 95


def align_folder(pictures: Sequence[Path], into: Path, *, progress: bool = True) -> list[str]:
    """Cut out the face of each picture, the largest where there are several, as a JPEG of 178 x 218 in `into`.

    What was cut out before and is newer than its picture is left as it is, so that it can be stopped and goes on.

    Args:
        pictures: the files, of any format that `faces.photo` reads.
        into: the folder, made where it is missing. A mark in it says what it is.
        progress: show a bar.

    Returns:
        The names of pictures that are left out, each with the reason.

    Raises:
        OSError: the folder cannot be written.
    """
    into.mkdir(exist_ok=True)
    missed: dict[str, str] = {}
    taken: set[str] = set()
    for picture in tqdm(pictures, desc="Looking for faces", unit=" pictures", disable=not progress):
        name = f"{picture.stem if picture.stem not in taken else picture.name}.jpg"
        taken.add(picture.stem)
        target = into / name
        if target.is_file() and target.stat().st_mtime_ns >= picture.stat().st_mtime_ns:
            continue
        try:
            face = align_face(read_photo(picture.read_bytes()))
        except (NoFaceError, PhotoError, OSError) as error:
            missed[os.fsencode(picture.name).decode("utf-8", "replace")] = str(error)
            target.unlink(missing_ok=True)
            continue
        partial = target.with_suffix(".partial")
        face.save(partial, "JPEG", quality=QUALITY, subsampling=0)
        os.replace(partial, target)
    mark = {"format": "facespace-aligned-1", "pictures": len(pictures), "missed": missed}
    (into / MARK).write_text(json.dumps(mark, indent=1), encoding="utf-8")
    return [f"{name}: {reason}" for name, reason in missed.items()]
