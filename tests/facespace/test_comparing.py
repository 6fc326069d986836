"""Two checkpoints beside each other."""

from __future__ import annotations

import numpy as np
import pytest

import facespace
from facespace import compare_errors, compare_neighbourhoods
from latent.map_quality import neighbours_shared


@pytest.fixture(scope="module")
def strong() -> facespace.Model:
    """The family's model whose KL weighs most."""
    return facespace.open_model(facespace.SHIPPED / "family" / "beta-10")


@pytest.fixture(scope="module")
def weak() -> facespace.Model:
    return facespace.open_model(facespace.SHIPPED / "family" / "beta-0.1")


def test_a_model_keeps_all_neighbours_of_its_own_and_another_one_some(weak, strong):
    same = compare_neighbourhoods(weak, weak, asked=50)
    assert same.kept.min() == 1
    other = compare_neighbourhoods(weak, strong, asked=200)
    assert 5 * other.chance < other.kept.mean() < 0.9
    assert len(other.image) == 200
    smiling = weak.atlas.scores[np.isin(weak.atlas.image, other.image), weak.atlas.attributes.index("Smiling")] > 127
    assert other.by_attribute["Smiling"] == pytest.approx(other.kept[smiling].mean())
    assert "Attractive" not in other.by_attribute


def test_more_beta_gives_the_same_faces_back_less_exactly(vae, weak, strong):
    pictures = vae.decode(vae.atlas.mu[:40].astype(np.float32))
    errors = compare_errors(weak, strong, pictures)
    assert errors.first.shape == errors.second.shape == (40,)
    assert errors.first.mean() < errors.second.mean()
    seen = vae.read(vae.atlas.mu[:40].astype(np.float32))["Smiling"] > 0.5
    one, other = errors.by_attribute["Smiling"]
    assert one == pytest.approx(errors.first[seen].mean(), rel=0.02)
    assert other == pytest.approx(errors.second[seen].mean(), rel=0.02)


def test_maps_of_other_pictures_cannot_be_compared(weak, strong):
    import dataclasses

    stranger = facespace.open_model(facespace.SHIPPED / "family" / "beta-10")
    stranger.__dict__["atlas"] = dataclasses.replace(strong.atlas, image=strong.atlas.image + 10**6)
    with pytest.raises(ValueError, match="0 pictures in common"):
        compare_neighbourhoods(weak, stranger)


def test_shared_neighbours_are_counted_by_face():
    first = np.array([[0.0], [1], [2], [10], [11], [12]])
    second = first[[0, 1, 3, 2, 4, 5]]  # the third and the fourth change places
    shared = neighbours_shared(first, second, np.arange(6), 2)
    assert shared.tolist() == [0.5, 0.5, 0, 0, 0.5, 0.5]
