"""A photo in the browser is cut out as the app cuts it out, and the folder has what encodes it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image

from app.checkpoints.opening import OpenModel
from app.components.face_marks import resting_marks
from app.paths import ASSETS, COMPONENTS
from app.static_site.your_face import face_message, face_words
from faces import annotators
from faces.alignment import TARGETS, align, fit_similarity
from faces.cascade import look, networks
from models.images import crop_aligned, to_tensor
from models.networks import Autoencoder
from tests.app.static_site.test_folder import content, given, node

CUT = """
import { readFile } from "node:fs/promises";
const [modules, file, size, marks] = process.argv.slice(1);
const { align, cropAligned, fitSimilarity } = await import(`${modules}/alignment.mjs`);
const { planes, restingMarks } = await import(`${modules}/photo.mjs`);
const [width, height] = JSON.parse(size);
const picture = { data: new Uint8ClampedArray(await readFile(file)), width, height };
const cuts = JSON.parse(marks).map((points) => {
  const crop = cropAligned(align(picture, points), 64);
  return { crop: [...crop.data], first: [...planes(crop).subarray(0, 64)], turn: fitSimilarity(points, TARGETS()) };
});
function TARGETS() { return [[69.745, 111], [107.237, 111], [88.432, 152.514]]; }
const none = fitSimilarity([[1, 1], [1, 1], [1, 1]], TARGETS());
console.log(JSON.stringify({ cuts, none, resting: restingMarks([width, height]) }));
"""


def test_the_browser_cuts_a_face_out_as_the_app_does(tmp_path: Path) -> None:
    picture = Image.open(ASSETS / "portrait.jpg").convert("RGB")
    (tmp_path / "rgb").write_bytes(np.asarray(picture).tobytes())
    share = np.array([[(0.40, 0.35), (0.55, 0.36), (0.47, 0.5)], [(0.02, 0.1), (0.9, 0.2), (0.3, 0.9)]])
    marks = np.concatenate([share, share[:1, [1, 0, 2]]]) * picture.size  # the last with its eyes exchanged
    modules = (COMPONENTS / "site").resolve().as_uri()
    said = json.loads(node(CUT, modules, str(tmp_path / "rgb"), json.dumps(picture.size), json.dumps(marks.tolist())))
    for points, own in zip(marks, said["cuts"], strict=True):
        expected = crop_aligned(align(picture, points), 64)
        crop = np.array(own["crop"]).reshape(64, 64, 3)
        difference = np.abs(crop - expected.astype(int))
        assert difference.mean() < 1
        assert difference.max() < 16
        np.testing.assert_allclose(own["first"], crop[0, :, 0] / 255, atol=1e-6)
        fitted = fit_similarity(points, TARGETS)
        own_turn, own_shift = complex(*own["turn"]["turn"]), complex(*own["turn"]["shift"])
        assert abs(own_turn - fitted.turn) < 1e-6
        assert abs(own_shift - fitted.shift) < 1e-3
    assert said["none"] is None
    np.testing.assert_allclose(said["resting"], resting_marks(picture.size), atol=1e-3)


def test_the_folders_encoder_gives_the_apps_codes(site: Path, tiny: OpenModel) -> None:
    network = tiny.network
    assert isinstance(network, Autoencoder)
    message = given(site, "face", "your_face.html")
    assert message["side"] == network.config.image_size
    session = onnxruntime.InferenceSession(content(site, message["encoder"]))
    side = message["side"]
    pictures = to_tensor(np.random.default_rng(0).integers(0, 256, (2, side, side, 3)).astype(np.uint8))
    with torch.inference_mode():
        expected = network.encoder(pictures).numpy()
    code = session.run(["code"], {"image": pictures.numpy().copy()})[0]
    np.testing.assert_allclose(code, expected, atol=0.02 * np.abs(expected).max())


NAMED = """
const { keptAs } = await import(process.argv[1]);
const { specOf } = await import(process.argv[2]);
const face = { key: "0123456789ab", name: "n", z: Float32Array.of(1, 2), facts: {} };
const named = (fromPhoto) => specOf(keptAs({ ...face, private: fromPhoto }, { weights: "0123abcd" }));
console.log(JSON.stringify([true, false].map(named)));
"""


def test_a_photos_code_is_in_no_address_while_others_are() -> None:
    faces, link = ((COMPONENTS / "site" / name).resolve().as_uri() for name in ("faces.mjs", "link.mjs"))
    assert json.loads(node(NAMED, faces, link)) == ["kept:0123456789ab", "z:0123abcd.AACAPwAAAEA="]


def test_the_folders_detector_says_what_the_apps_says(site: Path) -> None:
    first, second, third = (
        onnxruntime.InferenceSession(content(site, address))
        for address in given(site, "face", "your_face.html")["detector"]
    )
    random = np.random.default_rng(0)
    layer, small, crops = (
        random.uniform(-1, 1, shape).astype(np.float32) for shape in ((1, 3, 61, 83), (5, 3, 24, 24), (6, 3, 48, 48))
    )
    theirs, ours = networks(), {"atol": 2e-3}  # weights in 16 bits
    for session, network, pictures in ((first, theirs[0], layer), (second, theirs[1], small)):
        with torch.inference_mode():
            shift, score = network(torch.tensor(pictures))
        said = session.run(["score", "shift"], {"picture": pictures})
        np.testing.assert_allclose(said[0], score, **ours)
        np.testing.assert_allclose(said[1], shift, **ours)
    score, _points, shifts = third.run(["score", "points", "shifts"], {"picture": crops})
    readings = look(torch.tensor(crops))
    np.testing.assert_allclose(score[:, 1], readings.scores, **ours)
    six = np.array([[shifts[i].reshape(6, 6)[(i + swap) % 6] for i in range(6)] for swap in (0, 3)]).sum(axis=1)
    plain, mirrored = six[:, :3] + 1j * six[:, 3:]
    expected = annotators.shift(readings.features.reshape(2, 3, -1))
    np.testing.assert_allclose((plain + annotators.in_the_mirror(mirrored)) / 2, expected, atol=0.02)


def test_the_page_says_what_it_cannot_do(tiny: OpenModel) -> None:
    here = face_message(tiny)
    assert "The detector" in face_words(here)["about_encoder"]
    assert "corrects" in face_words({**here, "corrected": True})["about_encoder"]
    assert face_words({**here, "encoder": None})["about_encoder"].startswith("This model was made elsewhere")
