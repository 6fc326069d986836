"""Where in a folder pictures lie, and what stands in the way where there are none."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from models.data.data_error import DataError, spelled

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
ALIGNABLE_SUFFIXES = PICTURE_SUFFIXES | {".heic", ".heif", ".avif", ".gif", ".bmp", ".jfif"}
"""What `--align` opens besides: phones write HEIC."""
ARCHIVES = (".zip", ".7z", ".tar", ".gz", ".tgz", ".rar", ".7z.001", ".001")
DEEPEST = 4  # levels below the folder that is given; CelebA's official Img/img_align_celeba_png is the second
MOST_FOLDERS = 500
OF_OTHER_PROGRAMS = {"__macosx", "lost+found", "node_modules"}
LISTS_ONLY = {"anno", "eval"}  # of the official download; the pictures lie beside them


class NoPictureError(DataError):
    """There is no picture; `folder_to_align` holds some that only `--align` reads, if it is a folder."""

    folder_to_align: Path | None = None


@dataclass
class Place:
    """One folder of a search.

    Attributes:
        folder: the folder.
        names: of the picture files in it, hidden ones left out.
        others: of other files that say what has to be done: archives, parquet files, pictures to be aligned.
    """

    folder: Path
    names: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def search(root: Path) -> list[Place]:
    """`root` and the folders below it, level by level, each with its pictures; links to folders are followed once.

    Raises:
        DataError: `root` cannot be read.
    """
    found: list[Place] = []
    waiting, seen = deque([(root, 0)]), {os.path.realpath(root)}
    while waiting and len(found) < MOST_FOLDERS:
        folder, depth = waiting.popleft()
        place = Place(folder)
        try:
            with os.scandir(folder) as entries:
                below = sorted(_sorted_out(place, list(entries)))
        except OSError as error:
            if folder == root:
                raise DataError(f"{spelled(root)} cannot be read: {error.strerror}.") from error
            continue
        found.append(place)
        for name in below if depth < DEEPEST else []:
            real = os.path.realpath(folder / name)
            if real not in seen:
                seen.add(real)
                waiting.append((folder / name, depth + 1))
    return found


def _sorted_out(place: Place, entries: list[os.DirEntry[str]]) -> list[str]:
    """Put the files of a folder where they belong; returns the names of the folders in it."""
    below = []
    for entry in entries:
        name, lower = entry.name, entry.name.lower()
        if name.startswith("."):  # macOS leaves ._000001.jpg beside 000001.jpg
            continue
        suffix = os.path.splitext(lower)[1]
        if _is_folder(entry):
            if lower not in OF_OTHER_PROGRAMS:
                below.append(name)
        elif suffix in PICTURE_SUFFIXES:
            place.names.append(name)
        elif lower.endswith((*ARCHIVES, ".parquet", ".arrow")) or suffix in ALIGNABLE_SUFFIXES:
            place.others.append(name)
    return below


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def explain_nothing(root: Path, places: list[Place]) -> NoPictureError:
    """Why a folder without pictures has none, and what would do."""
    said = f"{spelled(root)} holds no .jpg, .png or .webp picture, nor does a folder in it."
    others = [place.folder / name for place in places for name in place.others]
    suffixes = {path.suffix.lower() for path in others}
    if ".parquet" in suffixes:
        return NoPictureError(
            f"{said} {spelled(others[0].name)} is a table of Hugging Face's: python -m models.data.parquet "
            f"{spelled(root)} saves its pictures as files first, with their labels."
        )
    if ".arrow" in suffixes:
        return NoPictureError(
            f"{said} {spelled(others[0].name)} is a table of Hugging Face's cache. Download the data set's .parquet "
            "files instead, or save its pictures as files."
        )
    archives = [path for path in others if path.name.lower().endswith(ARCHIVES)]
    if archives:
        first = min(archives, key=lambda path: ("img_align" not in path.name.lower(), path.name))
        return NoPictureError(f"{said} {spelled(first)} is still packed: unpack it there.")
    if others:
        nothing = NoPictureError(f"{said} Add --align: it reads {', '.join(sorted(suffixes))} files, too.")
        nothing.folder_to_align = others[0].parent
        return nothing
    if root.name.lower() in LISTS_ONLY:
        return NoPictureError(f"{said} The pictures of CelebA lie beside it: give {spelled(root.absolute().parent)}.")
    return NoPictureError(f"{said} Give the folder that holds img_align_celeba, or your pictures themselves.")
