"""The folder's face detector does with pixels and boxes what Pillow, torch and torchvision do for `faces/`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter, ImageOps

from app.paths import ASSETS, COMPONENTS
from faces.cascade import _small_crops, halvings, non_overlapping, pyramid, sample, to_planes
from tests.app.static_site.test_folder import node

SEEN = """
import { readFile } from "node:fs/promises";
const [modules, file, asked] = process.argv.slice(1);
const load = (name) => import(`${modules}/${name}.mjs`);
const [planes, crops, boxes, light, sizes] = await Promise.all(
  ["finding/planes", "finding/crops", "finding/boxes", "finding/light", "site/resizing"].map(load));
const { size, squares, turned, scores } = JSON.parse(asked);
const picture = { data: new Uint8ClampedArray(await readFile(file)), width: size[0], height: size[1] };
const levels = planes.halvings(planes.toPlanes(picture));
const layers = planes.pyramid(levels, 40);
const poses = turned.map(([a, b, x, y]) => ({ turn: [a, b], middle: [x, y] }));
const all = squares.map((box, at) => ({ box, score: scores[at], at }));
const numbers = ({ data }) => [...data];
console.log(JSON.stringify({
  levels: levels.map(numbers),
  layers: layers.map(numbers),
  quarters: [1, 2, 3].map((quarter) => numbers(planes.turnedBy(layers[0], quarter))),
  upright: [...crops.upright(levels, squares)],
  turned: [...crops.turned(levels, poses, 48)],
  kept: boxes.best(all, 0.5).map(({ at }) => at),
  stretched: numbers(light.stretched(picture)),
  softened: numbers(light.softened(picture, 1.7)),
  small: numbers(sizes.smallCopy(picture, 47)),
}));
"""


def test_pixels_and_boxes_are_those_of_the_app(tmp_path: Path) -> None:
    picture = Image.open(ASSETS / "portrait.jpg").convert("RGB").crop((60, 100, 293, 297))
    (tmp_path / "rgb").write_bytes(np.asarray(picture).tobytes())
    random = np.random.default_rng(0)
    sides = np.array([4.0, 30, 60, 110, 180, 45, 44])
    corners = np.array([(200.0, 190), (-9, 20), (150, 150), (40, 60), (10, -3), (70, 70), (71, 72)])
    squares, scores = np.concatenate([corners, corners + sides[:, None]], axis=1), np.linspace(0.6, 0.9, len(sides))
    turns = np.array([20, 48, 90, 12]) * np.exp(1j * random.uniform(0, 6, 4))
    middles = np.array([30 + 40j, 230 + 180j, 100 + 90j, 116 + 98j])
    asked = {
        "size": picture.size,
        "squares": squares.tolist(),
        "turned": np.stack([turns.real, turns.imag, middles.real, middles.imag], axis=1).tolist(),
        "scores": scores.tolist(),
    }
    said = json.loads(node(SEEN, COMPONENTS.resolve().as_uri(), str(tmp_path / "rgb"), json.dumps(asked)))
    levels = halvings(to_planes(picture))
    layers = pyramid(levels, 40)
    quarters = [torch.rot90(layers[0], quarter, (2, 3)) for quarter in (1, 2, 3)]
    for name, expected in (("levels", levels), ("layers", layers), ("quarters", quarters)):
        for ours, theirs in zip(said[name], expected, strict=True):
            np.testing.assert_allclose(ours, theirs.flatten().numpy(), atol=1e-5, err_msg=name)
    boxes = torch.tensor(squares, dtype=torch.float32)
    np.testing.assert_allclose(said["upright"], _small_crops(levels, boxes).flatten().numpy(), atol=1e-3)
    np.testing.assert_allclose(said["turned"], sample(levels, turns, middles, 48).flatten().numpy(), atol=1e-3)
    assert said["kept"] == non_overlapping(squares, scores).tolist()
    small = picture.resize((47, 40), Image.Resampling.BICUBIC, reducing_gap=2)
    stretched, softened = ImageOps.autocontrast(picture, cutoff=1), picture.filter(ImageFilter.GaussianBlur(1.7))
    for name, pixels in (("stretched", stretched), ("softened", softened), ("small", small)):
        apart = np.abs(np.array(said[name]) - np.asarray(pixels).reshape(-1).astype(int))
        assert apart.max() <= 2, name
        assert apart.mean() < 0.3, name
