"""The doctor on the shipped networks, exported with one fault each."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from latent.atlas import load_atlas
from models import CheckpointError, load_checkpoint
from models.images import to_uint8
from models.onnx.doctor import Evidence, examine
from models.onnx.import_pair import bring, correct
from tests.models.foreign_pair import foreign_pair

SHIPPED = Path(__file__).parents[3] / "checkpoints"


@pytest.fixture(scope="module")
def vae():
    return load_checkpoint(SHIPPED / "vae")


@pytest.fixture(scope="module")
def evidence(vae):
    """Decoded held-out faces; the crop of the frames is the part that the models see."""
    atlas = load_atlas(SHIPPED / "vae" / "atlas.npz")
    mu = atlas.mu[atlas.partition == 2][:24].astype(np.float32)
    with torch.inference_mode():
        faces = to_uint8(vae.decode(torch.from_numpy(mu)))
    frames = []
    for face in faces[:8]:
        frame = Image.new("RGB", (178, 218), (128, 128, 128))
        frame.paste(Image.fromarray(face).resize((148, 148)), (15, 35))
        frames.append(frame)
    return Evidence(faces, frames)


@pytest.fixture(scope="module")
def pair(vae):
    return foreign_pair(vae)


def declared(vae, **wrong):
    told = {"kind": "vae", "image_size": vae.config.image_size, "latent_dim": vae.config.latent_dim, "spread": "logvar"}
    return told | wrong


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        ({"channels": "BGR"}, {"channels": "RGB"}),
        ({"value_range": [-1, 1]}, {"value_range": (0, 1)}),
        ({"spread": "logstd"}, {"spread": "logvar"}),
        ({"crop": "square"}, {"crop": "celeba"}),
        ({}, {}),
    ],
)
def test_a_wrong_declaration_is_found_and_the_offered_change_cures_it(vae, pair, evidence, tmp_path, wrong, change):
    folder = bring(*pair, declared(vae, **wrong), tmp_path, "theirs")
    found = [finding for finding in examine(folder, evidence) if finding.wrong]
    assert [dict(finding.change) for finding in found] == ([change] if change else [])
    if change:
        correct(folder, found[0].change)
        assert not [finding for finding in examine(folder, evidence) if finding.wrong]


def test_a_pair_of_strangers_is_found(vae, evidence, tmp_path):
    # Not the shipped AE's decoder: both started from the same PCA, so that either decodes the other's codes.
    found = examine(bring(*foreign_pair(vae, stranger=True), declared(vae), tmp_path, "strangers"), evidence)
    assert [finding.key for finding in found] == ["pair"]
    assert not found[0].change


def test_our_own_checkpoints_need_no_doctor(evidence):
    with pytest.raises(CheckpointError, match="trained here"):
        examine(SHIPPED / "vae", evidence)
