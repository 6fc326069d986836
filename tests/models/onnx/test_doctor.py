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
from models.onnx.import_pair import correct, import_pair
from tests.models.foreign_pair import exported, foreign_pair

SHIPPED = Path(__file__).parents[3] / "checkpoints"


@pytest.fixture(scope="module")
def vae():
    return load_checkpoint(SHIPPED / "family" / "beta-1")  # small, so that each check-up takes a second


@pytest.fixture(scope="module")
def evidence(vae):
    """Decoded held-out faces; the crop of the frames is the part that the models see."""
    atlas = load_atlas(SHIPPED / "family" / "beta-1" / "atlas.npz")
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
    folder = import_pair(*pair, declared(vae, **wrong), tmp_path, "theirs")
    found = [finding for finding in examine(folder, evidence) if finding.wrong]
    assert [dict(finding.change) for finding in found] == ([change] if change else [])
    if change:
        correct(folder, found[0].change)
        assert not [finding for finding in examine(folder, evidence) if finding.wrong]


IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}


@pytest.mark.parametrize(
    ("habits", "wrong", "change"),
    [
        ({"output_range": (-1, 1)}, {}, {"output_range": (-1, 1)}),
        (IMAGENET, {}, IMAGENET),
        ({**IMAGENET, "value_range": (-1, 1)}, {"value_range": [-1, 1]}, IMAGENET),
        ({"value_range": (0, 255)}, {}, {"value_range": (0, 255)}),
        ({}, IMAGENET, {"mean": None, "std": None}),
        ({"spread": "variance"}, {}, {"spread": "variance"}),
        ({"spread": "std"}, {}, {"spread": "std"}),
        ({"spread": "std"}, {"spread": "variance"}, {"spread": "std"}),
        ({}, {"spread": "std"}, {"spread": "logvar"}),
    ],
)
def test_other_habits_are_found_and_cured(vae, evidence, tmp_path, habits, wrong, change):
    folder = import_pair(*foreign_pair(vae, **habits), declared(vae, **wrong), tmp_path, "theirs")
    found = [finding for finding in examine(folder, evidence) if finding.wrong]
    assert [dict(finding.change) for finding in found] == [change]
    correct(folder, found[0].change)
    assert not [finding for finding in examine(folder, evidence) if finding.wrong]


class NoisyEncoder(torch.nn.Module):
    """Returns a draw in place of the mean."""

    def __init__(self, vae):
        super().__init__()
        self.encoder = vae.encoder

    def forward(self, x):
        mu, logvar = self.encoder(x).chunk(2, 1)
        return mu + torch.exp(logvar / 2) * torch.randn_like(mu), logvar


class BatchEncoder(NoisyEncoder):
    """Looks at the whole batch, as batch normalisation in training mode does."""

    def forward(self, x):
        return self.encoder(x - 0.3 * x.mean(0, keepdim=True)).chunk(2, 1)


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [(NoisyEncoder, "noise", "draws noise by itself"), (BatchEncoder, "batch", "another code alone than among others")],
)
def test_a_code_that_is_not_the_faces_alone_is_found(vae, pair, evidence, tmp_path, kind, key, words):
    side = vae.config.image_size
    encoder = exported(kind(vae), torch.zeros(2, 3, side, side))
    found = examine(import_pair(encoder, pair[1], declared(vae), tmp_path, "theirs"), evidence)
    assert found[0].key == key
    assert words in found[0].words
    assert found[0].wrong


def test_a_pair_of_strangers_is_found(vae, evidence, tmp_path):
    # Not the shipped AE's decoder: both started from the same PCA, so that either decodes the other's codes.
    found = examine(import_pair(*foreign_pair(vae, stranger=True), declared(vae), tmp_path, "strangers"), evidence)
    assert [finding.key for finding in found] == ["pair"]
    assert not found[0].change


def test_our_own_checkpoints_need_no_doctor(evidence):
    with pytest.raises(CheckpointError, match="trained here"):
        examine(SHIPPED / "vae", evidence)
