"""Faces that are hard to find: behind a mask, in dim light, under a hat, behind sunglasses; how many are missed.

Needs FACESPACE_CELEBA; only pictures of the test partition are used, re-framed as in `benchmarks.alignment`. Masks, dim
light, hats and sunglasses are painted on faces that are found without; the last rows are of genuine ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from tqdm import tqdm

from benchmarks.alignment import WRONG, errors, reframed
from benchmarks.report import Row
from faces import TARGETS
from models.data.celeba import read_celeba

COUNT = 100  # faces of each group
LEFT, RIGHT, MOUTH = (tuple(map(float, point)) for point in TARGETS)
DIM = 0.04  # of the light that was there
GRAIN = 3.0  # standard deviation of a dim photo's noise, of 255
Painter = Callable[[Image.Image, np.random.Generator], Image.Image]


def measure() -> list[Row]:
    """Missed and wrong faces by group."""
    if not (root := os.environ.get("FACESPACE_CELEBA")):
        raise SystemExit("Set FACESPACE_CELEBA to a CelebA folder: this table needs genuine pictures of its test part.")
    folder = read_celeba(root)
    rows = folder.indices("test")
    assert folder.labels is not None
    labels = folder.labels[rows]
    found = []
    for what, paint in PAINTERS.items():
        found.append(_row(f"{what} (painted)", [folder.paths[i] for i in rows[:COUNT]], paint))
    for attribute in ("Wearing_Hat", "Eyeglasses"):
        here = rows[labels[:, folder.attributes.index(attribute)] > 0][:COUNT]
        found.append(_row(f"{attribute.replace('_', ' ').capitalize()} (genuine)", [folder.paths[i] for i in here]))
    return found


def as_it_is(face: Image.Image, random: np.random.Generator) -> Image.Image:
    """Nothing painted: what the groups are compared with."""
    return face


def masked(face: Image.Image, random: np.random.Generator) -> Image.Image:
    """A surgical mask from the bridge of the nose to the chin."""
    top = (LEFT[1] + MOUTH[1]) / 2 - 6
    outline = [(46, top - 4), (88, top - 10), (131, top - 4), (124, 160), (88, 182), (52, 160)]
    return _painted(face, [outline], tuple(random.integers(120, 250, 3)))


def dim(face: Image.Image, random: np.random.Generator) -> Image.Image:
    """Hardly any light, with the grain of a phone's camera, before a bright lamp."""
    pixels = np.asarray(face).astype(float) * DIM
    pixels += random.normal(0, GRAIN, pixels.shape)
    pixels[:24, :30] = 250
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def under_a_hat(face: Image.Image, random: np.random.Generator) -> Image.Image:
    """A cap down to the brows, with its shade on the eyes."""
    brow = LEFT[1] - 12
    crown = [(30, brow), (40, 30), (88, 10), (136, 30), (147, brow), (88, brow + 6)]
    shade = Image.eval(face, lambda value: value // 2)
    band = Image.new("L", face.size)
    ImageDraw.Draw(band).rectangle((30, brow, 147, LEFT[1] + 14), fill=255)
    face = Image.composite(shade, face, band.filter(ImageFilter.GaussianBlur(5)))
    return _painted(face, [crown], tuple(random.integers(10, 200, 3)))


def behind_sunglasses(face: Image.Image, random: np.random.Generator) -> Image.Image:
    """Two dark glasses and a bridge."""
    glasses = [[(x - 19, y - 13), (x + 19, y - 13), (x + 15, y + 14), (x - 15, y + 14)] for x, y in (LEFT, RIGHT)]
    bridge = [(LEFT[0], LEFT[1] - 11), (RIGHT[0], RIGHT[1] - 11), (RIGHT[0], RIGHT[1] - 6), (LEFT[0], LEFT[1] - 6)]
    return _painted(face, [*glasses, bridge], tuple(random.integers(0, 40, 3)))


PAINTERS: dict[str, Painter] = {
    "As they are": as_it_is,
    "Behind a mask": masked,
    "In dim light": dim,
    "Under a hat": under_a_hat,
    "Behind sunglasses": behind_sunglasses,
}


def _painted(face: Image.Image, outlines: Iterable[list[tuple[float, float]]], colour: tuple[int, ...]) -> Image.Image:
    """Shapes of one colour with soft edges, in CelebA's frame."""
    stencil = Image.new("L", face.size)
    for outline in outlines:
        ImageDraw.Draw(stencil).polygon(outline, fill=255)
    return Image.composite(Image.new("RGB", face.size, colour), face, stencil.filter(ImageFilter.GaussianBlur(0.8)))


def _row(what: str, paths: list[Path], paint: Painter = as_it_is) -> Row:
    random = np.random.default_rng(0)
    found = []
    for path in tqdm(paths, what):
        with Image.open(path) as file:
            face = paint(file.convert("RGB"), random)
        found.append(errors(reframed(face, random))[1][0])
    missed, wrong = np.isinf(found).sum(), (np.isfinite(found) & (np.array(found) >= WRONG)).sum()
    return Row(f"{what}, {len(paths)} faces: missed, wrong", f"{missed}, {wrong}")
