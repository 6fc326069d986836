"""What is measured between a faithful and a vivid decoder."""

import json

import numpy as np
import pytest
import torch

import evaluate
from evaluation.blend import along_the_blend
from evaluation.generation import RealFaces, see_real
from models.checkpoint_files import open_files
from models.checkpoints import load_checkpoint, save_checkpoint
from models.data.dataset import FaceArray
from models.faithful import blended, load_faithful
from models.images import to_uint8
from tests.conftest import vivid_checkpoint
from tests.evaluation.test_figures import reader


@pytest.fixture(scope="module")
def blends(tmp_path_factory):
    files = open_files(vivid_checkpoint(tmp_path_factory.mktemp("blend")))
    network = load_checkpoint(files)
    return {share: blended(network, load_faithful(files, network), share) for share in (0.0, 0.5, 1.0)}


def test_pictures_that_the_faithful_decoder_drew_are_rebuilt_best_at_the_faithful_end(blends):
    mu = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    with torch.inference_mode():
        images = to_uint8(blends[0.0].decode(torch.from_numpy(mu)))
    rows, classifier = np.arange(len(mu)), reader()
    faces = FaceArray(images, rows, None, np.zeros(len(mu), np.uint8))
    seen = see_real(classifier, faces, rows, len(rows))
    along = along_the_blend(blends, classifier, RealFaces.of(seen, seen), faces, rows, mu)
    assert [point["vivid"] for point in along] == [0, 0.5, 1]
    psnr, perceptual, frechet = ([point[name] for point in along] for name in ("psnr_db", "perceptual", "frechet"))
    assert psnr[0] > 50  # all but the rounding to bytes
    assert psnr == sorted(psnr, reverse=True)
    assert perceptual == sorted(perceptual)
    assert perceptual[0] < 1e-3 < perceptual[2]
    assert frechet[0] < 0.01 < frechet[2]
    with torch.inference_mode():
        error = float(
            np.square(blends[1.0].decode(torch.from_numpy(mu)).permute(0, 2, 3, 1).numpy() - images / 255).mean()
        )
    assert psnr[2] == pytest.approx(-10 * np.log10(error), abs=0.01)


def test_the_door_writes_what_belongs_to_these_decoders_and_the_card_shows_it(tmp_path, celeba_folder, capsys):
    folder = vivid_checkpoint(tmp_path)
    save_checkpoint(reader(), tmp_path / "reader", {})
    arguments = ["--blend", "--data", str(celeba_folder), "--measure", str(tmp_path / "reader")]
    assert evaluate.main([str(folder), *arguments]) == 0
    found = json.loads((folder / "blend.json").read_text())
    assert found["faithful_sha256"] == open_files(folder).faithful_sha256
    assert found["images"] == 10
    assert [point["vivid"] for point in found["along"]] == [0, 0.25, 0.5, 0.75, 1]
    figures = {"checkpoint_sha256": found["checkpoint_sha256"], "images": 10, "psnr_db": 9, "pca_psnr_db": 9}
    (folder / "metrics.json").write_text(json.dumps({**figures, "pca_components": 6}))
    for stamp, shown in ((found["faithful_sha256"], True), ("of another", False)):
        (folder / "blend.json").write_text(json.dumps({**found, "faithful_sha256": stamp}))
        assert evaluate.main([str(folder), "--card"]) == 0
        assert (f"| 0.25 | {found['along'][1]['psnr_db']:.2f} dB |" in (folder / "README.md").read_text()) == shown
    assert evaluate.main([str(tmp_path / "start"), *arguments]) == 2
    assert "has no faithful decoder" in capsys.readouterr().err
