"""How well a photo's face is found and brought into CelebA's frame, on photos whose right answer is known.

Needs FACESPACE_CELEBA; only pictures of the test partition are used. Errors are mean distances of the three canonical
points in the 178 x 218 frame. Two kinds of photo: test pictures enlarged and cropped ("re-framed", some
closely to the face), and test pictures
pasted into other backgrounds at any rotation, one or several, some of them small. FACESPACE_UNALIGNED may name a folder
of photos that have a namesake among the aligned pictures.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from tqdm import tqdm

from benchmarks.report import Row
from benchmarks.server import ROOT
from faces import ALIGNED_SIZE, TARGETS, Face, NoFaceError, align, find_faces
from faces.alignment import Similarity, warp
from models import load_checkpoint
from models.data.celeba import read_celeba
from models.images import crop_aligned, to_tensor

COUNT = 300  # photos of each kind that errors are stated for
ROTATED = 600  # photos at any rotation
WRONG = 10.0  # pixels of the frame: a face further off is another one, or nonsense
SIZES = ((1280, 960), (960, 1280), (800, 800), (1600, 1200))


@dataclass(frozen=True)
class Pasted:
    """A photo and the maps of CelebA's frame into it, one for each face."""

    picture: Image.Image
    truths: list[Similarity]
    angle: float  # degrees, of the first face


def measure() -> list[Row]:
    """Errors, misses and wrong faces, and whether the latents agree."""
    if not (root := os.environ.get("FACESPACE_CELEBA")):
        raise SystemExit("Set FACESPACE_CELEBA to a CelebA folder: this table needs genuine pictures of its test part.")
    folder = read_celeba(root)
    paths = [folder.paths[i] for i in folder.indices("test")]
    rows = _reframed_rows(paths)
    rows += _close_rows(paths)
    rows += _upright_rows(paths)
    rows += _rotated_rows(paths)
    if unaligned := os.environ.get("FACESPACE_UNALIGNED"):
        rows += _unaligned_rows(Path(unaligned), paths)
    return rows


def reframed(picture: Image.Image, random: np.random.Generator, *, close: bool = False) -> Pasted:
    """A test picture enlarged by 1 to 1.6 and cropped to a square round the face.

    Args:
        close: the square shows the face alone, 110 to 135 pixels of the frame; otherwise 150 to 178, as the photos of
            `../shared/unaligned` do, so that nearly all of what the models see is there.
    """
    scale = random.uniform(1, 1.6)
    side = random.uniform(*((110, 135) if close else (150, ALIGNED_SIZE[0]))) * scale
    room = min(6.0, (ALIGNED_SIZE[0] - side / scale) / 2)
    middle = complex(88.5 + random.uniform(-room, room), 118 + random.uniform(-8, 8))
    truth = Similarity(complex(scale), complex(side / 2, side / 2) - scale * middle)
    return Pasted(warp(picture, truth, (round(side), round(side))), [truth], 0.0)


def pasted(paths: Sequence[Path], random: np.random.Generator, *, largest_angle: float, varied: bool) -> Pasted:
    """One to four test pictures on another background, turned and scaled.

    Args:
        largest_angle: degrees, either way.
        varied: a quarter of the photos has several faces, a sixth a small one (eyes 20 to 30 pixels apart).
    """
    width, height = SIZES[random.integers(len(SIZES))]
    photo = _background(paths, random, (width, height))
    kind = random.choice(["one", "several", "small"], p=[7 / 12, 3 / 12, 2 / 12]) if varied else "one"
    cells = int(random.integers(2, 5)) if kind == "several" else 1
    columns = 1 if cells == 1 else 2
    lines = -(-cells // columns)
    truths, angles = [], []
    for cell in range(cells):
        room = np.array([width / columns, height / lines])
        scale = np.exp(random.uniform(np.log(0.8), np.log(4.5)))
        scale = random.uniform(20, 30) / 37.5 if kind == "small" else min(scale, 0.95 * room.min() / ALIGNED_SIZE[1])
        angle = random.uniform(-largest_angle, largest_angle)
        reach = np.minimum(scale * ALIGNED_SIZE[1] / 2, room / 2)
        x, y = random.uniform(reach, room - reach) + room * (cell % columns, cell // columns)
        turn = complex(scale * np.exp(1j * np.deg2rad(angle)))
        truth = Similarity(turn, complex(x, y) - turn * complex(88.5, 108.5))
        _paste(photo, Image.open(paths[random.integers(len(paths))]), truth)
        truths.append(truth)
        angles.append(angle)
    return Pasted(photo, truths, angles[0])


def _paste(photo: Image.Image, face: Image.Image, truth: Similarity) -> None:
    mask = Image.new("L", face.size)
    mask.paste(255, (2, 2, face.width - 2, face.height - 2))
    mask = mask.filter(ImageFilter.GaussianBlur(1))
    # `warp` repeats the edge outwards, so the mask must be warped too; its own edge is 0.
    corners = truth(np.array([(0, 0), (face.width, 0), (0, face.height), face.size]))
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    here = Similarity(truth.turn, truth.shift - complex(left, top))
    size = (int(right - left), int(bottom - top))
    photo.paste(warp(face, here, size), (int(left), int(top)), warp(mask, here, size).convert("L"))


def _background(paths: Sequence[Path], random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """A colour gradient, noise, or a blurred mosaic of shuffled pieces of another test picture."""
    kind = random.integers(3)
    if kind == 0:
        return Image.fromarray(random.integers(0, 256, (2, 2, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    if kind == 1:
        shape = (size[1] // 16, size[0] // 16, 3)
        return Image.fromarray(random.integers(0, 256, shape, np.uint8)).resize(size, Image.Resampling.BICUBIC)
    picture = np.asarray(Image.open(paths[random.integers(len(paths))]).convert("RGB").resize((160, 160)))
    pieces = picture.reshape(10, 16, 10, 16, 3).transpose(0, 2, 1, 3, 4).reshape(100, 16, 16, 3)
    pieces = random.permutation(pieces).reshape(10, 10, 16, 16, 3).transpose(0, 2, 1, 3, 4).reshape(160, 160, 3)
    return (
        Image.fromarray(pieces).resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(max(size) / 80))
    )


def errors(photo: Pasted) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances in the frame [faces found, faces pasted], and of the preferred face to each pasted one.

    Returns:
        For each pasted face the error of the nearest face found (infinite where none is), and for the preferred
        face its error to each pasted one.
    """
    try:
        found = find_faces(photo.picture)
    except NoFaceError:
        return np.full(len(photo.truths), np.inf), np.full(len(photo.truths), np.inf)
    distance = np.array([[_error(face, truth) for truth in photo.truths] for face in found])
    return distance.min(axis=0), distance[0]


def _error(face: Face, truth: Similarity) -> float:
    """Mean distance in the frame between where the true points come to lie and where they should."""
    in_frame = truth.inverse()(face.points)
    return float(np.linalg.norm(in_frame - TARGETS, axis=1).mean())


def _summary(values: NDArray[np.float64]) -> str:
    good = values[values < WRONG]
    return f"mean {good.mean():.2f} px, 95th percentile {np.percentile(good, 95):.2f} px"


def _upright_rows(paths: Sequence[Path]) -> list[Row]:
    random = np.random.default_rng(1)
    photos = (pasted(paths, random, largest_angle=30, varied=False) for _ in range(COUNT))
    found = np.concatenate([errors(photo)[1] for photo in tqdm(photos, "upright photos", COUNT)])
    bad = int((found >= WRONG).sum())
    return [
        Row(f"{COUNT} synthetic photos, turned by up to 30 degrees: error", _summary(found), "mean at most 1.1 px"),
        Row("of these missed or wrong", f"{bad}", ""),
    ]


def _rotated_rows(paths: Sequence[Path]) -> list[Row]:
    random = np.random.default_rng(2)
    angles, bad, errors_found, seconds = [], [], [], []
    for _ in tqdm(range(ROTATED), "photos at any rotation"):
        photo = pasted(paths, random, largest_angle=180, varied=True)
        began = time.perf_counter()
        nearest, preferred = errors(photo)
        seconds.append(time.perf_counter() - began)
        angles.append(abs(photo.angle))
        errors_found.append(nearest)
        missed_all = bool(np.isinf(nearest).any())
        bad.append((missed_all, not missed_all and max(nearest.max(), preferred.min()) >= WRONG))
    missed, wrong = np.array(bad).T
    shares = []
    for low in range(0, 180, 30):
        here = (np.array(angles) >= low) & (np.array(angles) < low + 30)
        shares.append(f"{low} to {low + 30}: {(missed | wrong)[here].sum()} of {here.sum()}")
    both = (missed | wrong).mean()
    return [
        Row(f"{ROTATED} synthetic photos at any rotation, some with several or small faces: error",
            _summary(np.concatenate(errors_found))),
        Row("of these photos with a face missed or wrong", f"{both:.1%} ({missed.sum()} without any face found, "
            f"{wrong.sum()} with a wrong or an overlooked one)", "at most 2 %"),
        Row("by rotation in degrees", "; ".join(shares)),
        Row("time to find the faces of one", f"median {np.median(seconds):.2f} s, longest {np.max(seconds):.2f} s"),
    ]  # fmt: skip


def _close_rows(paths: Sequence[Path]) -> list[Row]:
    """Pictures in which the face reaches the edges."""
    random = np.random.default_rng(3)
    chosen = [paths[i] for i in random.permutation(len(paths))[:COUNT]]
    found = np.concatenate(
        [errors(reframed(Image.open(path).convert("RGB"), random, close=True))[1] for path in tqdm(chosen, "close-ups")]
    )
    return [
        Row(f"{COUNT} test pictures cropped closely to the face: error", _summary(found)),
        Row("of these missed, wrong", _missed_and_wrong(found)),
    ]


def _missed_and_wrong(found: NDArray[np.float64]) -> str:
    return f"{np.isinf(found).sum()}, {(np.isfinite(found) & (found >= WRONG)).sum()}"


def _reframed_rows(paths: Sequence[Path]) -> list[Row]:
    """All test pictures re-framed: errors, and the latents of what comes out against those of the official crops.

    The same with the true points says how much of the disagreement comes from the re-framing itself.
    """
    random = np.random.default_rng(0)
    models = {name: load_checkpoint(ROOT / "checkpoints" / name) for name in ("ae", "vae")}
    found, latents = [], {name: [] for name in models}
    for path in tqdm(paths, "re-framed test pictures"):
        with Image.open(path) as file:
            picture = file.convert("RGB")
        photo = reframed(picture, random)
        true = align(photo.picture, photo.truths[0](TARGETS))
        try:
            face = find_faces(photo.picture)[0]
            found.append(_error(face, photo.truths[0]))
            aligned = align(photo.picture, face.points)
        except NoFaceError:
            found.append(np.inf)
            aligned = Image.new("RGB", ALIGNED_SIZE)
        for name, model in models.items():
            crops = [crop_aligned(one, *model.config.view) for one in (picture, aligned, true)]
            latents[name].append(model.encode(to_tensor(np.stack(crops))).detach().numpy())
    errors_found = np.array(found)
    rows = [
        Row(f"{len(paths):,} re-framed test pictures: error", _summary(errors_found), "mean at most 1.1 px"),
        Row("of these missed, wrong", _missed_and_wrong(errors_found)),
    ]
    for name in models:
        official, ours, true = np.array(latents[name]).transpose(1, 0, 2)
        share, bound = (np.mean(list(_nearest_is_own(these, official))) for these in (ours, true))
        what = f"Latent nearer to the own official crop's than to any other of {len(paths):,} test faces', `{name}`"
        rows.append(Row(what, f"{share:.1%} ({bound:.1%} with the true points)", "at least 99 %"))
    return rows


def _nearest_is_own(ours: NDArray[np.float32], official: NDArray[np.float32]) -> Iterator[bool]:
    for i, z in enumerate(ours):
        yield int(np.linalg.norm(official - z, axis=1).argmin()) == i


def _unaligned_rows(folder: Path, paths: Sequence[Path]) -> list[Row]:
    """Photos with a namesake among the aligned pictures: how much the aligned photo differs from it."""
    namesakes = {path.stem: path for path in paths}
    photos = [path for path in sorted(folder.iterdir()) if path.stem in namesakes]
    differences, missed = [], 0
    for path in tqdm(photos, "unaligned photos"):
        with Image.open(path) as photo, Image.open(namesakes[path.stem]) as official:
            try:
                aligned = crop_aligned(align(photo, find_faces(photo)[0].points), 64)
            except NoFaceError:
                missed += 1
                continue
            differences.append(np.mean((aligned.astype(float) - crop_aligned(official, 64)) ** 2))
    psnr = 10 * np.log10(255**2 / np.array(differences))
    text = f"median {np.median(psnr):.1f} dB, lowest {psnr.min():.1f} dB; {missed} missed"
    return [Row(f"{len(photos)} unaligned photos against their aligned namesakes, cropped at 64 px: PSNR", text)]
