"""The picture files of a folder as people have them: where they lie, and whether their names are CelebA's numbers.

CelebA comes as `img_align_celeba/` (Kaggle doubles it), as the official `Img/`, `Anno/` and `Eval/`, as PNG, and is
given one level too high or too low. Beside it lie what other programs leave: side files of macOS, copies, contact
sheets. CelebA-HQ, FFHQ and the in-the-wild archive have such names, too, but not those of CelebA's aligned pictures.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from models.data.data_error import DataError, spelled
from models.data.searching import ALIGNABLE_SUFFIXES, NoPictureError, Place, explain_nothing, search
from models.images import ALIGNED_SIZE

Origin = Literal["celeba", "celeba-hq", "in-the-wild", "another size", "own"]

LAST_CELEBA = 202_599
"""CelebA's pictures are numbered from 1 to this."""
OWN_NUMBERS = 1_000_000_000
"""Numbers of other pictures begin here, so that none is taken for one of CelebA's."""
ALIGNED_FOLDER = "aligned"
ALIGNED_MARK = "aligned.json"  # stands in a folder of pictures that `--align` has cut out
OFFICIAL_FOLDERS = ("img_align_celeba", "img_align_celeba_png")
CELEBA_NAME, DIGITS = re.compile(r"[0-9]{6}"), re.compile(r"[0-9]{1,5}")
SAMPLED = 24  # files whose size is looked at

OFFER = "Add --align to train.py or build_atlas.py to have the faces cut out as CelebA's are."
LOOKS = {
    "celeba-hq": "look like CelebA-HQ or FFHQ",
    "in-the-wild": "look like CelebA's in-the-wild archive, which is not aligned",
    "another size": "are named as CelebA's are, but have another size",
}


@dataclass(frozen=True)
class PictureFiles:
    """Picture files, sorted by number where that is CelebA's, else by name.

    Attributes:
        folder: where they lie.
        paths: the files.
        origin: "celeba" where the names are CelebA's numbers; else what they look like.
        notes: a sentence for what was left out or is not what it seems.
    """

    folder: Path
    paths: list[Path]
    origin: Origin
    notes: tuple[str, ...] = ()


def find_pictures(root: Path, *, aligned: bool = True) -> PictureFiles:
    """The pictures of a folder.

    Args:
        root: the folder, or one that holds it.
        aligned: take those that `--align` has cut out, where there are some, instead of what they were cut out of.

    Raises:
        DataError: there is no picture, or it is not clear which folder is meant; the sentence names what would do.
    """
    if not root.is_dir():
        remedy = "Unpack it and give the folder." if root.is_file() else "Give the folder that holds img_align_celeba."
        raise DataError(f"{spelled(root)} is not a folder. {remedy}")
    places = search(root)
    place = _chosen(root, [place for place in places if place.names], aligned)
    if place is None:
        raise explain_nothing(root, places)
    cut_out = (place.folder / ALIGNED_MARK).is_file()
    return _own(place, sorted(place.names)) if cut_out else _told_apart(place)


def to_align(root: Path) -> tuple[list[Path], Path]:
    """The pictures in a folder to be aligned, other formats such as HEIC among them, and where the faces are to go.

    Raises:
        DataError: there are none, it is not clear which folder is meant, or they are aligned already.
    """
    try:
        files = find_pictures(root, aligned=False)
        folder = files.folder
        if files.origin == "celeba" or (folder / ALIGNED_MARK).is_file():
            raise DataError(f"the pictures in {spelled(folder)} are aligned already. Leave out --align.")
    except NoPictureError as nothing:
        if nothing.folder_to_align is None:
            raise
        folder = nothing.folder_to_align
    paths = [path for path in folder.iterdir() if path.suffix.lower() in ALIGNABLE_SUFFIXES]
    return sorted(path for path in paths if not path.name.startswith(".")), folder / ALIGNED_FOLDER


def numbers_of(files: PictureFiles) -> list[int]:
    """A number for each picture: CelebA's own, else one above `OWN_NUMBERS` that follows from the name alone.

    So a picture keeps its number when others come or go, and in every model that was mapped with it.
    """
    if files.origin == "celeba":
        return [int(path.stem) for path in files.paths]
    numbers: dict[int, None] = {}
    for path in files.paths:
        digest = hashlib.sha256(os.fsencode(path.stem)).digest()
        number = OWN_NUMBERS + int.from_bytes(digest[:8], "big") % OWN_NUMBERS
        while number in numbers:  # the same name with another suffix
            number += 1
        numbers[number] = None
    return list(numbers)


def _chosen(root: Path, places: Sequence[Place], aligned: bool) -> Place | None:
    """The folder whose pictures are meant; None where there is none.

    Raises:
        DataError: there are several, and nothing tells which.
    """
    cut_out = [place for place in places if (place.folder / ALIGNED_MARK).is_file()]
    if cut_out and (aligned or len(cut_out) == len(places)):
        return cut_out[0]
    places = [place for place in places if place not in cut_out]
    for name in OFFICIAL_FOLDERS:
        if named := [place for place in places if place.folder.name == name]:
            return named[-1]  # Kaggle doubles the folder; the inner one comes later
    if len(places) < 2 or places[0].folder == root:
        return places[0] if places else None
    most = sorted(places, key=lambda place: -len(place.names))
    several = ", ".join(f"{spelled(place.folder)} ({len(place.names)})" for place in most[:3])
    raise DataError(f"{spelled(root)} holds several folders of pictures: {several}. Give one of them.")


def _told_apart(place: Place) -> PictureFiles:
    """What the pictures of a folder are, by their names and by the size of some, without the strays among them."""
    stems = {name: os.path.splitext(name)[0] for name in place.names}
    like_celeba = [n for n, stem in stems.items() if CELEBA_NAME.fullmatch(stem) and 1 <= int(stem) <= LAST_CELEBA]
    like_hq = [name for name, stem in stems.items() if DIGITS.fullmatch(stem)]
    official = place.folder.name in OFFICIAL_FOLDERS
    if like_celeba and (official or 2 * len(like_celeba) >= len(stems)):
        sizes = _sizes(place.folder, like_celeba)
        if not sizes or sizes.most_common(1)[0][0] == ALIGNED_SIZE:
            return _celeba(place, like_celeba)
        square = len(sizes) == 1 and len({*next(iter(sizes))}) == 1 and next(iter(sizes))[0] >= 256
        origin: Origin = "celeba-hq" if square else "another size" if len(sizes) == 1 else "in-the-wild"
        return _foreign(place, like_celeba, origin, sizes)
    if 2 * len(like_hq) >= len(stems):
        sizes = _sizes(place.folder, like_hq)
        if len(sizes) == 1 and len({*next(iter(sizes))}) == 1 and next(iter(sizes))[0] >= 128:
            return _foreign(place, like_hq, "celeba-hq", sizes)
    return _own(place, sorted(place.names))


def _celeba(place: Place, names: Sequence[str]) -> PictureFiles:
    """CelebA's pictures, each number once: of two files with one number the JPEG stays."""
    once: dict[int, str] = {}
    for name in sorted(names, key=lambda name: (not name.lower().endswith((".jpg", ".jpeg")), name)):
        once.setdefault(int(os.path.splitext(name)[0]), name)
    kept = set(once.values())
    paths = [place.folder / once[number] for number in sorted(once)]
    return PictureFiles(place.folder, paths, "celeba", _left_out(place, kept))


def _foreign(place: Place, names: Sequence[str], origin: Origin, sizes: Counter[tuple[int, int]]) -> PictureFiles:
    width, height = sizes.most_common(1)[0][0]
    note = (
        f"The pictures in {spelled(place.folder)} {LOOKS[origin]} ({names[0]} and others, {width} x {height} pixels, "
        f"where CelebA's aligned ones have {ALIGNED_SIZE[0]} x {ALIGNED_SIZE[1]}). So their numbers are not taken for "
        f"CelebA's: no originals of CelebA, and none of its labels. {OFFER}"
    )
    paths = [place.folder / name for name in sorted(names, key=lambda name: (int(os.path.splitext(name)[0]), name))]
    return PictureFiles(place.folder, paths, origin, (note, *_left_out(place, set(names))))


def _own(place: Place, names: Sequence[str]) -> PictureFiles:
    sizes = _sizes(place.folder, names)
    notes: tuple[str, ...] = ()
    if any(size != ALIGNED_SIZE for size in sizes):
        notes = (f"The pictures in {spelled(place.folder)} are not aligned as CelebA's are. {OFFER}",)
    return PictureFiles(place.folder, [place.folder / name for name in names], "own", notes)


def _left_out(place: Place, kept: set[str]) -> tuple[str, ...]:
    strays = sorted(name for name in place.names if name not in kept)
    if not strays:
        return ()
    are = "1 file is" if len(strays) == 1 else f"{len(strays)} files are"
    return (
        f"{are} left out of {spelled(place.folder)}, since such names are not those of the pictures beside them: "
        f"{', '.join(map(spelled, strays[:3]))}{' and others' if len(strays) > 3 else ''}.",
    )


def _sizes(folder: Path, names: Sequence[str]) -> Counter[tuple[int, int]]:
    """Width and height of some of the files, evenly spread, as their headers say; what cannot be read is left out."""
    sizes: Counter[tuple[int, int]] = Counter()
    ordered = sorted(names)
    for at in range(0, len(ordered), max(1, len(ordered) // SAMPLED)):
        try:
            with Image.open(folder / ordered[at]) as picture:
                sizes[picture.size] += 1
        except Exception:  # a damaged header raises whatever its bytes happen to provoke
            continue
    return sizes
