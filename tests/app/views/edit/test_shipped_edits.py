"""What the sliders of the shipped checkpoints do to faces that the models have not seen."""

from pathlib import Path

import numpy as np
import pytest

from app.checkpoints.classifiers import read_faces
from app.checkpoints.discovery import find_checkpoints
from app.checkpoints.opening import open_model
from latent.attribute_axes import edit_bank
from models.data.attributes import ATTRIBUTES

SHIPPED = Path(__file__).parents[4] / "checkpoints"
GLASSES = ATTRIBUTES.index("Eyeglasses")


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_a_unit_of_eyeglasses_raises_the_classifiers_reading_on_nine_of_ten_held_out_faces(name):
    model = open_model(find_checkpoints()[0][name])
    atlas = model.atlas
    assert atlas is not None
    rows = np.flatnonzero((atlas.partition == 2) & (atlas.scores[:, GLASSES] < 127))[:10]
    z = atlas.mu[rows].astype(np.float32)
    moved = []
    for point in z:
        bank, _ = edit_bank(model.axes, {"Eyeglasses": "Eyeglasses"}, point)
        glasses = bank.directions[0]
        assert not glasses.offset(glasses.start).any()  # back at its start, the face is the same to the bit
        moved.append(point + glasses.offset(glasses.start + 1))
    before, after = read_faces(model, z), read_faces(model, np.array(moved, np.float32))
    assert before is not None
    assert after is not None
    assert (after[:, GLASSES] > before[:, GLASSES]).sum() >= 9


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_what_was_measured_of_the_sliders_belongs_to_the_shipped_weights_and_directions(name):
    """If it fails: `python evaluate.py checkpoints/NAME --reach`."""
    model = open_model(find_checkpoints()[0][name])
    for attribute in ("Smiling", "Eyeglasses", "Male", "Young", "Blond_Hair", "Bangs"):
        assert model.axes[attribute].moved, attribute
        assert model.axes[attribute].placed, attribute


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_at_its_half_mark_about_half_of_other_held_out_faces_read_as_wearing_glasses(name):
    model = open_model(find_checkpoints()[0][name])
    atlas = model.atlas
    assert atlas is not None
    axis = model.axes["Eyeglasses"]
    rows = np.flatnonzero((atlas.partition == 2) & (atlas.scores[:, GLASSES] < 64))[-40:]
    moved = atlas.mu[rows].astype(np.float32) + np.float32(axis.moved[0].at) * axis.vector
    read = read_faces(model, moved)
    assert read is not None
    assert 0.25 < (read[:, GLASSES] > 0.5).mean() < 0.75
