"""Folders of pictures as people have them, mixed at random: each picture's number, labels and part are known."""

from __future__ import annotations

import io
import os
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from models.data.attributes import ATTRIBUTES
from models.data.celeba import CelebAFolder, DataError, read_celeba
from models.data.dataset import load_faces
from models.data.lists import CELEBAS_ORDER
from models.data.pictures import LAST_CELEBA, OWN_NUMBERS, to_align
from tests.mixing.lists import OF_PARTS, PARTS, YES_NO, Random, a_spelling, write_list

ALIGNED = (178, 218)
STRAYS = (
    *("._{0}", "contact_sheet.png", "{1} (1).jpg", "Copy of {0}", "{1}_.jpg", "0{0}", "999999.jpg", "000000.jpg"),
    *("cover.JPG", "\N{SUPERSCRIPT TWO}.jpg", "\N{FULLWIDTH DIGIT ONE}.jpg", "thumbs/{0}", ".DS_Store", "Thumbs.db"),
    *("readme.txt", "{1}.jpg.part", "__MACOSX/._{0}", "more.csv", "{1}.gif", "a.zip", "{1}.png", "loop", "gone.jpg"),
)
OWN_NAMES = (
    *("IMG_{0:04d}.jpg", "2024091112{0:04d}.jpg", "Zoë {0}.png", "Zoe\N{COMBINING DIAERESIS} {0}.jpg", "a, b {0}.jpg"),
    *(
        "-{0}.jpg",
        "{0}\N{SUPERSCRIPT TWO}.jpg",
        "x.y.{0}.JPEG",
        "\N{GRINNING FACE}{0}.webp",
        "Ωμέγα{0}.JPG",
        "{0};.png",
    ),
    *("'{0}'.jpg", "#{0}%20.jpg", "{0}" + "n" * 180 + ".jpg", "[click](x){0}.jpg", "{0}.jpg", "p{0}.Png"),
)
OWN_ATTRIBUTES = ("Freckles", "From *Bonn*", "Age over 40", "smiling", "名前", "a;b", "Eyeglasses", "x" * 90)


@dataclass
class Case:
    """A folder and what is true of it.

    Attributes:
        given: what is handed to `read_celeba`.
        pictures: the files that are pictures of the set, by name.
        celeba: whether they are CelebA's aligned ones.
        own: whether they are somebody's own, whose tables count.
        labels: of each listed picture the attributes by name, True or False.
        parts: of each listed picture.
        damaged: a list of it is, so that it may be refused.
    """

    given: Path
    pictures: dict[str, Path]
    celeba: bool
    own: bool = False
    labels: dict[str, dict[str, bool]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    damaged: bool = False


@cache
def picture(size: tuple[int, int], suffix: str, grey: int = 100) -> bytes:
    kinds = {".png": "PNG", ".webp": "WEBP"}
    buffer = io.BytesIO()
    Image.new("RGB", size, (grey, grey, grey)).save(buffer, kinds.get(suffix.lower(), "JPEG"))
    return buffer.getvalue()


def shade(name: str) -> int:
    """By which a picture of this name is known again."""
    return sum(os.fsencode(unicodedata.normalize("NFC", name))) * 37 % 200


def make(random: Random, root: Path) -> Case:
    kind = random.choice(["celeba", "celeba", "celeba", "own", "own", "lookalike"])
    return {"celeba": _celeba, "own": _own, "lookalike": _lookalike}[str(kind)](random, root)


def _celeba(random: Random, root: Path) -> Case:
    count = int(random.integers(1, 15))
    whole = random.random() < 0.5
    numbers = range(1, count + 1) if whole else random.choice(np.arange(1, LAST_CELEBA + 1), count, replace=False)
    suffix = str(random.choice([".jpg", ".jpg", ".jpg", ".png", ".JPG", ".jpeg"]))
    inner, lists, given = _layout(random, root)
    inner.mkdir(parents=True, exist_ok=True)
    case = Case(given, {}, celeba=True)
    for number in sorted(int(n) for n in numbers):
        name = f"{number:06d}{suffix}"
        (inner / name).write_bytes(picture(ALIGNED, suffix, shade(name)))
        case.pictures[name] = inner / name
    for stray in random.choice(STRAYS, int(random.integers(0, 1 + count // 2))):
        _stray(random, inner, str(stray), case)
    for place in lists:
        place.mkdir(parents=True, exist_ok=True)
    _celeba_lists(random, lists, case)
    return case


def _layout(random: Random, root: Path) -> tuple[Path, tuple[Path, Path], Path]:
    """Where the pictures lie, the folders of the two lists, and the folder that is handed in."""
    png = "img_align_celeba" + ("_png" if random.random() < 0.2 else "")
    match random.integers(4):
        case 0:
            return root, (root, root), root
        case 1:
            return root / png, (root, root), root / (png if random.random() < 0.3 else "")
        case 2:
            inner = root / png / png
            return inner, (root, root), random.choice([root, root / png, inner])
        case _:
            inner = root / "celeba" / "Img" / png
            places = root / "celeba" / "Anno", root / "celeba" / "Eval"
            return inner, places, random.choice([root, root / "celeba", root / "celeba" / "Img", inner])


def _stray(random: Random, inner: Path, pattern: str, case: Case) -> None:
    name = str(random.choice([*case.pictures]))
    path = inner / pattern.format(name, name.rsplit(".", 1)[0])
    if os.path.lexists(path) or path.name in case.pictures:
        return
    if path.name == "loop":
        path.symlink_to(inner, target_is_directory=True)
    elif path.name == "gone.jpg":
        path.symlink_to("nowhere.jpg")
    elif path.suffix == ".csv":
        path.write_text("what,how much\nfilm,12\n")
    else:
        path.parent.mkdir(exist_ok=True)
        content = picture(ALIGNED, path.suffix, 255)
        path.write_bytes(random.choice([content, b"", content[:200]]) if path.suffix != ".png" else content)


def _celeba_lists(random: Random, places: tuple[Path, Path], case: Case) -> None:
    absent = [f"{n:06d}.jpg" for n in random.integers(1, LAST_CELEBA + 1, 3)]
    named = [n for n in case.pictures if random.random() < 0.9] + [n for n in absent if n not in case.pictures]
    case.damaged |= not set(named) & set(case.pictures)  # the lists are about others
    if random.random() < 0.8:
        order = random.permutation(len(ATTRIBUTES)) if random.random() < 0.5 else np.arange(len(ATTRIBUTES))
        how = a_spelling(random, celeba=True, may_lack_header=bool((np.diff(order) == 1).all()))
        case.labels = {n: dict(zip(ATTRIBUTES, random.random(40) < 0.5, strict=True)) for n in named}
        words, columns = YES_NO[random.integers(len(YES_NO))], [ATTRIBUTES[i] for i in order]
        rows = {n: [words[not of[a]] for a in columns] for n, of in case.labels.items()}
        if how.header and how.separator != " " and random.random() < 0.2:
            columns, rows = [*columns, "lefteye_x"], {n: [*cells, "69"] for n, cells in rows.items()}
        ending = "txt" if how.separator == " " else str(random.choice(["csv", "txt", "tsv"]))
        case.damaged |= write_list(random, places[0] / f"list_attr_celeba.{ending}", how, columns, rows)
    if random.random() < 0.7:
        _part_list(random, places[1], case, named)


def _part_list(random: Random, place: Path, case: Case, named: list[str]) -> None:
    how = a_spelling(random, celeba=case.celeba, may_lack_header=True)
    words = PARTS[random.integers(len(PARTS))]
    case.parts = {n: int(random.integers(3)) for n in named}
    rows = {n: [words[part]] for n, part in case.parts.items()}
    path = place / f"list_eval_partition.{random.choice(['txt', 'csv'])}"
    # CelebA's own list of parts has no names above its columns.
    how = how if how.separator != " " else type(how)(" ", False, None, how.named, how.bare, False)
    case.damaged |= write_list(random, path, how, [str(random.choice(OF_PARTS))], rows)


def _own(random: Random, root: Path) -> Case:
    case = Case(root, {}, celeba=False, own=True)
    size = ALIGNED if random.random() < 0.7 else (300, 200)
    for i in range(int(random.integers(1, 15))):
        name = str(random.choice(OWN_NAMES)).format(i)
        if random.random() < 0.02:
            name = os.fsdecode(b"\xff%d.jpg" % i)
        (root / name).write_bytes(picture(size, os.path.splitext(name)[1], shade(name)))
        case.pictures[name] = root / name
    tellable = [n for n in case.pictures if n.isprintable()]
    named = [n for n in tellable if random.random() < 0.9]
    if named and random.random() < 0.6:
        how = a_spelling(random, celeba=False, may_lack_header=False)
        columns = [str(c) for c in random.choice(OWN_ATTRIBUTES, int(random.integers(1, 5)), replace=False)]
        case.labels = {n: {c: bool(random.random() < 0.5) for c in columns} for n in named}
        words = YES_NO[random.integers(len(YES_NO))]
        rows = {n: [words[not of[c]] for c in columns] for n, of in case.labels.items()}
        case.damaged |= write_list(random, root / f"mine.{random.choice(['csv', 'tsv'])}", how, columns, rows)
    if named and random.random() < 0.2:
        _part_list(random, root, case, named)
    if random.random() < 0.2:
        (root / "a budget.csv").write_text("what,how much\nfilm,12\n")
    return case


def _lookalike(random: Random, root: Path) -> Case:
    """CelebA-HQ, FFHQ, the in-the-wild archive or small copies, with CelebA's own lists beside them."""
    kind, count = random.integers(4), int(random.integers(2, 10))
    inner = root / str(random.choice(["", "images", "img_celeba"]))
    inner.mkdir(exist_ok=True)
    case = Case(root, {}, celeba=False)
    side = int(random.choice([256, 512]))
    for i in range(count):
        name = (f"{i}.jpg", f"{i:05d}.png", f"{i + 1:06d}.jpg", f"{i + 1:06d}.jpg")[kind]
        size = ((side, side), (side, side), (64, 64), (300 + i, 400 - i))[kind]
        (inner / name).write_bytes(picture(size, os.path.splitext(name)[1], shade(name)))
        case.pictures[name] = inner / name
    listed = Case(root, {f"{i + 1:06d}.jpg": root for i in range(count)}, celeba=True)
    _celeba_lists(random, (root, root), listed)
    case.parts, case.damaged = {}, listed.damaged
    return case


def check(random: Random, case: Case) -> str:
    """Read a folder and hold it against the truth; returns "read" or "refused".

    Raises:
        AssertionError: a picture has another's number, labels or part.
    """
    try:
        folder = read_celeba(case.given)
    except DataError as error:
        if not case.damaged:
            raise AssertionError(f"refused, though nothing in it is damaged: {error}") from error
        return "refused"
    _hold_against(case, folder)
    if case.own and len(case.pictures) > 1:
        _remove_one(random, case, folder)
    if random.random() < 0.1:
        _look_at(folder)
    with suppress(DataError):
        to_align(case.given)
    return "read"


def _hold_against(case: Case, folder: CelebAFolder) -> None:
    assert {p.name for p in folder.paths} == set(case.pictures), "other pictures were taken"
    assert (folder.origin == "celeba") == case.celeba, f"taken for {folder.origin}"
    assert len(set(folder.numbers.tolist())) == len(folder.paths), "a number occurs twice"
    " ".join(folder.notes).encode()
    for row, path in enumerate(folder.paths):
        name, number = path.name, int(folder.numbers[row])
        assert number == int(path.stem) if case.celeba else number >= OWN_NUMBERS, f"{name} has the number {number}"
        part = int(folder.partition[row])
        if not case.damaged and name in case.parts:
            assert part == case.parts[name], f"{name} is in part {part}"
        elif case.damaged and name in case.parts and case.celeba:
            assert part in (case.parts[name], 255) or not _listed(folder), f"{name} is in part {part}"
        _hold_labels(case, folder, row)


def _listed(folder: CelebAFolder) -> bool:
    return not any("no list_eval_partition" in note or "by chance" in note for note in folder.notes)


def _hold_labels(case: Case, folder: CelebAFolder, row: int) -> None:
    true = case.labels.get(folder.paths[row].name)
    if folder.labels is None:
        assert not (true and case.celeba), "labels were not found"
        return
    assert case.celeba or case.own, "has CelebA's labels"
    if case.damaged and any(CELEBAS_ORDER in note for note in folder.notes):
        return  # the row of names is gone, and that is said
    found = dict(zip(folder.attributes, folder.labels[row].tolist(), strict=True))
    for name, value in (true or {}).items():
        short = " ".join(name.split())[:60]
        got = found.get(short, found.get("Smiling") if short == "smiling" else None)
        assert got in ((int(value),) if case.celeba and not case.damaged else (int(value), -1, None)), f"{name}: {got}"


def _remove_one(random: Random, case: Case, folder: CelebAFolder) -> None:
    """The others keep their numbers."""
    before = dict(zip([p.name for p in folder.paths], folder.numbers.tolist(), strict=True))
    gone = str(random.choice([*case.pictures]))
    case.pictures[gone].unlink()
    try:
        after = read_celeba(case.given)
    except DataError:
        return
    for path, number in zip(after.paths, after.numbers.tolist(), strict=True):
        assert number == before[path.name], f"{path.name} was renumbered when {gone!r} went"
    case.pictures[gone].write_bytes(picture(ALIGNED, os.path.splitext(gone)[1], shade(gone)))


def _look_at(folder: CelebAFolder) -> None:
    """The array that is trained on holds each picture in its row."""
    try:
        faces = load_faces(folder, 8, progress=False)
    except DataError:
        return
    for path, image in zip(faces.paths, faces.images, strict=True):
        assert abs(int(image[4, 4, 0]) - shade(path.name)) < 4, f"{path.name} holds another picture"
    shutil.rmtree(os.environ["FACESPACE_CACHE"], ignore_errors=True)
